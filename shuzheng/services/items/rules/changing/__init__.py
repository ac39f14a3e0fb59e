"""Changing an item or a unit: its facts, the one reader of what is typed, differences, who may, and merging."""
