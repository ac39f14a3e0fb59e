"""The verbs of the case engine. Each is one transaction on one case, idempotent by its command id."""

from shuzheng.engines.cases.actions.escalating import escalate_due
from shuzheng.engines.cases.actions.leading import reassign_task, urge_task
from shuzheng.engines.cases.actions.opening import open_case
from shuzheng.engines.cases.actions.processes import publish_process
from shuzheng.engines.cases.actions.recounting import recount_deadlines
from shuzheng.engines.cases.actions.tasks import claim_task, complete_task, withdraw_case
from shuzheng.engines.cases.actions.timers import fire_due_timers, run_action_job

__all__ = [
    "claim_task",
    "complete_task",
    "escalate_due",
    "fire_due_timers",
    "open_case",
    "publish_process",
    "reassign_task",
    "recount_deadlines",
    "run_action_job",
    "urge_task",
    "withdraw_case",
]
