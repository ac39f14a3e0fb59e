"""Writing down what an officer found out for a case: a visit, a look into another system."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction

from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record
from shuzheng.engines.cases.queries import get_case
from shuzheng.engines.cases.types import CaseView
from shuzheng.engines.rules.errors import FactInvalid
from shuzheng.engines.rules.rules.facts import read_value
from shuzheng.engines.rules.types import Fact
from shuzheng.services.items.errors import CheckWrong, NotYourCheck
from shuzheng.services.items.models import Application, CheckedFact
from shuzheng.services.items.queries.sealing import seal_bytes
from shuzheng.services.items.rules.conditions import checkable, schema_of

BASIS_LIMIT: Final = 200
_NOT_HERE: Final = said("这一项不由审查人员核查")


@transaction.atomic
def record_checks(
    case_number: str, typed: Mapping[str, str], *, basis: str, command_id: UUID, actor: Actor, at: datetime
) -> CaseView:
    """Write down results; each takes the place of the one before, which stays on record.

    Args:
        case_number: A case with an open task of the actor's unit and duty.
        typed: Texts by fact, `fact.pollution_m`; empty ones are left out.
        basis: How it was found out, at most 200 characters.
        command_id: Made with the page; the same one again changes nothing.
        actor: The officer.
        at: When.

    Raises:
        NothingToSee: The officer's unit has no part in the case.
        NotYourCheck: No open task of it is the officer's.
        CheckWrong: Something is missing or not of its fact's type; nothing was kept.
    """
    case = get_case(case_number, actor=actor)
    row = Application.objects.select_for_update().select_related("item").get(case_id=case.id)
    if CheckedFact.objects.filter(command_id=command_id).exists():
        return case
    if not any(task.org == actor.org and task.role in actor.roles for task in case.tasks) or actor.person is None:
        raise NotYourCheck
    results = {name: text.strip() for name, text in typed.items() if text.strip()}
    _check(row, results, basis.strip())
    for name, value in sorted(results.items()):
        public_id = uuid5(command_id, name)
        content = json.dumps({"value": value, "basis": basis.strip()}, ensure_ascii=False).encode()
        CheckedFact.objects.create(
            public_id=public_id,
            application=row,
            name=name,
            content=seal_bytes("checked", public_id, content),
            person_id=actor.person,
            by=actor.signature,
            organization=actor.org or "",
            at=at,
            command_id=command_id,
        )
    record(
        "items.checked",
        f"urn:shuzheng:application:{row.public_id}",
        actor=actor,
        at=at,
        content={"results": results, "basis": basis.strip()},
        related=[case.urn],
    )
    return case


def _check(row: Application, results: Mapping[str, str], basis: str) -> None:
    schema, may = schema_of(row.item.form), checkable(row.item.form)
    wrong = {name: _wrong(schema[name], text) if name in may else _NOT_HERE for name, text in results.items()}
    problems = {name: words for name, words in wrong.items() if words}
    if not results:
        problems["basis"] = said("请至少填一项核查结果")
    elif not basis:
        problems["basis"] = said("请写明依据，例如：11月24日现场核查，附照片")
    elif len(basis) > BASIS_LIMIT:
        problems["basis"] = said("依据最多 {limit} 个字", limit=BASIS_LIMIT)
    if problems:
        raise CheckWrong(problems)


def _wrong(fact: Fact, text: str) -> str:
    try:
        read_value(fact, text)
    except FactInvalid as wrong:
        return wrong.message
    if fact.choices and text not in fact.choices:
        return said("请选列出的一项，例如 {example}", example=fact.choices[0])
    return ""
