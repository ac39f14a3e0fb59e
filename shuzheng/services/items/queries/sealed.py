"""What this room keeps sealed; see `kernel.sealed`."""

from typing import Final

from shuzheng.base.kernel.sealed import SealedColumn

COLUMNS: Final = (
    SealedColumn("items.Draft", "answers", "items.draft.answers"),
    SealedColumn("items.Application", "answers", "items.application.answers"),
    SealedColumn("items.Supplement", "note", "items.supplement.note", owner="command_id"),
    SealedColumn("items.HeldInput", "content", "items.held", owner="", life="24 小时"),
    SealedColumn("items.KeptInput", "content", "items.kept"),
    SealedColumn("items.CheckedFact", "content", "items.checked"),
    SealedColumn(
        "jobs.Outbox", "payload.sealed", "items.notice", owner="payload.to", only={"handler": "items.send_case_notice"}
    ),
)
"""The last one is what a job of this room will say; the job's own room only keeps it."""
