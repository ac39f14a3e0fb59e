"""Facts as JSON, texts that check, which edition follows which; pure."""
