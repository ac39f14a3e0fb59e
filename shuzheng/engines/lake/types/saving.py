"""Queries kept, queries asked, and what is left of a day's budget."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shuzheng.base.kernel.types import JsonObject, OrgId, PersonId, PostId

SavedQueryId = NewType("SavedQueryId", UUID)
QueryId = NewType("QueryId", UUID)


class QueryState(StrEnum):
    """How a query ended."""

    OK = "ok"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class QueryDraft:
    """What a person keeps.

    Attributes:
        title: Chinese, at most 60 characters; everyone of the unit reads it once shared.
        text: SQL as it was typed.
        purpose: What the query is asked for; asked again with it.
        chart: How the page draws the result; None: as a table.
        shared: Whether the unit may read it.
    """

    title: str
    text: str = field(repr=False)
    purpose: str
    chart: JsonObject | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class SavedView:
    """A kept query.

    Attributes:
        owner: Name of who keeps it.
        mine: Whether the actor may change it.
    """

    id: SavedQueryId
    title: str
    text: str = field(repr=False)
    purpose: str
    chart: JsonObject | None
    shared: bool
    owner: str
    owner_id: PersonId
    post: PostId
    org: OrgId
    mine: bool
    created_at: datetime
    changed_at: datetime

    @property
    def urn(self) -> str:
        """Return the name records carry."""
        return f"urn:shuzheng:lake:saved-query:{self.id}"


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One query that was asked.

    Attributes:
        tables: Codes, in order.
        rows: How many left.
        ms: How long it took.
        refusal: Code of the error, '' where it was answered.
    """

    id: QueryId
    text: str = field(repr=False)
    purpose: str
    tables: tuple[str, ...]
    rows: int
    ms: int
    state: QueryState
    refusal: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BudgetView:
    """What is used up of a day's queries.

    Attributes:
        used: Queries asked today, of any table.
        most: Queries a day.
        used_in_groups: Of these, queries of tables the post may read in groups alone.
        most_in_groups: The stricter limit on those.
    """

    used: int
    most: int
    used_in_groups: int
    most_in_groups: int
