"""`forms.toml`: application forms, the facts and conditions behind a decision."""

from shuzheng.packs.format.kinds import GRADE, Column, FileFormat, Kind, TableFormat

FIELD_TYPES = (
    "text", "number", "date", "choice", "multichoice", "id_number", "uscc", "mobile", "division", "address", "file",
    "boolean",
)  # fmt: skip

FIELD = TableFormat(
    "field",
    "a question",
    (
        Column("name", "identifier, small letters, digits and _", Kind.CODE),
        Column("label_zh", "question shown"),
        Column("type", "shape of the answer", Kind.CHOICE, FIELD_TYPES),
        Column("required", "must be answered", Kind.BOOLEAN),
        Column("prefill", "`dataset.column` that knows the answer", blank=True),
        Column("choices", "answers offered, for choice and multichoice", Kind.LIST, blank=True),
        Column("precision", "`num(p,s)`: digits in all, digits after the point", Kind.CODE, blank=True),
        Column("unit", "unit shown after a number", blank=True),
        Column("hint_zh", "hint shown below the question", blank=True),
        Column("material_seq", "paper a file field takes, in materials.csv", Kind.INTEGER, blank=True),
        GRADE,
    ),
)

FACT = TableFormat(
    "fact",
    "something about the applicant that a condition needs; `derive`, `where` and `value` are rules",
    (
        Column("name", "identifier", Kind.CODE),
        Column("type", "text, date, boolean or num(p,s)", Kind.CODE),
        Column("label_zh", "name shown"),
        Column("source", "how it is known", Kind.CHOICE, ("register", "derived", "officer")),
        Column("unit", "unit of a number", blank=True),
        Column("dataset", "register that answers", blank=True),
        Column("column_zh", "its column, Chinese name", blank=True),
        Column("column_en", "its column", Kind.CODE, blank=True),
        Column("match", "which rows belong to the application", blank=True),
        Column("aggregate", "how rows become one value", Kind.CODE, blank=True),
        Column("order_by", "for `latest`", blank=True),
        Column("value", "expression of the value", blank=True),
        Column("where", "condition on rows", blank=True),
        Column("derive", "expression over other facts and answers", blank=True),
        Column("no_rows", "value when no row answers"),
        Column("null_zh", "what an unknown value means"),
        Column("values", "values it can have", Kind.LIST, blank=True),
        Column("domain", "code table, or free text", blank=True),
        GRADE,
    ),
    key=("name",),
)

FORMS = FileFormat(
    "forms.toml",
    "Application forms. An item without a form has a guide only.",
    tables=(
        TableFormat(
            "form",
            "the form of one item",
            (
                Column("basic_code", "item, in items.csv", Kind.CODE),
                Column("item_name", "the same item's name"),
                Column("title", "title shown"),
                Column("department", "short name of the leading department"),
                Column("licence_type", "type of the licence issued, by name", blank=True),
            ),
            tables=(
                TableFormat("section", "one step of the form", (Column("title", "title"),), (FIELD,), required=True),
                TableFormat(
                    "material",
                    "which field takes a paper the applicant must give",
                    (
                        Column("seq", "paper, in materials.csv", Kind.INTEGER),
                        Column("name", "the same paper's name"),
                        Column(
                            "covered_by",
                            "`field:name`, a file; `form:name`, that answer in the form; `form`, the form itself",
                            Kind.CODE,
                        ),
                    ),
                    key=("seq",),
                ),
                FACT,
                TableFormat(
                    "condition",
                    "a condition of approval; its expression is a rule over `form.x`, `fact.x` and `today`",
                    (
                        Column("seq", "1, 2, 3 …", Kind.INTEGER),
                        Column("label_zh", "the condition in words"),
                        Column("expression", "true when it is met"),
                        Column("failure_zh", "told to the applicant when it is not"),
                        Column("source_law", "law and article"),
                    ),
                    key=("seq",),
                ),
            ),
            key=("basic_code",),
        ),
    ),
)
