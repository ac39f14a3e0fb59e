"""One file a command of `shuzheng`."""
