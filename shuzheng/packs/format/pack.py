"""What says whose pack this is, and what accompanies it."""

from shuzheng.packs.format.kinds import Column, FileFormat, Kind, TableFormat

PORTAL_KEYS = (
    Column("resident", "front for residents"),
    Column("enterprise", "front for firms"),
    Column("officer", "officers' desk"),
)

PACK = (
    FileFormat(
        "pack.toml",
        "Whose city this is: names, texts and entries the portals show.",
        tables=(
            TableFormat(
                "",
                "plain keys at the top",
                (
                    Column("format", "version of this format, 1", Kind.INTEGER),
                    Column("code", "code of the pack, small letters and hyphens", Kind.CODE),
                    Column("city", "name of the city"),
                    Column("government", "body that answers for the site (主办单位)"),
                    Column("department", "body that runs it (承办单位)"),
                    Column("hotline", "telephone number of the service line"),
                    Column("time_zone", "IANA name", Kind.CODE),
                    Column("languages", "language codes offered, the pack's own first", Kind.LIST),
                    Column("demo_note", "shown on every page while demonstration content is loaded", blank=True),
                    Column("default_division", "division assumed until a visitor chooses", Kind.CODE),
                    Column("search_example", "placeholder of the search box", blank=True),
                    Column("popular_searches", "words offered below the search box", Kind.LIST, blank=True),
                    Column("popular_items", "items most asked for, codes of items.csv", Kind.LIST, blank=True),
                    Column("try_first", "lines printed after set-up: what to try first", Kind.LIST, blank=True),
                ),
                required=True,
            ),
            TableFormat("portals", "names of the fronts", PORTAL_KEYS, single=True, required=True),
            TableFormat(
                "seal",
                "two lines of the seal beside each name",
                tuple(Column(c.name, c.what, Kind.LIST) for c in PORTAL_KEYS),
                single=True,
            ),
            TableFormat(
                "life_event",
                "an entry of the home page (人生大事)",
                (
                    Column("icon", "symbol of the icon sheet, such as `food`", Kind.CODE),
                    Column("name", "what happens in a person's life"),
                    Column("hint", "a few words below it"),
                    Column("search", "words the item search is opened with"),
                ),
                tables=(
                    TableFormat(
                        "step",
                        "a step on the way, in order; without any the entry opens the search",
                        (
                            Column("name", "what to do"),
                            Column("hint", "when it is needed, or what to mind", blank=True),
                            Column("items", "items that do it, codes of items.csv", Kind.LIST),
                        ),
                        key=("name",),
                    ),
                ),
                key=("name",),
            ),
        ),
    ),
    FileFormat("README.md", "What was taken from where, under which licence, and what is weak."),
    FileFormat("LICENSE*", "Licence text of a source that asks for it.", required=False),
)
