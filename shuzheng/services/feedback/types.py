"""Words of the room: levels, tags and ratings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Final

from shuzheng.base.kernel.types import CaseId

COMMENT_LIMIT: Final = 500


class RatingLevel(IntEnum):
    """The five levels. Source: 国办发〔2019〕51号."""

    VERY_SATISFIED = 5
    SATISFIED = 4
    FAIRLY_SATISFIED = 3
    DISSATISFIED = 2
    VERY_DISSATISFIED = 1


LEVEL_LABELS: Final[Mapping[RatingLevel, str]] = {
    RatingLevel.VERY_SATISFIED: "非常满意",
    RatingLevel.SATISFIED: "满意",
    RatingLevel.FAIRLY_SATISFIED: "基本满意",
    RatingLevel.DISSATISFIED: "不满意",
    RatingLevel.VERY_DISSATISFIED: "非常不满意",
}
GOOD_TAGS: Final = ("办得快", "指南写得清楚", "材料少", "页面好用", "工作人员耐心")
BAD_TAGS: Final = ("办得慢", "指南和实际不一样", "反复补材料", "页面不好用", "态度不好", "没有一次说清")
TAGS: Final = frozenset((*GOOD_TAGS, *BAD_TAGS))


@dataclass(frozen=True, slots=True)
class RatingView:
    """A rating of a case."""

    case_id: CaseId
    level: RatingLevel
    tags: tuple[str, ...]
    comment: str = field(repr=False)
    rated_at: datetime

    @property
    def level_label(self) -> str:
        """Return the level in Chinese."""
        return LEVEL_LABELS[self.level]

    @property
    def is_bad(self) -> bool:
        """Tell whether it must be looked into within 15 working days (不满意, 非常不满意)."""
        return self.level <= RatingLevel.DISSATISFIED
