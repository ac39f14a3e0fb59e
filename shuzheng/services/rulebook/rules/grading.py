"""How sensitive a fact is: as the pack grades the columns it is read from, or as the pack says of the fact itself.

A fact over several columns has the highest grade of them: whether a row with a sensitive value exists tells that value.
What a fact says of itself may raise that and never lower it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.reading import Syntax, read_text
from shuzheng.engines.rules.types import Sensitivity

KEY: Final = "sensitivity"
"""Under which a fact's grade stands in its table, in a pack and as it is stored."""


@dataclass(frozen=True, slots=True)
class Grades:
    """The grade of each column, by data resource (its code or its name) and column (its name in either language)."""

    columns: Mapping[tuple[str, str], Sensitivity]

    def of(self, resource: str, column: str) -> Sensitivity | None:
        """Return the grade of a column; None where the pack does not say."""
        return self.columns.get((resource, column))


def grade_of(table: Mapping[str, object], grades: Grades) -> Sensitivity | None:
    """Return the grade of a fact as a pack writes it; None where neither it nor its columns say one."""
    return max(filter(None, (_own(table), *_of_columns(table, grades))), default=None)


def with_grade(table: Mapping[str, object], grades: Grades) -> dict[str, object]:
    """Return a fact's table with its grade written into it."""
    found = grade_of(table, grades)
    return dict(table) if found is None else {**table, KEY: str(found)}


def faults_of_grade(table: Mapping[str, object], grades: Grades) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a fact's grade, and the remedy; a grade that is none is told by the format."""
    resource, column = _resource(table), _column(table)
    if not resource or not column:
        return
    known = [found for found in _of_columns(table, grades) if found is not None]
    own = _own(table)
    if own is None and grades.of(resource, column) is None:
        yield f"信息项“{column}”没有分级", "在 column_grades.csv 补上这个信息项，或给事实写 sensitivity"
    elif own is not None and known and own < max(known):
        yield f"sensitivity 写的是 {own}，低于所取信息项的 {max(known)}", "改成不低于信息项的分级，或删去这一行"


def names_in(text: str) -> frozenset[str]:
    """Return the names a text of the rule language uses. Raises RuleTextInvalid."""
    return frozenset(_names(read_text(text)))


def _own(table: Mapping[str, object]) -> Sensitivity | None:
    written = str(table.get(KEY, ""))
    return Sensitivity(written) if written in set(Sensitivity) else None


def _resource(table: Mapping[str, object]) -> str:
    return str(table.get("register") or table.get("dataset") or "")


def _column(table: Mapping[str, object]) -> str:
    return str(table.get("column_en") or table.get("column_zh") or table.get("column") or "")


def _of_columns(table: Mapping[str, object], grades: Grades) -> Iterator[Sensitivity | None]:
    resource = _resource(table)
    for column in (
        _column(table),
        *_columns_in(str(table.get("where", ""))),
        *_columns_in(str(table.get("value", ""))),
    ):
        yield grades.of(resource, column)


def _columns_in(text: str) -> frozenset[str]:
    if not text:
        return frozenset()
    try:
        return frozenset(name for name in names_in(text) if "." not in name)
    except RuleTextInvalid:
        return frozenset()  # told where the fact is checked


def _names(syntax: Syntax) -> Iterator[str]:
    if syntax.kind == "name":
        yield syntax.text
    for part in syntax.parts:
        yield from _names(part)
