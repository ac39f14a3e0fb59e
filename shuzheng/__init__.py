"""Shuzheng 数政: a city's digital government as one package; start reading at docs/explanation/house.md."""

__version__ = "0.1.0"
