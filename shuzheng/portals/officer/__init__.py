"""Officer."""
