"""Benches: each headline figure against a peer that does the same work on the same data in the same run.

One file a bench: a docstring whose first line says what is measured, `KEYS: Final` (the figures it gives), and
`run(scale, say) -> Outcome`; `frame.py` is what they share. A file without `KEYS` is a script run by hand. Run one by
`shuzheng bench NAME`; it works on a scratch city in a temporary folder, never on the city of `var/`. Peers are in the
dependency group `bench`; a peer that is not installed is said in the notes. Nothing in `shuzheng/` imports them.
"""
