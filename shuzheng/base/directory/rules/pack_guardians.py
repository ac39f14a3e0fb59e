"""Guardians of a pack's children: rows, and every fault in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from shuzheng.base.directory.rules.pack_cells import Cells, values_in
from shuzheng.base.directory.rules.pack_people import PEOPLE, PersonRow, check_person
from shuzheng.base.kernel.pack import Fault, PackRows

GUARDIANS: Final = "guardians.csv"
RELATIONS: Final = ("父亲", "母亲", "祖父母", "外祖父母", "兄姐", "其他监护人")


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """A guardian and their child, both by identity number."""

    guardian_id_no: str = field(repr=False)
    ward_id_no: str = field(repr=False)
    relation: str


def read_guardians(pack: PackRows, people: Mapping[str, PersonRow], faults: list[Fault]) -> tuple[GuardianRow, ...]:
    """Return the good rows in the pack's order. Whether the child is still one is asked when somebody acts for it."""
    listed = values_in(pack, PEOPLE, "id_no")
    seen: dict[tuple[str, str], int] = {}
    found = []
    for row in pack.of(GUARDIANS):
        cells = Cells(row, faults)
        check_person(cells, "guardian", people, listed)
        check_person(cells, "ward", people, listed)
        read = GuardianRow(
            guardian_id_no=row.text("guardian_id_no"),
            ward_id_no=row.text("ward_id_no"),
            relation=cells.choice("relation", RELATIONS),
        )
        _check_ages(cells, people.get(read.guardian_id_no), people.get(read.ward_id_no))
        pair = (read.guardian_id_no, read.ward_id_no)
        if pair in seen:
            cells.fault(f"与第 {seen[pair]} 行是同一对监护人和被监护人", "请删去其中一行")
        seen.setdefault(pair, row.line)
        if cells.good:
            found.append(read)
    return tuple(found)


def _check_ages(cells: Cells, guardian: PersonRow | None, ward: PersonRow | None) -> None:
    if guardian is not None and ward is not None and guardian.birth_on > ward.birth_on:
        cells.fault("监护人比被监护人年轻", "请核对两人的公民身份号码，可能写反了")
