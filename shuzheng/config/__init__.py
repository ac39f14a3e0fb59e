"""Composition root: settings, URLs, wiring of ports, the `shuzheng` command. The only place that knows every room."""
