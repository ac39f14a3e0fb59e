"""`policies.toml` and `subject_facts.csv`: policies, the facts they ask about, and those facts for people and firms."""

from shuzheng.packs.format.kinds import GRADE, Column, FileFormat, Kind, TableFormat

TARGETS = ("firm", "person")
SUBJECTS = (*TARGETS, "policy")

BENEFITS = (
    FileFormat(
        "policies.toml",
        "Policies (惠企利民政策): families, each published once for every county (or once for the city) and year.",
        tables=(
            TableFormat(
                "meta",
                "what the file comes to; compared with what is counted",
                (
                    Column("families", "policy families", Kind.INTEGER),
                    Column("published_target", "published policies: Σ max(1, counties) × years", Kind.INTEGER),
                    Column("city_code", "division of policies that name no county", Kind.CODE),
                    Column("facts_year", "policy year subject_facts.csv was gathered for", Kind.INTEGER),
                    Column("currency", "currency of amounts", Kind.CODE, blank=True),
                    Column("amount_rule", "what is paid, for the reader", blank=True),
                    Column("note", "note for the reader", blank=True),
                ),
                single=True,
            ),
            TableFormat(
                "fact",
                "a fact conditions may ask about; `value` and `where` are rules over the columns of its register",
                (
                    Column("subject", "whom it is about; policy: the publication gives it", Kind.CHOICE, SUBJECTS),
                    Column("name", "identifier; rules write `subject.name`", Kind.CODE),
                    Column("type", "text, date, boolean or num(p,s)", Kind.CODE),
                    Column("label_zh", "name shown"),
                    Column("unit", "unit of a number", blank=True),
                    Column("register", "code of the data resource", Kind.CODE, blank=True),
                    Column("dataset", "name of the data resource", blank=True),
                    Column("column_zh", "its column, Chinese name", blank=True),
                    Column("column_en", "its column", Kind.CODE, blank=True),
                    Column("match", "which rows belong to the subject", blank=True),
                    Column("aggregate", "how rows become one value", Kind.CODE, blank=True),
                    Column("order_by", "for `latest`", blank=True),
                    Column("value", "expression of the value", blank=True),
                    Column("where", "condition on rows; one over policy.* makes the fact yearly", blank=True),
                    Column("no_rows", "value when no row answers; null: not known"),
                    Column("null_zh", "what an unknown value means"),
                    Column("values", "values it can have", Kind.LIST, blank=True),
                    Column("domain", "code table, or free text", blank=True),
                    GRADE,
                    Column("source", "who gives a fact of the policy", blank=True),
                ),
                key=("subject", "name"),
            ),
            TableFormat(
                "policy",
                "a policy family: one clause of one document",
                (
                    Column("code", "code; a published policy is code-division-year", Kind.CODE),
                    Column("title", "title", longest=200),
                    Column("department", "short name of the department that pays"),
                    Column("document_no", "number of the document"),
                    Column("document_date", "its day", Kind.DATE),
                    Column("source", "document and clause"),
                    Column("target", "whom it is for", Kind.CHOICE, TARGETS),
                    Column("counties", "divisions it is published for; []: once for the city", Kind.LIST),
                    Column("years", "years it is published for", Kind.LIST),
                    Column("valid_from", "first day", Kind.DATE),
                    Column("valid_to", "last day", Kind.DATE),
                    Column("amount", "yuan, a rule; paid is the smaller of it and the cap"),
                    Column("cap_yuan", "most that is paid", Kind.INTEGER),
                    Column("budget_yuan", "budget of each published policy", Kind.INTEGER),
                ),
                tables=(
                    TableFormat(
                        "condition",
                        "a condition; all must hold, and what is not known is to be proved",
                        (
                            Column("seq", "1, 2, 3 …", Kind.INTEGER),
                            Column("expr", "a rule over firm.* or person.*, policy.* and today"),
                            Column("label_zh", "the condition in words"),
                            Column("failure_zh", "told when it does not hold"),
                        ),
                        key=("seq",),
                        required=True,
                    ),
                ),
                key=("code",),
            ),
        ),
        required=False,
    ),
    FileFormat(
        "subject_facts.csv",
        "Facts of demonstration people and firms for the year `facts_year`; what is not listed has no rows.",
        (
            Column("subject_kind", "firm or person", Kind.CHOICE, TARGETS),
            Column("subject_id", "uscc in firms.csv, id_no in people.csv", Kind.CODE),
            Column("fact", "name of the fact, without the subject", Kind.CODE),
            Column("value", "its value; empty: the register did not answer", blank=True),
        ),
        key=("subject_kind", "subject_id", "fact"),
        required=False,
    ),
)  # fmt: skip
