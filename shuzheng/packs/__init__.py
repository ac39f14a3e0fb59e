"""Packs (城市包): load, check and compare a city's content. Code is here; the packs themselves are data only.

A pack is a folder of CSV, TOML, BPMN and Markdown files. `format.py` says which files and columns there are; every
room's `pack.py` says what its files mean. Main flow: `read_pack` turns files into rows with file and line →
`check_pack` gathers every fault of every part at once → `load_pack` lets the parts write theirs, in order, each in one
transaction, and remembers the pack (`LoadedPack`) → `get_pack_info` tells the portals whose city this is.

Public: `queries.find_pack_dir`, `read_pack`, `check_pack`, `get_pack_info`; `actions.load_pack`, `pack_diff`.
Standards: RFC 4180 (CSV), TOML 1.0, UTF-8 with or without BOM, GB 18030 tolerated.
"""
