"""Words that people search with, for `shuzheng.services.items`."""

from shuzheng.packs.format.kinds import Column, FileFormat, Kind, TableFormat

SEARCH_WORDS = FileFormat(
    "search_words.toml",
    "Everyday words (日常说法) and what they stand for in the names of items.",
    tables=(
        TableFormat(
            "word",
            "one thing people say, in all its ways",
            (
                Column(
                    "say",
                    "what people type, such as 饭店; a single character is read only when it stands alone",
                    Kind.LIST,
                ),
                Column(
                    "means",
                    "official words, the likeliest first; words with a blank between must all be there",
                    Kind.LIST,
                    blank=True,
                ),
                Column("items", "codes of items meant above all, the first first", Kind.LIST, blank=True),
                Column("weak", "true: it says little; nothing is left out for lack of it", Kind.BOOLEAN, blank=True),
            ),
        ),
    ),
    required=False,
)
