"""Files of `shuzheng.services.rulebook`: decision tables and the tests of rules."""

from shuzheng.engines.rules.types.tables import HitPolicy
from shuzheng.packs.format.kinds import GRADE, GRADES, Column, FileFormat, Kind, TableFormat

RULES = (
    FileFormat(
        "column_grades.csv",
        "How sensitive the columns are that facts and prefilled answers are read from (GB/T 43697, four grades).",
        (
            Column("register", "code of the data resource", Kind.CODE),
            Column("dataset", "its name"),
            Column("column_zh", "the column, Chinese name"),
            Column("column_en", "the column", Kind.CODE),
            Column("sensitivity", "L1 general … L4 most sensitive", Kind.CHOICE, GRADES),
        ),
        key=("register", "column_zh"),
        required=False,
    ),
    FileFormat(
        "rules/tables/*.toml",
        "Decision tables, one a file, named by its code. How cells are written: `docs/explanation/rules.md`.",
        tables=(
            TableFormat(
                "",
                "plain keys at the top",
                (
                    Column("label", "what the table decides"),
                    Column("policy", "what happens where several rows hold", Kind.CHOICE, tuple(HitPolicy)),
                    Column("department", "short name of the body that answers for it, in organizations.csv"),
                    Column("source", "law and article, or document"),
                    Column("source_url", "where it can be read", blank=True),
                    Column("valid_from", "first day in force", Kind.DATE),
                ),
                required=True,
            ),
            TableFormat(
                "fact",
                "something the table asks about",
                (
                    Column("name", "identifier", Kind.CODE),
                    Column("label", "name shown"),
                    Column("type", "text, date, boolean, list or num(p,s)", Kind.CODE),
                    Column("unit", "unit of a number", blank=True),
                    Column("null", "what an unknown value means", blank=True),
                    Column("register", "data resource it is read from", blank=True),
                    Column("column", "its column", blank=True),
                    Column("choices", "values it can have", Kind.LIST, blank=True),
                    GRADE,
                ),
                key=("name",),
                required=True,
            ),
            TableFormat(
                "column",
                "a column of conditions",
                (
                    Column("label", "name shown"),
                    Column("expression", "a fact, or any value of the rule language"),
                    Column("allowed", "a cell: which values occur at all; narrows the search for gaps", blank=True),
                ),
                required=True,
            ),
            TableFormat(
                "output",
                "a column of results",
                (
                    Column("name", "identifier", Kind.CODE),
                    Column("label", "name shown"),
                    Column("type", "text, date, boolean, list or num(p,s)", Kind.CODE),
                    Column("priority", "its values, the foremost first; for PRIORITY", Kind.LIST, blank=True),
                ),
                key=("name",),
                required=True,
            ),
            TableFormat(
                "row",
                "a row",
                (
                    Column("when", "a cell for each column", Kind.LIST),
                    Column("then", "a value for each output", Kind.LIST),
                    Column("note", "for readers", blank=True),
                ),
                required=True,
            ),
        ),
        required=False,
    ),
    FileFormat(
        "rules/tests/table-*.yaml",
        "Tests of the decision table of that code. How they are written: `docs/how-to/write-rule-tests.md`.",
        required=False,
    ),
    FileFormat("rules/tests/form-*.yaml", "Tests of the conditions of the form of that item.", required=False),
)
