"""The editor: today's values, what was typed, and what is wrong with it."""

from uuid import UUID

from shuzheng.base.kernel.types import Actor
from shuzheng.services.items.errors import ChangeNotFound
from shuzheng.services.items.models import Benchmark, Item, ItemChange
from shuzheng.services.items.queries.catalogue import materials_of_row, name_unit
from shuzheng.services.items.queries.changing.changes import get_change_row
from shuzheng.services.items.queries.changing.subjects import Subject, content_of, get_subject
from shuzheng.services.items.rules.changing.fields import Raw, blank_rows, keep_known
from shuzheng.services.items.rules.changing.limits import bounds_of
from shuzheng.services.items.rules.changing.permitting import check_may_propose
from shuzheng.services.items.types.changing import (
    BenchmarkGap,
    ChangeAct,
    ChangeId,
    ChangeState,
    Editor,
)


def get_editor(
    *, actor: Actor, item: str = "", unit: str = "", change_id: UUID | None = None, raw: Raw | None = None
) -> Editor:
    """Return the editor of an item, a unit, or of a change that can still be written.

    Args:
        actor: Who would write.
        item: Basic code, for a new change of an item.
        unit: Implementing item, for a new change of a unit.
        change_id: An existing change; `item` and `unit` are then its own.
        raw: Texts just typed, to show instead of those kept.

    Raises:
        ItemNotFound, UnitNotFound, ChangeNotFound: There is nothing to write on.
        NotYourItem, MayNotPropose: Somebody else's.
    """
    row = None if change_id is None else get_change_row(change_id, actor=actor)
    if row is not None and not ChangeState(row.state).is_editable:
        raise ChangeNotFound
    subject = get_subject(item, unit) if row is None else get_subject(row.item_code, row.unit_code)
    check_may_propose(subject.target(actor), actor=actor)
    typed = {**subject.shown, **(_kept(row) if raw is None else keep_known(raw))}
    materials, questions = blank_rows(typed)
    return Editor(
        item=subject.item.to_view(),
        unit=None if subject.unit is None else name_unit(subject.unit.to_row()),
        base=subject.version,
        now=subject.shown,
        typed=typed,
        materials=materials if subject.unit is None else (),
        questions=questions if subject.unit is None else (),
        held=_held(subject),
        windows=tuple(subject.windows.items()),
        benchmarks=benchmark_gaps(subject.item),
        reason="" if row is None else row.reason,
        wanted_on="" if row is None or row.wanted_on is None else row.wanted_on.isoformat(),
        rev=0 if row is None else row.rev,
        change=None if row is None else ChangeId(row.public_id),
        returned=_words_of_return(row),
    )


def _kept(row: ItemChange | None) -> dict[str, tuple[str, ...]]:
    return {} if row is None else {name: tuple(values) for name, values in row.typed.items()}


def _held(subject: Subject) -> frozenset[int]:
    return bounds_of(content_of(subject.item), ()).held if subject.unit is None else frozenset()


def _words_of_return(row: ItemChange | None) -> str:
    if row is None or row.state != ChangeState.RETURNED:
        return ""
    last = row.steps.filter(act__in=[ChangeAct.RETURNED, ChangeAct.HELD_UP]).order_by("-seq").first()
    return "" if last is None else last.words


def benchmark_gaps(row: Item) -> tuple[BenchmarkGap, ...]:
    """Return how far an item is from the best elsewhere; for this room only."""
    papers = sum(material.required for material in materials_of_row(row))
    return tuple(
        BenchmarkGap(
            found.place,
            found.place_name,
            found.promised_days,
            found.papers,
            row.promised_days - found.promised_days,
            papers - found.papers,
        )
        for found in Benchmark.objects.filter(item_code=row.code).order_by("promised_days", "place")
    )
