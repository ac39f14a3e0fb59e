"""Tables of the room in the operational database."""

from shuzheng.engines.lake.models.asking import GatherRequest
from shuzheng.engines.lake.models.discovery import GradeOverride, Proposal
from shuzheng.engines.lake.models.gathering import Batch, Quarantined, SourceEdition
from shuzheng.engines.lake.models.quality import QualityRun, QualityScore
from shuzheng.engines.lake.models.reading import BudgetDay, QueryRecord, SavedQuery
from shuzheng.engines.lake.models.sealing import Sealing
from shuzheng.engines.lake.models.tables import TableEdition

__all__ = [
    "Batch",
    "BudgetDay",
    "GatherRequest",
    "GradeOverride",
    "Proposal",
    "QualityRun",
    "QualityScore",
    "Quarantined",
    "QueryRecord",
    "SavedQuery",
    "Sealing",
    "SourceEdition",
    "TableEdition",
]
