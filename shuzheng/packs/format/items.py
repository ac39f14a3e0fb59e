"""Files of `shuzheng.services.items`: service items and how they are asked for."""

from shuzheng.packs.format.forms import FORMS
from shuzheng.packs.format.kinds import Column, FileFormat, Kind, TableFormat

ITEM = Column("basic_code", "item, in items.csv", Kind.CODE)
LEVELS = ("province", "city", "county", "town", "village")
QUESTION_KINDS = ("single", "multi", "boolean")
CHANNELS = ("online", "cloud_window", "window", "near", "terminal", "cross_region")

ITEMS = (
    FileFormat(
        "items.csv",
        "The basic catalogue (基本目录, GB/T 39554.1).",
        (
            Column(
                "basic_code",
                "12 digits: province, kind, main item, sub-item; 14 with the business suffix (业务办理项)",
                Kind.CODE,
            ),
            Column("name", "name of the item, unique", longest=240),
            Column("kind", "digits 3 and 4: 01 许可 05 给付 07 确认 08 奖励 09 裁决 10 其他 20 公共服务", Kind.CODE),
            Column("department", "short name of the leading city department", longest=80),
            Column("applicant", "who may apply", Kind.CHOICE, ("person", "firm", "both")),
            Column("handling", "decided at once, or within promised days", Kind.CHOICE, ("instant", "promised")),
            Column("legal_days", "working days the law allows; empty: none stated", Kind.INTEGER, blank=True),
            Column("promised_days", "working days promised; 0 for an instant item", Kind.INTEGER),
            Column("visits", "times the applicant must come", Kind.INTEGER),
            Column("fee_fen", "fee in fen", Kind.INTEGER),
            Column("levels", "levels it is handled at", Kind.CHOICES, LEVELS),
            Column("theme", "theme for browsing", longest=40),
            Column("result_kind", "kind of result", Kind.CHOICE, ("licence", "document", "payment", "record", "reply")),
            Column("result_name", "name of the result document", longest=200),
            Column("licence_type", "type of the licence issued, by name", blank=True),
            Column("legal_basis", "law and article", longest=400),
            Column(
                "channels",
                "where it can be asked for",
                Kind.CHOICES,
                CHANNELS,
            ),
            Column(
                "source_code",
                "code in the list it was taken over from; such an item keeps that place's kind digits in its code",
                Kind.CODE,
                blank=True,
                optional=True,
            ),
        ),
        key=("basic_code",),
    ),
    FileFormat(
        "implementers.csv",
        "Who handles the items of a department at each level.",
        (
            Column("department", "short name of the city department"),
            Column("level", "level", Kind.CHOICE, LEVELS),
            Column("division_code", "division of the body; empty for every town or village", Kind.CODE, blank=True),
            Column("organization", "body that receives, decides and issues", Kind.CODE, blank=True),
            Column("organization_name", "its short name", blank=True),
            Column(
                "organization_kind", "instead: every body of this kind", Kind.CHOICE, ("town", "village"), blank=True
            ),
            Column(
                "window_kind",
                "kind of body that receives",
                Kind.CHOICE,
                ("window_centre", "town", "village"),
                blank=True,
            ),
            Column(
                "instant_decider_kind",
                "that decides instant items",
                Kind.CHOICE,
                ("window_centre", "town", "village"),
                blank=True,
            ),
            Column(
                "promised_decider_kind",
                "that decides promised items",
                Kind.CHOICE,
                ("window_centre", "town", "village"),
                blank=True,
            ),
        ),
        key=("department", "level", "division_code", "organization", "organization_kind"),
    ),
    FileFormat(
        "implementing_overrides.csv",
        "What differs from the rule for single implementing items (实施事项). An empty cell is: as the rule or the "
        "item says.",
        (
            Column("unit", "31 characters: body, level, item; 33 with a business suffix", Kind.CODE),
            Column(
                "act",
                "`change` one the rule gives; `add` one, given or not; `remove` one that is not handled there",
                Kind.CHOICE,
                ("change", "add", "remove"),
            ),
            Column("window", "body that receives", Kind.CODE, blank=True),
            Column("decider", "body that decides", Kind.CODE, blank=True),
            Column("promised_days", "working days promised here", Kind.INTEGER, blank=True),
            Column("visits", "times the applicant must come", Kind.INTEGER, blank=True),
            Column("channels", "where it can be asked for here", Kind.CHOICES, CHANNELS, blank=True),
            Column("address", "where to go", blank=True, longest=200),
            Column("phone", "number to ask", Kind.CODE, blank=True, longest=400),
            Column("hours", "opening hours in words", blank=True, longest=200),
        ),
        key=("unit",),
        required=False,
    ),
    FileFormat(
        "materials.csv",
        "Papers (申请材料) of each item.",
        (
            ITEM,
            Column("seq", "1, 2, 3 … within the item", Kind.INTEGER),
            Column("name", "name of the paper"),
            Column("source", "where it comes from", Kind.CHOICE, ("applicant", "licence", "register", "department")),
            Column("licence_type", "type of licence that replaces it, by name", blank=True),
            Column("dataset", "register that answers for it, by name", blank=True),
            Column("copies", "copies asked for", Kind.INTEGER),
            Column("required", "always, or under a condition", Kind.CHOICE, ("always", "conditional")),
            Column("condition_zh", "the condition in words", blank=True),
        ),
        key=("basic_code", "seq"),
    ),
    FORMS,
    FileFormat(
        "guides.toml",
        "Guides (办事指南) of the items. Days, papers and fees are in items.csv and materials.csv.",
        tables=(
            TableFormat(
                "guide",
                "the guide of one item",
                (
                    ITEM,
                    Column("item_name", "the same item's name"),
                    Column("department", "short name of the leading department"),
                    Column("scope_zh", "who and what it is for"),
                    Column("conditions_zh", "conditions, one sentence each", Kind.LIST),
                    Column("flow_zh", "steps, in order", Kind.LIST),
                ),
                tables=(
                    TableFormat(
                        "faq", "a question and its answer", (Column("question", "question"), Column("answer", "answer"))
                    ),
                ),
                key=("basic_code",),
            ),
        ),
    ),
    FileFormat(
        "form_licence_fields.csv",
        "Where each field of an issued licence comes from.",
        (
            ITEM,
            Column("item_name", "the same item's name"),
            Column("licence_type", "type of the licence issued, by name"),
            Column("licence_field", "one of the type's key fields"),
            Column("source", "kind of source", Kind.CHOICE, ("expression", "constant", "system")),
            Column(
                "value",
                "`form.x` or `fact.x`; the constant; or licence_no, issue_date, issuer, valid_from, valid_to, uscc",
            ),
        ),
        key=("basic_code", "licence_field"),
    ),
    FileFormat(
        "prefill.toml",
        'What the platform knows for a form\'s `prefill`: `"dataset.column" = { from = … }`.',
        tables=(
            TableFormat(
                "*",
                "one known value; the key is `dataset.column` as forms.toml writes it",
                (
                    Column("from", "who knows it", Kind.CHOICE, ("person", "firm", "licence")),
                    Column("field", "field of the person, firm or licence"),
                    Column("type", "licence type by name, when from a licence", blank=True),
                    Column("label", "source shown to the applicant, such as 企业登记"),
                ),
                single=True,
            ),
        ),
        required=False,
    ),
    FileFormat(
        "benchmarks.csv",
        "What the best elsewhere promise for an item (对标).",
        (
            ITEM,
            Column("place", "which best, such as 全国最优", longest=40),
            Column("place_name", "the place", longest=40),
            Column("promised_days", "working days promised there", Kind.INTEGER),
            Column("papers", "papers asked for there", Kind.INTEGER),
        ),
        key=("basic_code", "place"),
        required=False,
    ),
    FileFormat(
        "onethings.toml",
        "Composite services (一件事): several items asked for at once. Papers and days are computed from the items.",
        tables=(
            TableFormat(
                "onething",
                "one composite service",
                (
                    Column("code", "code, unique", Kind.CODE, longest=20),
                    Column("name", "name", longest=120),
                    Column("audience", "who may apply", Kind.CHOICE, ("person", "firm", "both")),
                    Column("lead_department", "short name of the leading department", longest=80),
                    Column("summary", "what it is for"),
                ),
                tables=(
                    TableFormat(
                        "question",
                        "a question that decides which items are needed",
                        (
                            Column("id", "identifier, small letters, digits and _", Kind.CODE),
                            Column("text", "the question"),
                            Column("kind", "one answer, several, or yes and no", Kind.CHOICE, QUESTION_KINDS),
                            Column("options", "answers offered; for boolean the words for yes and no", Kind.LIST),
                        ),
                        key=("id",),
                    ),
                    TableFormat(
                        "item",
                        "an item it may need",
                        (
                            ITEM,
                            Column("name", "the same item's name"),
                            Column(
                                "stage", "from 1; one stage after the other, items of a stage at once", Kind.INTEGER
                            ),
                            Column("when", "condition on `answer.<question>`; empty: always", blank=True),
                        ),
                        required=True,
                    ),
                ),
                key=("code",),
                required=True,
            ),
        ),
        required=False,
    ),
)
