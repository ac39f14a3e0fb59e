"""Template filters of every portal."""
