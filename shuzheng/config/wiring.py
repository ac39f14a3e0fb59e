"""Connect the rooms: every port a lower room publishes is filled here and nowhere else."""

from datetime import datetime, timedelta

from shuzheng.base.access.types import HOLDERS
from shuzheng.base.directory.actions import sweep_sessions
from shuzheng.base.directory.events import (
    DeputyNamed,
    DeputyReleased,
    MandateAnswered,
    MandateEnded,
    MandateOffered,
    PasswordChanged,
)
from shuzheng.base.jobs.actions import purge_done_jobs
from shuzheng.base.jobs.types import HANDLERS, SCHEDULE, Periodic
from shuzheng.base.kernel.events import subscribe
from shuzheng.base.ledger.actions import sequence_pending
from shuzheng.config import telling
from shuzheng.config.channels import register_channels
from shuzheng.config.declared import register_sealed
from shuzheng.config.files import register_files
from shuzheng.engines.cases.actions import escalate_due, fire_due_timers, recount_deadlines, run_action_job
from shuzheng.engines.cases.actions.steps import RUN_ACTION
from shuzheng.engines.cases.events import (
    CaseClosed,
    CaseMoved,
    CaseOpened,
    TaskNearlyDue,
    TaskOverdue,
    TaskReassigned,
    TaskUrged,
)
from shuzheng.engines.cases.types import ACTIONS, FACTS
from shuzheng.engines.credentials.actions import forget_presentations
from shuzheng.engines.lake.queries.holding import TABLES, find_standings
from shuzheng.portals.officer import telling as desk
from shuzheng.services.benefits import actions as benefits
from shuzheng.services.items import actions as items
from shuzheng.services.items.actions import changing
from shuzheng.services.items.queries import guard_facts
from shuzheng.services.rulebook import actions as rulebook

BATCH = 1000


def connect() -> None:
    """Register service actions, job handlers, schedules and event subscribers. Called once at start-up."""
    FACTS.register("form", guard_facts)
    ACTIONS.register("items.accept_case", items.accept_case)
    ACTIONS.register("items.issue_result", items.issue_result)
    ACTIONS.register("items.tell_refused", items.tell_refused)
    ACTIONS.register("rulebook.publish_rule", rulebook.publish_rule)
    ACTIONS.register("rulebook.return_rule", rulebook.return_rule)
    ACTIONS.register("rulebook.refuse_rule", rulebook.refuse_rule)

    subscribe(CaseOpened, items.on_case_opened)
    subscribe(CaseMoved, items.on_case_moved)
    subscribe(CaseClosed, items.on_case_closed)
    subscribe(CaseClosed, rulebook.on_case_closed)

    subscribe(MandateOffered, telling.on_mandate_offered)
    subscribe(MandateAnswered, telling.on_mandate_answered)
    subscribe(MandateEnded, telling.on_mandate_ended)
    subscribe(PasswordChanged, telling.on_password_changed)

    subscribe(TaskReassigned, desk.on_task_reassigned)
    subscribe(TaskUrged, desk.on_task_urged)
    subscribe(TaskNearlyDue, desk.on_task_nearly_due)
    subscribe(TaskOverdue, desk.on_task_overdue)
    subscribe(DeputyNamed, desk.on_deputy_named)
    subscribe(DeputyReleased, desk.on_deputy_released)

    HANDLERS.register(items.JOB, items.send_case_notice)
    HANDLERS.register(changing.TAKE_EFFECT_JOB, changing.take_effect)
    HANDLERS.register(RUN_ACTION, run_action_job)
    HANDLERS.register(benefits.STEP_JOB, benefits.run_step)

    HOLDERS.register(TABLES, find_standings)

    register_channels()
    register_files()
    register_sealed()

    day = timedelta(days=1)
    SCHEDULE.register("ledger.sequence", Periodic(timedelta(seconds=5), _sequence))
    SCHEDULE.register("cases.timers", Periodic(timedelta(minutes=1), _fire))
    SCHEDULE.register("cases.recount", Periodic(day, _recount, offset=timedelta(hours=17)))
    SCHEDULE.register("cases.escalate", Periodic(day, _escalate))
    SCHEDULE.register("jobs.purge", Periodic(day, _purge_jobs, offset=timedelta(hours=18)))
    SCHEDULE.register("items.purge", Periodic(day, _purge_items, offset=timedelta(hours=18, minutes=20)))
    SCHEDULE.register("items.drafts", Periodic(day, items.warn_expiring))
    SCHEDULE.register("credentials.forget", Periodic(day, forget_presentations, offset=timedelta(hours=19)))
    SCHEDULE.register("directory.sessions", Periodic(timedelta(hours=1), _sweep_sessions))


def _sequence(at: datetime) -> None:
    while sequence_pending(at=at, limit=BATCH) == BATCH:
        pass


def _fire(at: datetime) -> None:
    while fire_due_timers(at=at, limit=200) == 200:
        pass


def _escalate(at: datetime) -> None:
    """Tell of deadlines; the period of a day begins at midnight UTC, the morning in the east."""
    while escalate_due(at=at, limit=200) == 200:
        pass


def _recount(at: datetime) -> None:
    recount_deadlines(at=at)


def _purge_jobs(at: datetime) -> None:
    purge_done_jobs(at=at)


def _purge_items(at: datetime) -> None:
    items.purge_expired(at=at)
    items.purge_held(at=at)
    items.purge_kept(at=at)


def _sweep_sessions(at: datetime) -> None:
    sweep_sessions(at=at)
