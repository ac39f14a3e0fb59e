"""Reads of ratings."""

from uuid import UUID

from shuzheng.base.kernel.types import Actor, CaseId
from shuzheng.engines.cases.types import CaseView
from shuzheng.services.feedback.models import Rating
from shuzheng.services.feedback.rules import may_rate
from shuzheng.services.feedback.types import RatingView


def find_rating(case_id: CaseId | UUID) -> RatingView | None:
    """Return the rating of a case, None while there is none. The caller has checked who may see the case."""
    row = Rating.objects.filter(case_id=case_id).first()
    return None if row is None else row.to_view()


def may_rate_case(case: CaseView, *, actor: Actor) -> bool:
    """Tell whether a page should offer this actor to rate the case."""
    return may_rate(actor, case) and not Rating.objects.filter(case_id=case.id).exists()
