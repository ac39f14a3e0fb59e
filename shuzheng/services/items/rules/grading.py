"""A form with the grades of its facts: of a register's column, of an answer a column prefills, of a sum over them."""

from collections.abc import Iterator, Mapping
from typing import Final

from shuzheng.base.kernel.types import Json, JsonObject
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.types import Sensitivity
from shuzheng.services.items.rules.specs import objects
from shuzheng.services.rulebook.rules.grading import KEY, Grades, faults_of_grade, grade_of, names_in

_UNGRADED: Final = Sensitivity.L2


def grade_form(form: JsonObject, grades: Grades) -> dict[str, Json]:
    """Return a form as stored: each field and fact with its grade, where the pack says one."""
    known: dict[str, Sensitivity] = {}
    sections = [_section(section, grades, known) for section in objects(form.get("section"))]
    facts = [_fact(table, grades, known) for table in objects(form.get("fact"))]
    return {
        **form,
        **({"section": list[Json](sections)} if sections else {}),
        **({"fact": list[Json](facts)} if facts else {}),
    }


def grade_in(table: JsonObject) -> Sensitivity:
    """Return the grade written into a field or fact of a stored form; what nobody graded counts as L2."""
    written = str(table.get(KEY, ""))
    return Sensitivity(written) if written in set(Sensitivity) else _UNGRADED


def faults_of_grades(form: JsonObject, grades: Grades) -> Iterator[tuple[JsonObject, str, str]]:
    """Yield what is wrong in the grades of a form: the table it stands in, the sentence, and the remedy."""
    for section in objects(form.get("section")):
        for field in objects(section.get("field")):
            for what, remedy in faults_of_grade(_as_fact(field), grades):
                yield field, f"字段 {field.get('name')} 的{what}", remedy
    for table in objects(form.get("fact")):
        for what, remedy in faults_of_grade(table, grades):
            yield table, f"事实 {table.get('name')} 的{what}", remedy


def _section(section: JsonObject, grades: Grades, known: dict[str, Sensitivity]) -> dict[str, Json]:
    fields: list[Json] = []
    for field in objects(section.get("field")):
        found = grade_of(_as_fact(field), grades)
        known[f"form.{field.get('name')}"] = found or _UNGRADED
        fields.append(_with(field, found))
    return {**section, "field": fields}


def _fact(table: JsonObject, grades: Grades, known: dict[str, Sensitivity]) -> dict[str, Json]:
    asked = [known[name] for name in _asked(str(table.get("derive", ""))) if name in known]
    found = max(filter(None, (grade_of(table, grades), *asked)), default=None)
    known[f"fact.{table.get('name')}"] = found or _UNGRADED
    return _with(table, found)


def _with(table: JsonObject, grade: Sensitivity | None) -> dict[str, Json]:
    return dict(table) if grade is None else {**table, KEY: str(grade)}


def _as_fact(field: JsonObject) -> Mapping[str, object]:
    """Return a field as a fact of the column that prefills it."""
    dataset, _, column = str(field.get("prefill", "")).partition(".")
    own = {KEY: field[KEY]} if KEY in field else {}
    return {"dataset": dataset, "column_zh": column, **own}


def _asked(derive: str) -> frozenset[str]:
    if not derive:
        return frozenset()
    try:
        return names_in(derive)
    except RuleTextInvalid:
        return frozenset()  # told where the form's rules are checked
