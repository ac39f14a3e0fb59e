"""What the directory stands on outside itself: where sessions are kept, and the external sign-in."""
