"""Files of `shuzheng.engines.lake`: tables of the lake."""

from shuzheng.engines.lake.types.tables import GRADES, Dimension, FieldKind, Mask
from shuzheng.packs.format.kinds import Column, FileFormat, Kind, TableFormat

LAKE = (
    FileFormat(
        "lake/tables/*.toml",
        "Tables of the lake, one a file, named by its code, which is its name in SQL.",
        tables=(
            TableFormat(
                "",
                "plain keys at the top",
                (
                    Column("label", "Chinese name"),
                    Column("department", "short name of the body that answers for it, in organizations.csv"),
                    Column("dataset", "code of the data resource in the catalogue", Kind.CODE, blank=True),
                    Column("summary", "what it holds", blank=True),
                    Column("subject", "column that says whom a row is about", Kind.CODE, blank=True),
                    Column("subject_kind", "person or firm", Kind.CHOICE, ("person", "firm"), blank=True),
                    Column("fresh_days", "stale when nothing was gathered for longer", Kind.INTEGER, blank=True),
                    Column("valid_from", "first day this definition holds", Kind.DATE),
                    Column("source", "where the definition comes from"),
                ),
                required=True,
            ),
            TableFormat(
                "column",
                "a column",
                (
                    Column("name", "identifier", Kind.CODE),
                    Column("label", "Chinese name"),
                    Column("type", "what it holds", Kind.CHOICE, tuple(FieldKind), blank=True),
                    Column("digits", "most digits of a number, to 38", Kind.INTEGER, blank=True),
                    Column("scale", "digits after the point", Kind.INTEGER, blank=True),
                    Column("required", "a row without it is quarantined", Kind.BOOLEAN, blank=True),
                    Column("key", "part of what names a row", Kind.BOOLEAN, blank=True),
                    Column("grade", "L1 open … L4 most sensitive, sealed", Kind.CHOICE, tuple(GRADES), blank=True),
                    Column("mask", "what is left for whoever may not see it", Kind.CHOICE, tuple(Mask), blank=True),
                    Column("unit", "unit of a number", blank=True),
                    Column("standard", "such as GB 11643", blank=True),
                ),
                key=("name",),
                required=True,
            ),
            TableFormat(
                "rule",
                "a rule of quality: what should hold of every row",
                (
                    Column("code", "unique in the table", Kind.CODE),
                    Column("text", "a rule over the table's columns and `today`"),
                    Column("label", "shown with the score"),
                    Column("dimension", "one of six", Kind.CHOICE, tuple(Dimension)),
                    Column("target", "least share of rows that should hold, 0 to 1", blank=True),
                    Column("blocks", "a row that fails is quarantined", Kind.BOOLEAN, blank=True),
                    Column("source", "standard or document", blank=True),
                ),
                key=("code",),
            ),
            TableFormat(
                "access",
                "who may read it for what",
                (
                    Column("roles", "duties, one of which the post must have", Kind.LIST),
                    Column("purposes", "purposes that may be named", Kind.LIST),
                    Column("own", "only the table's department and units below it", Kind.BOOLEAN, blank=True),
                    Column("columns", "what may be read; absent: every column", Kind.LIST, blank=True),
                    Column("clear", "columns graded above are masked", Kind.CHOICE, tuple(GRADES), blank=True),
                    Column("rows", "a rule over columns, actor.org, actor.division; absent: every row", blank=True),
                    Column("least_group", "no answer shows fewer; absent: single rows", Kind.INTEGER, blank=True),
                    Column("source", "on what ground", blank=True),
                ),
            ),
        ),
        required=False,
    ),
)  # fmt: skip
