"""The verbs of the room."""

from shuzheng.services.items.actions.checking import record_checks
from shuzheng.services.items.actions.deciding import accept_case, issue_result, tell_refused
from shuzheng.services.items.actions.drafts import (
    attach_paper,
    discard_draft,
    purge_expired,
    remove_paper,
    save_section,
    start_draft,
    warn_expiring,
)
from shuzheng.services.items.actions.holding import hold_input, purge_held, take_held_input
from shuzheng.services.items.actions.keeping import Kept, drop_kept, keep_input, purge_kept, read_kept
from shuzheng.services.items.actions.searching import IndexChanges, keep_words, rebuild_search, refresh_search
from shuzheng.services.items.actions.submission import apply_at_once, submit_draft
from shuzheng.services.items.actions.supplement import supplement_case
from shuzheng.services.items.actions.telling import (
    JOB,
    on_case_closed,
    on_case_moved,
    on_case_opened,
    send_case_notice,
)

__all__ = [
    "JOB",
    "IndexChanges",
    "Kept",
    "accept_case",
    "apply_at_once",
    "attach_paper",
    "discard_draft",
    "drop_kept",
    "hold_input",
    "issue_result",
    "keep_input",
    "keep_words",
    "on_case_closed",
    "on_case_moved",
    "on_case_opened",
    "purge_expired",
    "purge_held",
    "purge_kept",
    "read_kept",
    "rebuild_search",
    "record_checks",
    "refresh_search",
    "remove_paper",
    "save_section",
    "send_case_notice",
    "start_draft",
    "submit_draft",
    "supplement_case",
    "take_held_input",
    "tell_refused",
    "warn_expiring",
]
