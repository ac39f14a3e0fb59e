"""Server-rendered pages. No tables, no rules: one action per view."""
