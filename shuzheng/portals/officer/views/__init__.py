"""Views of the desk, by subject."""
