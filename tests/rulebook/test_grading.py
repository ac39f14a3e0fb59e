"""How sensitive a fact is, and up to which grade whom values are shown."""

from uuid import uuid4

import pytest

from shuzheng.base.kernel.types import Actor, OrgId, Party, PartyKind, PersonId, PostId
from shuzheng.engines.rules.types import Sensitivity
from shuzheng.services.rulebook.rules.grading import Grades, faults_of_grade, grade_of, with_grade
from shuzheng.services.rulebook.rules.permitting import grade_seen

L1, L2, L3, L4 = Sensitivity
GRADES = Grades({("r1", "birth_date"): L2, ("r1", "illness"): L4, ("户籍", "姓名"): L3, ("r1", "open"): L1})
ME = PersonId(uuid4())
FIRM = Party(PartyKind.FIRM, uuid4(), "某企业")
SELF = Party(PartyKind.PERSON, ME, "某人")
OTHER = Party(PartyKind.PERSON, uuid4(), "别人")


@pytest.mark.parametrize(
    ("table", "grade"),
    [
        ({"register": "r1", "column_en": "birth_date"}, L2),
        ({"register": "r1", "column_en": "birth_date", "value": "years_between(birth_date, today)"}, L2),
        ({"register": "r1", "column_en": "open", "where": "illness = '甲' AND open = TRUE"}, L4),
        ({"dataset": "户籍", "column_zh": "姓名"}, L3),
        ({"register": "r1", "column_en": "birth_date", "sensitivity": "L3"}, L3),
        ({"register": "r1", "column_en": "illness", "sensitivity": "L1"}, L4),
        ({"register": "r1", "column_en": "nobody_said"}, None),
        ({"sensitivity": "L9"}, None),
        ({}, None),
    ],
)
def test_the_highest_of_the_columns_and_of_what_the_fact_says(
    table: dict[str, object], grade: Sensitivity | None
) -> None:
    assert grade_of(table, GRADES) == grade
    assert with_grade(table, GRADES).get("sensitivity") == (grade or table.get("sensitivity"))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"register": "r1", "column_en": "nobody_said"}, "没有分级"),
        ({"register": "r1", "column_en": "illness", "sensitivity": "L2"}, "低于所取信息项的 L4"),
        (
            {"register": "r1", "column_en": "open", "where": "illness = '甲'", "sensitivity": "L1"},
            "低于所取信息项的 L4",
        ),
        ({"register": "r1", "column_en": "nobody_said", "sensitivity": "L2"}, ""),
        ({"register": "r1", "column_en": "birth_date"}, ""),
        ({"sensitivity": "L3"}, ""),
    ],
)
def test_a_column_nobody_graded_and_a_grade_too_low_are_faults(table: dict[str, object], said: str) -> None:
    faults = [what for what, _ in faults_of_grade(table, GRADES)]
    assert len(faults) == bool(said)
    assert all(said in what for what in faults)


def resident(firm: Party | None = None) -> Actor:
    return Actor(person=ME, name="某人", on_behalf_of=firm)


def in_post() -> Actor:
    return Actor(person=ME, name="某人", post=PostId(uuid4()), org=OrgId("o"), roles=frozenset({"approval"}))


@pytest.mark.parametrize(
    ("actor", "subject", "for_purpose", "grade"),
    [
        (resident(), SELF, False, L4),
        (resident(FIRM), FIRM, False, L4),
        (resident(), OTHER, True, L2),
        (in_post(), OTHER, False, L2),
        (in_post(), OTHER, True, L3),
        (in_post(), FIRM, True, L3),
        (in_post(), SELF, False, L2),  # in the post one's own affairs are a case like any other
        (Actor(machine=uuid4(), person=None, name="某系统"), OTHER, True, L2),  # type: ignore[arg-type]  # any id will do
    ],
)
def test_ones_own_values_an_officers_and_those_for_a_purpose(
    actor: Actor,
    subject: Party,
    for_purpose: bool,
    grade: Sensitivity,
) -> None:
    assert grade_seen(actor, subject, for_purpose=for_purpose) is grade
