"""Item lists of other places (外地事项清单) as rows of a pack. Nothing valid is dropped; the rest is listed.

`guangdong.py` and `sichuan.py` each know the shape one place publishes in and give `ForeignItem`s; `folding.py` makes
items of them, `writing.py` the files of a pack, `importing.py` is the whole way with its report.
"""
