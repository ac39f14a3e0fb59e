"""The machines: cases and credentials (rules, lake and dispatch come with their issues)."""
