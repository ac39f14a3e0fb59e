"""Pure rules: `cose` signs and opens, `codes` reads and writes codes, `licences` says who may do what,
`verdicts` decides what a check says. No clock, no database.
"""
