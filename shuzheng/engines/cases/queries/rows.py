"""Read cases with their live tokens in one hand-written statement, the same text for SQLite and PostgreSQL.

The ORM would double the cost of a step. `state = 'o'` is written literally: as a bound value under a generic plan it
loses the partial index.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, TypeAlias
from uuid import UUID

from django.db import connection

from shuzheng.base.kernel.types import (
    CaseId,
    DivisionCode,
    ItemCode,
    Levels,
    OrgId,
    Party,
    PartyKind,
    PersonId,
)
from shuzheng.engines.cases.rules.clocks import clocks_from_json
from shuzheng.engines.cases.rules.state import CaseData, Token, TokenKind
from shuzheng.engines.cases.types import CaseState

DbValue: TypeAlias = str | int | bytes | UUID | date | None
"""What a place in a statement may be given; a datetime is a date."""
Loaded: TypeAlias = tuple[CaseData, list[Token]]

_CASE_COLUMNS: Final = (
    "id, public_id, number, process_id, item, item_version, title, division, applicant_kind, applicant_id, "
    "applicant_name, contact, parts, l1, l2, l3, l4, acceptance_days, promised_days, legal_days, law, opened_at, rev, "
    "next_n, state, result, clocks, received_at, accepted_at, closed_at, paused_at, due_on"
)
_CASE: Final = _CASE_COLUMNS.split(", ")
_PROCESS: Final = ("key", "version", "digest")
_TOKEN: Final = ("n", "node", "kind", "host", "role", "org", "assignee", "assignee_name", "clock", "due_at")
_COLUMNS: Final = (
    *(f"c.{name}" for name in _CASE),
    *(f"p.{name}" for name in _PROCESS),
    *(f"t.{name}" for name in _TOKEN),
)
_SELECT: Final = (
    f"select {', '.join(_COLUMNS)} from cases_case c join cases_process p on p.id = c.process_id "  # noqa: S608 - constants
    "left join cases_token t on t.case_id = c.id and t.state = 'o' where "
)
_NAMES: Final = (*_CASE, *(f"process_{name}" for name in _PROCESS), *(f"token_{name}" for name in _TOKEN))


def load_cases(where: str, values: Sequence[DbValue]) -> list[Loaded]:
    """Return the cases a condition finds, newest first, each with its live tokens.

    Args:
        where: SQL condition over `c`, made of constants and `%s` only.
        values: Values of its places, made ready by `to_db`.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT}{where} order by c.id desc, t.n", values)
        rows = cursor.fetchall()
    found: dict[int, Loaded] = {}
    for row in rows:
        named = dict(zip(_NAMES, row, strict=True))
        if named["id"] not in found:
            found[named["id"]] = (_case(named), [])
        if named["token_n"] is not None:
            found[named["id"]][1].append(_token(named))
    return list(found.values())


def load_case(case_id: CaseId) -> Loaded | None:
    """Return a case with its live tokens, None when there is none; one statement."""
    return next(iter(load_cases("c.public_id = %s", [to_db(case_id)])), None)


def to_db(value: DbValue) -> DbValue:
    """Return a value as the database's cursor wants it: uuid, moment and day differ on SQLite."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def to_uuid(value: object) -> UUID:
    """Return a uuid read by a cursor."""
    return value if isinstance(value, UUID) else UUID(str(value))


def to_moment(value: object) -> datetime | None:
    """Return a moment read by a cursor, aware and in UTC."""
    if value is None:
        return None
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _known_moment(value: object) -> datetime:
    at = to_moment(value)
    if at is None:
        raise TypeError("a moment that must be known is null")
    return at


def _day(value: object) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def _json_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _case(row: Mapping[str, object]) -> CaseData:
    def text(name: str) -> str:
        return str(row[name])

    def number(name: str) -> int:
        return int(text(name))

    def level(name: str) -> OrgId | None:
        return OrgId(text(name)) if row[name] else None

    digest = row["process_digest"]
    return CaseData(
        id=CaseId(to_uuid(row["public_id"])),
        number=text("number"),
        process_pk=number("process_id"),
        process_key=text("process_key"),
        process_version=number("process_version"),
        process_digest=bytes(digest) if isinstance(digest, bytes | memoryview) else b"",
        item=ItemCode(text("item")),
        item_version=number("item_version"),
        title=text("title"),
        division=DivisionCode(text("division")),
        applicant=Party(PartyKind(text("applicant_kind")), to_uuid(row["applicant_id"]), text("applicant_name")),
        contact=PersonId(to_uuid(row["contact"])),
        parts={part: OrgId(org) for part, org in json.loads(_json_text(row["parts"])).items()},
        levels=Levels(OrgId(text("l1")), level("l2"), level("l3"), level("l4")),
        acceptance_days=number("acceptance_days"),
        promised_days=number("promised_days"),
        legal_days=None if row["legal_days"] is None else number("legal_days"),
        law=text("law"),
        opened_at=_known_moment(row["opened_at"]),
        pk=number("id"),
        rev=number("rev"),
        next_n=number("next_n"),
        state=CaseState(text("state")),
        result=text("result"),
        clocks=clocks_from_json(_json_text(row["clocks"])),
        received_at=_known_moment(row["received_at"]),
        accepted_at=to_moment(row["accepted_at"]),
        closed_at=to_moment(row["closed_at"]),
        paused_at=to_moment(row["paused_at"]),
        due_on=_day(row["due_on"]),
    )


def _token(row: Mapping[str, object]) -> Token:
    host, assignee = row["token_host"], row["token_assignee"]
    return Token(
        n=int(str(row["token_n"])),
        node=str(row["token_node"]),
        kind=TokenKind(str(row["token_kind"])),
        due_at=_known_moment(row["token_due_at"]),
        clock=str(row["token_clock"]),
        host=None if host is None else int(str(host)),
        role=str(row["token_role"]),
        org=str(row["token_org"]),
        assignee=None if assignee is None else PersonId(to_uuid(assignee)),
        assignee_name=str(row["token_assignee_name"]),
    )
