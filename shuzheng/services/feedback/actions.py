"""Rate a case."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record
from shuzheng.engines.cases.queries import get_case
from shuzheng.services.feedback.errors import NotYourCase, RatedBefore
from shuzheng.services.feedback.models import Rating
from shuzheng.services.feedback.rules import check_may_rate, read_rating
from shuzheng.services.feedback.types import RatingView


@transaction.atomic
def rate_case(
    case_number: str, level: int, *, comment: str = "", tags: Sequence[str] = (), actor: Actor, at: datetime
) -> RatingView:
    """Rate a closed case, once.

    Args:
        case_number: One's own case.
        level: 5 非常满意 … 1 非常不满意.
        comment: At most 500 characters.
        tags: Of `types.TAGS`.
        actor: The applicant.
        at: When.

    Raises:
        NothingToSee: Not this actor's case.
        NotYourCase, NotOver: It is not the actor's turn to rate.
        LevelUnknown, TagUnknown, CommentTooLong: What was given is not right.
        RatedBefore: It was rated; the first rating stands.
    """
    case = get_case(case_number, actor=actor)
    check_may_rate(actor, case)
    chosen, chosen_tags, text = read_rating(level, tags, comment)
    if actor.person is None:
        raise NotYourCase
    rating_id = new_id(at)
    try:
        with transaction.atomic():
            row = Rating.objects.create(
                public_id=rating_id,
                case_id=case.id,
                item_code=case.item,
                window=case.parts.get("window", ""),
                decider=case.parts.get("decider", ""),
                level=int(chosen),
                tags=list(chosen_tags),
                comment=text,
                rated_by=actor.person,
                rated_at=at,
            )
    except IntegrityError:
        raise RatedBefore from None
    record(
        "feedback.rated",
        f"urn:shuzheng:rating:{rating_id}",
        actor=actor,
        at=at,
        content={"level": int(chosen), "tags": list(chosen_tags), "comment": text},
        related=[case.urn],
    )
    return row.to_view()
