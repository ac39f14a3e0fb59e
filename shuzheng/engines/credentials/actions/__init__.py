"""The verbs of the room."""

from shuzheng.engines.credentials.actions.issuing import correct_licence, issue_licence
from shuzheng.engines.credentials.actions.presenting import (
    forget_presentations,
    present_licence,
    verify_code,
    verify_number,
)
from shuzheng.engines.credentials.actions.states import resume_licence, revoke_licence, suspend_licence

__all__ = [
    "correct_licence",
    "forget_presentations",
    "issue_licence",
    "present_licence",
    "resume_licence",
    "revoke_licence",
    "suspend_licence",
    "verify_code",
    "verify_number",
]
