"""Benefits (惠企利民, 免申即享): what a policy gives, to whom, and everyone who fits, found from registers.

Standard: CPSV-AP PublicService and Criterion Requirement; 免申即享 is the city's word for "nobody has to apply".

A policy family (政策族) is one clause of one document. It is published once for each county and year; a published one
binds the facts `policy.*` (its year, its county, its period). All conditions must hold: one that is false is a
refusal with its reason, and one that is not known is "to be proved" and never a refusal. Texts of conditions and
amounts are rules of the book (`policy/<family>/<seq>`, `policy/<family>/amount`) over the sheets `policy/firm` and
`policy/person`.

Main flow: the pack brings families and facts of subjects → `decide` says for one person or firm whether a policy fits,
what is missing and what would change it → `start_run` looks for everyone in the background, with DuckDB.

Public: queries `list_policies get_policy find_for list_facets get_run list_matches`; actions `start_run`; job
`run_step`.
"""
