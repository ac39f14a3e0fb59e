"""Reading, expanding, checking and deciding policies; pure."""
