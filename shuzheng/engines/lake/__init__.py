"""Lake (数据湖): tables of a city's data, gathered without loss and read through one gate.

Tables are Delta Lake folders under `var/lake`. A pack says which tables there are, what their columns mean, how each
is graded (L1-L4, GB/T 43697-2024 in four steps) and masked, who may read which rows for what, and where rows come from.

Main flow: a source is gathered in batches (`read = landed + quarantined`, every quarantined row with its reason) →
quality rules score the table in one pass → whoever reads, by page, API, export, sample or report, goes through the
gate: row filter, column masks, purpose, small-group limit, reader log.

Every bulk job is a tree (`types.trees`) run by an engine: DuckDB in the process, or Spark Connect; both give the same
answers. SQL text comes in only through the gate's parser. The expressions of trees are those of `engines.rules`.

Public actions: `load_tables`, `load_sources`; `gather`, `ask_gather`, `run_due_sources`, `run_lake`, `open_row`,
`mend`, `discard`, `tidy_table`; `check_quality`, `check_all_quality`; `discover`, `confirm_proposal`,
`decline_proposal`, `seal_table`, `seal_asked`; `run_query`, `run_tree`, `export_query`, `save_query`, `change_query`,
`share_query`, `delete_query`.
Standards: Delta Lake protocol, Apache Arrow, GB/T 36344-2018 (six dimensions of quality), GB/T 37964-2019
(de-identification). Read `docs/explanation/lake.md` first.
"""
