"""The code knows no city: names of places stand in packs only."""

import csv
import re

import shuzheng
from tests.house.test_house import HOME, PACKAGE

TOO_COMMON = {"城区", "郊区", "矿区"}


def place_names() -> set[str]:
    """Names of the real pack's places, province to county, with and without the word for their kind."""
    with (HOME / "packs" / "luan" / "divisions.csv").open(encoding="utf-8", newline="") as rows:
        full = {row["name"] for row in csv.DictReader(rows) if row["level"] in ("province", "city", "county")}
    short = {re.sub(r"(省|市|区|县)$", "", name) for name in full}
    return {name for name in full | short if len(name) >= 2} - TOO_COMMON


def test_no_place_of_a_pack_stands_in_the_code() -> None:
    names = re.compile("|".join(sorted(place_names(), key=len, reverse=True)) + r"|\blu'?an\b", re.IGNORECASE)
    shipped_pack_name = re.compile(r'default="luan"|--pack luan|packs[/", ]+luan')
    named = []
    for path in sorted(PACKAGE.rglob("*")):
        if (
            path.suffix not in {".py", ".html", ".po", ".bpmn", ".toml", ".css", ".js", ".typ"}
            or "_shipped" in path.parts
        ):
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if names.search(shipped_pack_name.sub("", line)):
                named.append(f"{path.relative_to(HOME)}:{number}: {line.strip()[:80]}")
    assert not named, "move it into the pack"


def test_the_names_are_really_looked_for() -> None:
    assert shuzheng.__file__
    assert len(place_names()) >= 12
