"""Verbs of the room."""

from shuzheng.services.benefits.actions.runs import STEP_JOB, run_step, start_run

__all__ = ["STEP_JOB", "run_step", "start_run"]
