"""Rules: one text of a condition or a value, used everywhere.

A text in a small, total subset of SQL is read (`rules/reading.py`), checked against a schema of facts
(`rules/checking.py`) and becomes a typed tree. From the tree come a Python closure that decides one case, DuckDB SQL
that decides a table, and an explanation that a person understands. `tests/rules` proves that they agree.

The subset, its three-valued logic and why each rule is as it is: `docs/explanation/rules.md`.
"""
