"""The outside of the room: a virus scanner, a fake one for tests, and the process that draws previews."""
