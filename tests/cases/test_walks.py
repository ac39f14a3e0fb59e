"""Random walks: wherever a case gets to, the publication check had found that marking, and the clocks agree."""

import random
from collections import Counter
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings, strategies as st

from shuzheng.base.kernel.calendar import national_days
from shuzheng.base.kernel.errors import NotFound
from shuzheng.base.kernel.types import Actor, CaseId, DivisionCode, ItemCode, PersonId
from shuzheng.engines.cases import actions, errors
from shuzheng.engines.cases.models import Case, History, Token as TokenRow
from shuzheng.engines.cases.queries.rows import load_case
from shuzheng.engines.cases.queries.tables import table_of
from shuzheng.engines.cases.rules.clocks import Calendar
from shuzheng.engines.cases.rules.compile import compile_process
from shuzheng.engines.cases.rules.state import FAR, CaseData, Token, TokenKind
from shuzheng.engines.cases.rules.step import Step, marking_of
from shuzheng.engines.cases.rules.table import ProcessTable
from shuzheng.engines.cases.rules.views import case_view, recall, remember
from shuzheng.engines.cases.types import ACTIONS, CaseState, TaskInput
from tests.cases.making import (
    AT,
    BUREAU,
    LEVELS,
    WATCHED,
    drawing,
    make_applicant,
    make_officer,
    make_owner,
    open_one,
)

WRITTEN = TaskInput(opinion="同意", reasons=("缺章",), papers=(1,))
CALENDAR = Calendar(national_days(2024, 2030), "Asia/Shanghai")
TABLES = {
    "promised": compile_process(drawing("promised"), actions=ACTIONS, sources={"form"}),
    "instant": compile_process(drawing("instant"), actions=ACTIONS, sources={"form"}),
    "watched": compile_process(WATCHED, actions=ACTIONS, sources={"form"}),
}


def make_case(table: ProcessTable) -> CaseData:
    owner = make_applicant()
    assert owner.party
    return CaseData(
        id=CaseId(uuid4()),
        number="1",
        process_pk=1,
        process_key=table.key,
        process_version=1,
        process_digest=b"",
        item=ItemCode("1"),
        item_version=1,
        title="办理",
        division=DivisionCode("990102"),
        applicant=owner.party,
        contact=PersonId(uuid4()),
        parts={"window": BUREAU, "decider": BUREAU},
        levels=LEVELS,
        acceptance_days=5,
        promised_days=4,
        legal_days=20,
        law="",
        opened_at=AT,
    )


def begin(case: CaseData, tokens: list[Token], table: ProcessTable, at: datetime) -> Step:
    promised = (True, False, None)[case.next_n % 3]
    return Step(case, tokens, table, CALENDAR, at=at, act=lambda _: None, look_up=lambda: {"form.promise": promised})


def move(step: Step, token: Token, choice: random.Random) -> None:
    if token.kind is TokenKind.TASK:
        step.complete(token, choice.choice(step.table.task(token.node).outcomes))
    elif token.kind is TokenKind.TIMER:
        step.fire(token)
    else:
        step.finish_job(token)


def check(step: Step, table: ProcessTable) -> None:
    case, tokens = step.case, list(step.live.values())
    assert marking_of(tokens) in table.markings
    assert (not tokens) == case.state.is_over
    assert len({token.n for token in tokens}) == len(tokens)
    assert all(token.host in step.live for token in tokens if token.host)
    paused = any(clock.state == "paused" for clock in case.clocks)
    assert (case.state is CaseState.PAUSED) == paused == (case.paused_at is not None)
    for token in tokens:
        clock = next((clock for clock in case.clocks if clock.kind == token.clock), None)
        if token.clock:
            running = clock is not None and clock.state == "running"
            assert (token.due_at < FAR) == running
    view = case_view(case, tokens, table, CALENDAR)
    assert case_view(*recall(case, remember(case, tokens)), table, CALENDAR) == view


@pytest.mark.parametrize("key", sorted(TABLES))
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_marking_of_a_random_walk_was_found_at_publication(key: str, seed: int) -> None:
    choice, table, at = random.Random(seed), TABLES[key], AT
    case = make_case(table)
    step = begin(case, [], table, at)
    step.start()
    check(step, table)
    for _ in range(30):
        if case.state.is_over:
            break
        at += timedelta(hours=choice.randrange(60))
        step = begin(case, list(step.live.values()), table, at)
        move(step, choice.choice(list(step.live.values())), choice)
        check(step, table)


def test_a_random_walk_reaches_every_marking_explored() -> None:
    """The check would be worthless if it allowed far more than can happen."""
    for key, table in TABLES.items():
        seen = set()
        for seed in range(400):
            choice, case = random.Random(seed), make_case(table)
            step = begin(case, [], table, AT)
            step.start()
            while not case.state.is_over and len(case.clocks) < 9 and case.next_n < 60:
                seen.add(marking_of(step.live.values()))
                step = begin(case, list(step.live.values()), table, AT)
                move(step, choice.choice(list(step.live.values())), choice)
            seen.add(marking_of(step.live.values()))
        assert seen == table.markings, key


def attempt(case_id: CaseId, actor: Actor, at: datetime, choice: random.Random) -> str:
    """One random command on a case; returns what came of it, `over` when nothing is left to do."""
    loaded = load_case(case_id)
    assert loaded
    case, tokens = loaded
    table = table_of(case)
    assert marking_of(tokens) in table.markings
    if not tokens:
        return "over"
    token = choice.choice(tokens)
    try:
        if choice.random() < 0.04:
            actions.withdraw_case(case_id, reason="", command_id=uuid4(), actor=actor, at=at)
        elif token.kind is TokenKind.TASK:
            outcome = choice.choice(table.task(token.node).outcomes).id
            actions.complete_task(case_id, token.n, outcome, given=WRITTEN, command_id=uuid4(), actor=actor, at=at)
        elif token.kind is TokenKind.JOB:
            actions.run_action_job({"case": str(case_id), "n": token.n}, at)
        else:
            actions.fire_due_timers(at=at)
    except (errors.NotYourTask, errors.MayNotWithdraw, NotFound) as refusal:
        return type(refusal).__name__
    return "done"


@pytest.mark.usefixtures("city")
def test_random_commands_through_the_database_stay_within_the_explored_markings() -> None:
    actions.publish_process("watched", WATCHED, actor=make_officer(), at=AT)
    choice = random.Random(7)
    clerk, approver, stranger = make_officer(), make_officer(BUREAU, "approval"), make_applicant()
    came: Counter[str] = Counter()
    for _ in range(25):
        owner, at = make_owner(), AT
        case_id = open_one(owner, process=choice.choice(["promised", "watched", "instant"]), at=at).id
        for _ in range(14):
            at += timedelta(hours=choice.randrange(40))
            came[attempt(case_id, choice.choice([clerk, approver, owner, stranger]), at, choice)] += 1
    assert came["done"] > 50
    assert came["NothingToSee"] > 10
    for row in Case.objects.all():
        seqs = list(History.objects.filter(case=row).order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, row.rev + 1))
        open_rows = TokenRow.objects.filter(case=row, state="o").count()
        assert (open_rows == 0) == CaseState(row.state).is_over
