"""The rule book (规则库): every rule by name and day, with its source; a rule never changes, it gets a successor.

A rule is a text of `engines.rules` (a condition, a value, a table of decisions) over a sheet of facts (事实表). Both
have editions. An edition is written once; only the day on which it ends is added later. What a case was judged by can
be read for ever: the edition in force on its day, as it was known then.

Main flow: the pack's rules come in by `load_rules` → an officer proposes a successor (`propose_rule`, `save_proposal`,
`submit_proposal`) → a data authority reviews it as a case (process `rule_review`) → the service action `publish_rule`
checks text and tests once more and puts the successor in force from its day on (docs/explanation/rules.md, ADR 18).

Public: queries `get_rule rules_in_force history_of list_rules get_sheet`; actions `load_rules`.
"""
