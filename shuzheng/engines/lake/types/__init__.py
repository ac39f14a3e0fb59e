"""Tables of the lake, what may be read of them, and the trees engines run."""
