"""Files of `shuzheng.base.directory`: places, bodies, people, firms, posts and demonstration sign-ins."""

from shuzheng.packs.format.kinds import Column, FileFormat, Kind, TableFormat

LEVELS = ("province", "city", "county", "town", "village")
DUTIES = (
    "data_steward", "chief_data_officer", "service_window", "approval", "licence_issuer", "inspection", "dispatch",
    "event_handler", "benefit_payer", "data_authority", "stuck_window", "cloud_window", "walk_through", "video_share",
    "key_department",
)  # fmt: skip

RELATIONS = ("父亲", "母亲", "祖父母", "外祖父母", "兄姐", "其他监护人")

DIRECTORY = (
    FileFormat(
        "divisions.csv",
        "Administrative divisions (行政区划), province to village.",
        (
            Column("code", "6 digits to county, 9 for a town, 12 for a village", Kind.CODE),
            Column("name", "short name"),
            Column("level", "level", Kind.CHOICE, LEVELS),
            Column("parent_code", "division above; empty for the province", Kind.CODE, blank=True),
            Column("code12", "statistical code, filled to 12 digits", Kind.CODE),
            Column("longitude", "of a point inside, WGS 84 degrees", Kind.NUMBER, blank=True),
            Column("latitude", "of a point inside, WGS 84 degrees", Kind.NUMBER, blank=True),
        ),
        key=("code",),
    ),
    FileFormat(
        "boundaries/*.geojson",
        "Boundaries (区划边界, RFC 7946) for maps: a FeatureCollection, each feature's id a code of divisions.csv. "
        "They are simplified when loaded; borders that neighbours share stay shared.",
        required=False,
    ),
    FileFormat("boundaries/LICENSE*", "Licence of the boundaries.", required=False),
    FileFormat(
        "organizations.csv",
        "Public bodies (组织机构) in one tree of at most four levels.",
        (
            Column("code", "unified social credit code, 18 characters", Kind.CODE),
            Column("short_name", "name in daily use, unique"),
            Column("full_name", "official name"),
            Column("parent_code", "body above; empty for the one root", Kind.CODE, blank=True),
            Column(
                "kind",
                "kind of body",
                Kind.CHOICE,
                (
                    "city",
                    "government",
                    "department",
                    "window_centre",
                    "institution",
                    "school",
                    "hospital",
                    "town",
                    "village",
                ),
            ),
            Column("division_code", "division it is in", Kind.CODE),
            Column("level", "level of that division", Kind.CHOICE, LEVELS),
            Column("duties", "duties (职责) it has", Kind.CHOICES, DUTIES, blank=True),
            Column(
                "system",
                "system it belongs to",
                Kind.CHOICE,
                ("party", "government", "mass", "vertical", "public_institution", "self_governance", "private"),
            ),
            Column("l1", "ancestor at depth 1, the root", Kind.CODE),
            Column("l2", "ancestor at depth 2, or itself", Kind.CODE, blank=True),
            Column("l3", "ancestor at depth 3, or itself", Kind.CODE, blank=True),
            Column("l4", "itself at depth 4", Kind.CODE, blank=True),
        ),
        key=("code",),
    ),
    FileFormat(
        "people.csv",
        "Demonstration people. Never put real people into a pack.",
        (
            Column("id_no", "identity number, 18 characters", Kind.CODE),
            Column("name", "name"),
            Column("sex", "sex", Kind.CHOICE, ("男", "女")),
            Column("birth_date", "day of birth, as in the identity number", Kind.DATE),
            Column("ethnicity", "ethnicity (民族)"),
            Column("mobile", "mobile number, 11 digits", Kind.CODE),
            Column("division_code", "division of residence", Kind.CODE),
            Column("address", "address"),
            Column("household_kind", "household (户别)", Kind.CHOICE, ("农村", "城镇"), blank=True),
            Column("status", "status", Kind.CHOICE, ("正常", "死亡")),
        ),
        key=("id_no",),
    ),
    FileFormat(
        "guardians.csv",
        "Who is guardian of which child (监护人): they act for it until it is eighteen.",
        (
            Column("guardian_id_no", "in people.csv", Kind.CODE),
            Column("guardian_name", "the same person's name"),
            Column("ward_id_no", "the child, in people.csv", Kind.CODE),
            Column("ward_name", "the same child's name"),
            Column("relation", "what the guardian is", Kind.CHOICE, RELATIONS),
        ),
        key=("guardian_id_no", "ward_id_no"),
        required=False,
    ),
    FileFormat(
        "firms.csv",
        "Demonstration firms, cooperatives and individual businesses (市场主体).",
        (
            Column("uscc", "unified social credit code", Kind.CODE),
            Column("name", "registered name"),
            Column("firm_type", "kind of firm, such as 有限责任公司"),
            Column("legal_rep_id_no", "legal representative, in people.csv", Kind.CODE),
            Column("legal_rep_name", "the same person's name"),
            Column("industry_code", "GB/T 4754, letter and digits", Kind.CODE),
            Column("industry_name", "name of the industry"),
            Column("division_code", "county of registration", Kind.CODE),
            Column("village_code", "village of the address", Kind.CODE, blank=True),
            Column("address", "registered address"),
            Column("registered_on", "day of registration", Kind.DATE),
            Column("registered_capital_yuan", "registered capital in yuan", Kind.NUMBER),
            Column("status", "registration status", Kind.CHOICE, ("存续", "歇业", "注销", "吊销", "迁出")),
            Column("scale", "size", Kind.CHOICE, ("微型", "小型", "中型", "大型"), blank=True),
            Column("employees", "number of employees", Kind.INTEGER, blank=True),
            Column("business_scope", "scope of business (经营范围)", blank=True),
            Column("contact_mobile", "contact's mobile number", Kind.CODE),
        ),
        key=("uscc",),
    ),
    FileFormat(
        "posts.csv",
        "Posts (岗位): who works where, with which duties.",
        (
            Column("person_id_no", "in people.csv", Kind.CODE),
            Column("person_name", "the same person's name"),
            Column("organization", "in organizations.csv", Kind.CODE),
            Column("organization_name", "its short name"),
            Column("post_name", "name of the post"),
            Column("roles", "duties the post carries", Kind.CHOICES, (*DUTIES, "director", "team_lead")),
        ),
        key=("person_id_no", "organization", "post_name"),
    ),
    FileFormat(
        "demo_accounts.csv",
        "Sign-ins made by `shuzheng setup --demo`, and what to try with each.",
        (
            Column("sign_in_name", "small letters and digits", Kind.CODE),
            Column("person_id_no", "in people.csv", Kind.CODE),
            Column("person_name", "the same person's name"),
            Column("side", "which front to begin on", Kind.CHOICE, ("citizen", "firm", "staff")),
            Column("acting_for", "firm (firm) or body (staff) acted for", Kind.CODE, blank=True),
            Column("items", "items that can be applied for at once", Kind.LIST, blank=True),
            Column("what_to_try_zh", "one sentence, true for what is built"),
        ),
        key=("sign_in_name",),
        required=False,
    ),
    FileFormat(
        "calendar.toml",
        "Official working-day notices newer than the platform's own table.",
        tables=(
            TableFormat(
                "year",
                "the notice for one year",
                (
                    Column("year", "calendar year", Kind.INTEGER),
                    Column("source", "title and number of the notice"),
                    Column("makeup_days", "week-end days that are worked", Kind.LIST, blank=True),
                ),
                tables=(
                    TableFormat(
                        "holidays",
                        "days off for one festival",
                        (
                            Column("from", "first day", Kind.DATE),
                            Column("to", "last day", Kind.DATE),
                            Column("name", "the festival, such as 春节"),
                        ),
                        required=True,
                    ),
                ),
                key=("year",),
            ),
        ),
        required=False,
    ),
)
