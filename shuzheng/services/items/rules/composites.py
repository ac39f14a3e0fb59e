"""Composite services (一件事) and benchmarks (对标): their words, and the conditions that choose among items."""

from dataclasses import dataclass
from enum import StrEnum

from shuzheng.base.kernel.types import ItemCode
from shuzheng.services.items.types import Applicant


@dataclass(frozen=True, slots=True)
class BenchmarkView:
    """What another place promises for an item (对标).

    Attributes:
        place: Which best: 全国最优, or that of a region or province.
        place_name: The place.
        promised_days: Working days.
        papers: Papers asked for.
    """

    item: ItemCode
    place: str
    place_name: str
    promised_days: int
    papers: int


class QuestionKind(StrEnum):
    """How a question of a composite service is answered."""

    SINGLE = "single"
    MULTI = "multi"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class CompositeQuestion:
    """A question that decides which items belong to a composite service."""

    id: str
    text: str
    kind: QuestionKind
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompositeItem:
    """An item of a composite service.

    Attributes:
        stage: Items of one stage run side by side, stages one after the other; from 1.
        when: Condition on `answer.<question>`, in the rules' expressions; '' is always.
    """

    item: ItemCode
    name: str
    stage: int
    when: str


@dataclass(frozen=True, slots=True)
class CompositeView:
    """A composite service (一件事): several items asked for at once."""

    code: str
    version: int
    name: str
    audience: Applicant
    department: str
    summary: str
    questions: tuple[CompositeQuestion, ...]
    items: tuple[CompositeItem, ...]
