"""The conditions of the forms go into the rule book: `form/<item>/<seq>` over the sheet `form/<item>`.

They are checked with the forms (`checks.py`). A condition whose text changed gets a successor from the day of the load.
`rules/tests/form-<item>.yaml` holds the tests of a form: they are run by the check, and each condition carries into the
book what they say of it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from shuzheng.base.kernel.pack import Changes, Fault, PackRows
from shuzheng.base.kernel.types import Actor, ItemCode, JsonObject
from shuzheng.engines.rules.errors import RuleTestsInvalid, RuleTextInvalid
from shuzheng.services.items.pack.reading import read_forms
from shuzheng.services.items.rules.condition_tests import rules_with_tests, run_form_tests
from shuzheng.services.items.rules.conditions import sheet_of
from shuzheng.services.items.rules.specs import objects
from shuzheng.services.items.types import FieldType
from shuzheng.services.rulebook.actions import load_rules
from shuzheng.services.rulebook.pack.checks import failures_of, faults_of_tests

FILES: tuple[str, ...] = ("rules/tests/form-*.yaml",)
BOOK = "form"
_PREFIX: Final = "rules/tests/form-"


def check(pack: PackRows) -> list[Fault]:
    """Return the faults of the tests of forms; what is wrong in a form is found where forms are read."""
    forms = _forms(pack)
    return [fault for file in pack.matching(_PREFIX, ".yaml") for fault in _check_tests(pack, file, forms)]


def _check_tests(pack: PackRows, file: str, forms: Mapping[ItemCode, JsonObject]) -> Iterator[Fault]:
    item = ItemCode(PurePosixPath(file).stem.removeprefix("form-"))
    if item not in forms:
        yield Fault(file, 1, "没有它要测试的申请表", "文件名写成 form-<basic_code>.yaml，或删去它")
        return
    if not _is_readable(forms[item]):
        return  # told where the form is read
    try:
        results = run_form_tests(item, forms[item], _text(pack, item))
    except RuleTestsInvalid as refused:
        yield from faults_of_tests(file, refused)
    except RuleTextInvalid:
        return  # told there too
    else:
        yield from failures_of(file, results)


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Load the book inside the caller's transaction; applying twice changes nothing."""
    forms = _forms(pack)
    loaded = load_rules(
        [sheet_of(item, form) for item, form in forms.items()],
        [rule for item, form in forms.items() for rule in rules_with_tests(item, form, _text(pack, item))],
        book=BOOK,
        actor=actor,
        at=at,
    )
    return Changes(
        added=loaded.added,
        changed=loaded.changed,
        unchanged=loaded.unchanged,
        retired=loaded.retired,
        notes=list(loaded.notes),
    )


def _forms(pack: PackRows) -> dict[ItemCode, JsonObject]:
    return {ItemCode(code): form for code, form in read_forms(pack).items()}


def _is_readable(form: JsonObject) -> bool:
    fields = (field for section in objects(form.get("section")) for field in objects(section.get("field")))
    return all(field.get("type") in set(FieldType) for field in fields)


def _text(pack: PackRows, item: ItemCode) -> str:
    return "".join(row.text("text") for row in pack.of(f"{_PREFIX}{item}.yaml"))
