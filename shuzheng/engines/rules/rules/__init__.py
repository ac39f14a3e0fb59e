"""Reading, checking, deciding and explaining rules; pure."""
