"""Pure parts of the lake."""
