"""Put one edition together; for this room only."""

from datetime import date, datetime

from shuzheng.base.kernel.types import PersonId
from shuzheng.engines.rules.types import Schema
from shuzheng.services.rulebook.models import FactSheetEdition, RuleEdition
from shuzheng.services.rulebook.rules.checking import haystack_of
from shuzheng.services.rulebook.rules.succession import digest_of_rule, digest_of_words
from shuzheng.services.rulebook.types import NewRule, Origin


def make_edition(
    rule: NewRule,
    sheet: FactSheetEdition,
    schema: Schema,
    used: frozenset[str],
    *,
    edition: int,
    begins: date,
    at: datetime,
    origin: Origin = Origin.PACK,
    by: PersonId | None = None,
) -> RuleEdition:
    """Return a row that is not saved yet, in force from `begins` on."""
    book, owner, *key = rule.code.split("/", 2)
    return RuleEdition(
        code=rule.code,
        edition=edition,
        book=book,
        owner=owner,
        place=f"{book}/{owner}/{rule.position:06d}/{'/'.join(key)}",
        kind=rule.kind,
        sheet=sheet,
        label=rule.label,
        text=rule.text,
        failure=rule.failure,
        source=rule.source,
        source_url=rule.source_url,
        tests=rule.tests,
        position=rule.position,
        department=rule.department,
        valid_from=begins,
        valid_to=rule.valid_to,
        planned_to=rule.valid_to,
        origin=origin,
        digest=digest_of_rule(rule, sheet.digest),
        words_digest=digest_of_words(rule),
        haystack=haystack_of(rule, schema, used),
        published_at=at,
        published_by=by,
    )
