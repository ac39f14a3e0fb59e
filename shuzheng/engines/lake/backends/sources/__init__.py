"""How each kind of source is read: opened, its header known, then its rows as chunks of text, at last its proof.

A reader takes its source as it stands at one moment, as far as the source can do that, and says at the end what the
source itself holds to have given (`Proof`).
"""
