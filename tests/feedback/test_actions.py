from datetime import timedelta

import pytest

from shuzheng.base.access.errors import NothingToSee
from shuzheng.base.kernel.pack import PackRows
from shuzheng.base.ledger.models import Entry
from shuzheng.services.feedback import actions, errors, queries
from shuzheng.services.feedback.models import Rating
from shuzheng.services.feedback.types import LEVEL_LABELS, RatingLevel
from tests.items.city import AT, CLERK, OTHER_FIRM, OTHER_OWNER, OWNER, for_firm, granted, officer, person, submitted


def test_five_levels_from_very_satisfied_to_very_dissatisfied() -> None:
    assert [LEVEL_LABELS[level] for level in sorted(RatingLevel, reverse=True)] == [
        "非常满意", "满意", "基本满意", "不满意", "非常不满意",
    ]  # fmt: skip


def test_the_applicant_rates_a_closed_case_once(city: PackRows) -> None:
    case = granted()
    assert queries.may_rate_case(case, actor=for_firm())
    rating = actions.rate_case(
        case.number, 5, comment=" 很快 ", tags=["办得快", "办得快"], actor=for_firm(), at=AT + timedelta(days=1)
    )
    assert (rating.level_label, rating.comment, rating.tags, rating.is_bad) == ("非常满意", "很快", ("办得快",), False)
    assert queries.find_rating(case.id) == rating
    assert not queries.may_rate_case(case, actor=for_firm())
    with pytest.raises(errors.RatedBefore):
        actions.rate_case(case.number, 1, actor=for_firm(), at=AT)
    assert (Rating.objects.count(), Entry.objects.filter(act="feedback.rated").count()) == (1, 1)


@pytest.mark.parametrize(
    ("level", "tags", "comment", "refusal"),
    [
        (0, [], "", errors.LevelUnknown),
        (6, [], "", errors.LevelUnknown),
        (5, ["自己写的"], "", errors.TagUnknown),
        (5, [], "长" * 501, errors.CommentTooLong),
    ],
)
def test_what_is_not_right_is_refused_and_nothing_is_written(
    city: PackRows, level: int, tags: list[str], comment: str, refusal: type[Exception]
) -> None:
    case = granted()
    with pytest.raises(refusal):
        actions.rate_case(case.number, level, comment=comment, tags=tags, actor=for_firm(), at=AT)
    assert not Rating.objects.exists()


def test_an_open_case_is_not_rated(city: PackRows) -> None:
    case = submitted()
    assert not queries.may_rate_case(case, actor=for_firm())
    with pytest.raises(errors.NotOver):
        actions.rate_case(case.number, 5, actor=for_firm(), at=AT)
    assert not Rating.objects.exists()


def test_only_the_applicant_rates(city: PackRows) -> None:
    case = granted()
    with pytest.raises(errors.NotYourCase):
        actions.rate_case(case.number, 5, actor=officer(CLERK), at=AT)
    for actor in (for_firm(OTHER_OWNER, OTHER_FIRM), person(OTHER_OWNER)):
        with pytest.raises(NothingToSee):
            actions.rate_case(case.number, 5, actor=actor, at=AT)
    assert queries.find_rating(case.id) is None
    assert person(OWNER).person is not None
