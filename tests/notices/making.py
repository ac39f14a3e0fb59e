"""Builders."""

from datetime import UTC, datetime

from shuzheng.base.directory.models import Person
from shuzheng.base.directory.queries.sealing import seal_field
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import PersonId


def make_person(*, mobile: str = "") -> PersonId:
    """A person of the register with a mobile, '' for none."""
    person = new_id(datetime(2026, 1, 1, tzinfo=UTC))
    Person.objects.create(
        public_id=person, name="甲", status="正常", mobile_sealed=seal_field("person.mobile", person, mobile)
    )
    return PersonId(person)
