"""Loads, checks and compares city packs (城市包): code here, the packs themselves are data."""
