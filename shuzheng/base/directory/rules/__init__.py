"""Pure rules of the directory, by subject."""
