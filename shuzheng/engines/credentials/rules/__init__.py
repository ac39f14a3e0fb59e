"""Pure rules, no clock and no database.

`cose` signs and opens, `codes` reads and writes codes, `licences` says who may do what, `verdicts` decides what a
check says, `sheets` what is printed.
"""
