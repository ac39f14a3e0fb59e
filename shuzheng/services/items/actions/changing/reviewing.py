"""Reviewing a change: send it back with reasons, or approve it for a day. Never one's own."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from shuzheng.base.directory.queries import get_organization
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor, PersonId
from shuzheng.base.notices.actions import send_notice
from shuzheng.services.items.actions.changing.effect import put_in_force, schedule_effect
from shuzheng.services.items.actions.changing.proposing import problems_of
from shuzheng.services.items.actions.changing.steps import check_still_there, once, write_step
from shuzheng.services.items.errors import ChangeUnfit, ChangeWordsMissing, ItemMoved, MayNotReview
from shuzheng.services.items.models import ItemChange
from shuzheng.services.items.queries.changing.changes import find_clashes, get_change_row, hands_of
from shuzheng.services.items.queries.changing.subjects import get_subject
from shuzheng.services.items.rules.changing.permitting import check_effective_on, check_may_review
from shuzheng.services.items.rules.wording import say_date
from shuzheng.services.items.types.changing import ChangeAct, ChangeState, ChangeView


def return_change(
    change_id: UUID, *, words: str, expected_rev: int | None = None, command_id: UUID, actor: Actor, at: datetime
) -> ChangeView:
    """Send a change back to whoever proposed it, also one that was approved and is not in force yet.

    Args:
        change_id: Waiting for review, or for its day.
        words: What is to be done differently.
        expected_rev: `ChangeView.rev` of the page.
        command_id: Made with the page.
        actor: A data authority of the place.
        at: When.

    Raises:
        ChangeNotFound, MayNotReview, OwnReview: Not there, or not theirs to review.
        ChangeMoved: Somebody was first.
        ChangeWordsMissing: No reason was given.
    """

    def body() -> ItemChange:
        row = _get_reviewed(change_id, actor)
        check_still_there(row, expected_rev, fits=row.state in (ChangeState.REVIEW, ChangeState.APPROVED))
        if not words.strip():
            raise ChangeWordsMissing
        row.state, row.effective_on = ChangeState.RETURNED, None
        write_step(row, ChangeAct.RETURNED, actor=actor, at=at, command_id=command_id, words=words.strip())
        _tell(row, f"“{row.item_name}”的修改被退回", words.strip(), at)
        return row

    return once(command_id, body, actor=actor)


def approve_change(
    change_id: UUID,
    *,
    effective_on: date,
    words: str = "",
    expected_rev: int | None = None,
    command_id: UUID,
    actor: Actor,
    at: datetime,
) -> ChangeView:
    """Approve a change; it takes effect at the beginning of a day, at once when that is today.

    Args:
        change_id: Waiting for review.
        effective_on: Today or later, local day.
        words: Opinion; may be empty.
        expected_rev: `ChangeView.rev` of the page.
        command_id: Made with the page.
        actor: A data authority of the place who had no hand in it.
        at: When.

    Raises:
        ChangeNotFound, MayNotReview, OwnReview: Not there, or not theirs to review.
        ChangeMoved: Somebody was first.
        ChangeEffectTooEarly, ChangeEffectTooFar: Not such a day.
        ItemMoved: What it changes was changed in force meanwhile.
        ChangeUnfit: It became wrong since it was submitted.
    """

    def body() -> ItemChange:
        row = _get_reviewed(change_id, actor)
        check_still_there(row, expected_rev, fits=row.state == ChangeState.REVIEW)
        today = local_date(at, settings.SHUZHENG.zone)
        check_effective_on(effective_on, today=today)
        subject = get_subject(row.item_code, row.unit_code)
        clashing = find_clashes(row, subject)
        if clashing:
            raise ItemMoved(clashing, base=subject.version)
        row.wanted_on = None if row.wanted_on is None else max(row.wanted_on, today)
        problems = problems_of(row, at=at)
        if problems:
            raise ChangeUnfit(problems)
        row.state, row.effective_on = ChangeState.APPROVED, effective_on
        on = {"effective_on": effective_on.isoformat()}
        write_step(row, ChangeAct.APPROVED, actor=actor, at=at, command_id=command_id, words=words.strip(), content=on)
        when = say_date(effective_on, today=today)
        _tell(row, f"“{row.item_name}”的修改已通过", f"{when}生效。{words.strip()}", at)
        if effective_on == today:
            put_in_force(row, at=at)
        else:
            schedule_effect(row, effective_on, at=at)
        return row

    return once(command_id, body, actor=actor)


def _get_reviewed(change_id: UUID, actor: Actor) -> ItemChange:
    row = get_change_row(change_id, actor=actor, lock=True)
    if actor.org is None:
        raise MayNotReview
    own = get_organization(actor.org)
    check_may_review(row.division, actor=actor, own_division=own.division, hands=hands_of(row))
    return row


def _tell(row: ItemChange, title: str, body: str, at: datetime) -> None:
    send_notice(
        PersonId(row.person_id),
        kind="other",
        title=title[:120],
        body=body,
        link=f"/desk/items/changes/{row.public_id}/",
        key=f"items.change:{row.public_id}:{row.rev}",
        at=at,
    )
