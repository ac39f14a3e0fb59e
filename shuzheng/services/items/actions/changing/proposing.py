"""Proposing a change: save what was typed, wrong or right; submit it for review; drop it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor
from shuzheng.services.items.actions.changing.steps import check_still_there, once, write_step
from shuzheng.services.items.errors import ChangeNotFound, ChangeUnfit, ItemMoved, MayNotPropose
from shuzheng.services.items.models import ItemChange
from shuzheng.services.items.queries.changing.changes import find_clashes, find_subject, get_change_row
from shuzheng.services.items.queries.changing.subjects import Subject, get_subject
from shuzheng.services.items.rules.changing.comparing import clashes
from shuzheng.services.items.rules.changing.facts import changed_facts
from shuzheng.services.items.rules.changing.fields import (
    changed_fields,
    keep_known,
    read_day,
    typed_of_item,
    typed_of_unit,
)
from shuzheng.services.items.rules.changing.permitting import check_effective_on, check_may_propose
from shuzheng.services.items.types.changing import ChangeAct, ChangeProblem, ChangeState, ChangeView

REASON_MOST: Final = 1000


def save_change(
    raw: Mapping[str, Sequence[str]],
    *,
    item: str = "",
    unit: str = "",
    change_id: UUID | None = None,
    base: int,
    expected_rev: int | None = None,
    command_id: UUID,
    actor: Actor,
    at: datetime,
) -> tuple[ChangeView, tuple[ChangeProblem, ...]]:
    """Keep what was typed as a draft, wrong or right, and say what is wrong with it.

    Args:
        raw: Fields of the editor, with `reason` and `wanted_on`; one that is missing is as in force.
        item: Basic code, for a new change of an item.
        unit: Implementing item, for a new change of a unit.
        change_id: The draft to write on; `item` and `unit` are then its own.
        base: `Editor.base` of the page that was filled in.
        expected_rev: `Editor.rev` of that page.
        command_id: Made with the page; the same one again gives the same draft.
        actor: Who writes.
        at: When.

    Raises:
        ItemNotFound, UnitNotFound, ChangeNotFound: There is nothing to change.
        NotYourItem, MayNotPropose: Somebody else's.
        ChangeMoved: A colleague was first.
        ItemMoved: What is changed here was changed in force meanwhile; carries both sides, nothing was written.
    """

    def body() -> ItemChange:
        row = None if change_id is None else get_change_row(change_id, actor=actor, lock=True)
        subject = get_subject(item, unit) if row is None else get_subject(row.item_code, row.unit_code)
        target = subject.target(actor)
        check_may_propose(target, actor=actor)
        if row is None:
            row = _new(subject, target.division, actor, at)
        else:
            check_still_there(row, expected_rev, fits=ChangeState(row.state).is_editable)
        _write(row, subject, raw, base)
        write_step(row, ChangeAct.SAVED, actor=actor, at=at, command_id=command_id)
        return row

    view = once(command_id, body, actor=actor)
    return view, problems_of(get_change_row(view.id, actor=actor), raw, at=at)


def _new(subject: Subject, division: str, actor: Actor, at: datetime) -> ItemChange:
    if actor.person is None or actor.org is None:
        raise MayNotPropose(org=actor.org_name)
    return ItemChange(
        public_id=new_id(at),
        item_code=subject.item.code,
        item_name=subject.item.name,
        unit_code="" if subject.unit is None else subject.unit.code,
        person_id=actor.person,
        organization=actor.org,
        division=division,
    )


def _write(row: ItemChange, subject: Subject, raw: Mapping[str, Sequence[str]], base: int) -> None:
    known = keep_known(raw)
    if base != subject.version:
        known = _bring_up(subject, known, base)
    typed = changed_fields(known, subject.shown)
    facts, _problems = subject.read(typed)
    row.after = changed_facts(subject.facts, facts)
    row.before = {key: subject.facts.get(key) for key in row.after}
    row.base_version = subject.item.version
    row.typed = {name: list(values) for name, values in typed.items()}
    row.reason = _first(raw, "reason")[:REASON_MOST]
    row.wanted_on = read_day(_first(raw, "wanted_on"))


def _bring_up(subject: Subject, known: Mapping[str, tuple[str, ...]], base: int) -> dict[str, tuple[str, ...]]:
    """Return what was typed on an older page as if on today's: only what was changed on it.

    Raises:
        ItemMoved: The same field was changed in force meanwhile.
    """
    old = subject.facts_at(base)
    shown = typed_of_item(old) if subject.unit is None else typed_of_unit(old)
    typed = changed_fields(known, shown)
    mine = changed_facts(old, subject.read(typed, old)[0])
    clashing = clashes(old, mine, subject.facts, subject.windows)
    if clashing:
        raise ItemMoved(clashing, base=subject.version)
    return typed


def _first(raw: Mapping[str, Sequence[str]], name: str) -> str:
    return "".join(raw.get(name, ())[:1]).replace("\r\n", "\n").strip()


def problems_of(
    row: ItemChange, raw: Mapping[str, Sequence[str]] | None = None, *, at: datetime
) -> tuple[ChangeProblem, ...]:
    """Return everything that keeps a draft from being submitted; for this room only.

    Args:
        row: The draft.
        raw: What was typed for the day, which is not kept when it is none.
        at: Today.
    """
    subject = get_subject(row.item_code, row.unit_code)
    _facts, problems = subject.read({name: tuple(values) for name, values in row.typed.items()})
    found = list(problems)
    if not row.after and not found:
        found.append(ChangeProblem("", "还没有改动：和现在的内容完全一样"))
    if not row.reason:
        found.append(ChangeProblem("reason", "请写为什么改，例如：并联审查后可以缩短两个工作日"))
    day = _day_problem(row, "" if raw is None else _first(raw, "wanted_on"), local_date(at, settings.SHUZHENG.zone))
    return (*found, ChangeProblem("wanted_on", day)) if day else tuple(found)


def _day_problem(row: ItemChange, typed: str, today: date) -> str:
    if row.wanted_on is None:
        return "希望生效的日期看不懂，请写成 2026-12-01 这样" if typed else ""
    try:
        check_effective_on(row.wanted_on, today=today)
    except Invalid as wrong:
        return wrong.text
    return ""


def submit_change(
    change_id: UUID, *, expected_rev: int | None = None, command_id: UUID, actor: Actor, at: datetime
) -> ChangeView:
    """Hand a draft over for review.

    Raises:
        ChangeNotFound, NotYourItem, MayNotPropose: Not there, or not theirs.
        ChangeMoved: A colleague was first.
        ItemMoved: What it changes was changed in force meanwhile.
        ChangeUnfit: Something is wrong or missing; carries every problem.
    """

    def body() -> ItemChange:
        row = get_change_row(change_id, actor=actor, lock=True)
        check_still_there(row, expected_rev, fits=ChangeState(row.state).is_editable)
        subject = get_subject(row.item_code, row.unit_code)
        check_may_propose(subject.target(actor), actor=actor)
        clashing = find_clashes(row, subject)
        if clashing:
            raise ItemMoved(clashing, base=subject.version)
        problems = problems_of(row, at=at)
        if problems:
            raise ChangeUnfit(problems)
        row.state = ChangeState.REVIEW
        write_step(row, ChangeAct.SUBMITTED, actor=actor, at=at, command_id=command_id, words=row.reason)
        return row

    return once(command_id, body, actor=actor)


def drop_change(
    change_id: UUID, *, expected_rev: int | None = None, command_id: UUID, actor: Actor, at: datetime
) -> ChangeView:
    """Give a change up before it is approved.

    Raises:
        ChangeNotFound, NotYourItem, MayNotPropose: Not there, or not theirs.
        ChangeMoved: It was approved or given up already, or a colleague was first.
    """

    def body() -> ItemChange:
        row = get_change_row(change_id, actor=actor, lock=True)
        state = ChangeState(row.state)
        check_still_there(row, expected_rev, fits=state.is_editable or state is ChangeState.REVIEW)
        subject = find_subject(row)
        if subject is not None:
            check_may_propose(subject.target(actor), actor=actor)
        elif row.organization != actor.org:
            raise ChangeNotFound
        row.state = ChangeState.DROPPED
        write_step(row, ChangeAct.DROPPED, actor=actor, at=at, command_id=command_id)
        return row

    return once(command_id, body, actor=actor)
