"""Tables of the room in the operational database."""

from shuzheng.engines.lake.models.discovery import GradeOverride, Proposal
from shuzheng.engines.lake.models.quality import QualityRun, QualityScore
from shuzheng.engines.lake.models.tables import TableEdition

__all__ = ["GradeOverride", "Proposal", "QualityRun", "QualityScore", "TableEdition"]
