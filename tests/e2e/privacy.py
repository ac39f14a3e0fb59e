"""After the browser tests: nothing personal stands in what the server wrote or in an address a browser asked for.

`conftest.py` calls `check_no_personal_data` when the city is taken down.
"""

import csv
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

from shuzheng.base.kernel.scrub import find_numbers

HOME = Path(__file__).parents[2]
PUBLIC = {"12345", "12315", "110", "119", "120"}


def numbers_of_the_pack(name: str = "luan") -> set[str]:
    """Identity numbers, mobiles and home addresses of everybody in a pack."""
    folder = HOME / "packs" / name
    known: set[str] = set()
    for file, columns in (("people.csv", ("id_no", "mobile", "address")), ("firms.csv", ("mobile",))):
        with (folder / file).open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                known |= {row[column] for column in columns if row.get(column)}
    return known - PUBLIC


def find_personal_data(text: str, known: Iterable[str]) -> list[str]:
    """Return the first hundred pieces of personal data in a text, masked, so that a failing test shows none."""
    text = unquote(text)
    found = [one for one in known if one in text] + list(find_numbers(text))
    return sorted({f"{one[:3]}…{one[-2:]}（{len(one)}）" for one in found})[:100]


def check_no_personal_data(var: Path, addresses: Iterable[str]) -> None:
    """Fail when the server's log or an address holds personal data.

    Args:
        var: Folder of the city; every `*.log` below it is read.
        addresses: Whatever the browsers asked for; what follows a `#` is never sent and does not count.
    """
    known = numbers_of_the_pack()
    for log in sorted(var.rglob("*.log")):
        assert not find_personal_data(log.read_text("utf-8", errors="replace"), known), log.name
    asked = unquote("\n".join(re.sub(r"#.*", "", address) for address in addresses))
    assert not any(one in asked for one in known), "an address"
    assert not find_personal_data(_cases_of_today().sub("办件", asked), ()), "an address"


def _cases_of_today() -> re.Pattern[str]:
    """A case's number is division, day and sequence: now and then it looks like the number of somebody born today."""
    now = datetime.now(UTC)
    days = "|".join(f"{now + timedelta(days=n):%Y%m%d}" for n in (-1, 0, 1))
    return re.compile(rf"(?<!\d)\d{{6}}(?:{days})\d{{4}}(?!\d)")
