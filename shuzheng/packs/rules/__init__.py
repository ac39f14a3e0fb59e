"""Pure parts of reading a pack: bytes to text, text to rows, rows against the format, `pack.toml` to `PackInfo`."""
