"""Many writers at once, on whichever database the tests run on."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connection

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.credentials import actions, errors
from shuzheng.engines.credentials.models import Licence, Serial
from shuzheng.engines.credentials.types import NewLicence, VerdictState
from tests.credentials.builders import AT, for_firm, load_template, make_licence, make_new, make_officer

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8


@pytest.fixture(autouse=True)
def _city(transactional_db: None) -> None:
    load_template()


def together(jobs: list[object]) -> list[object]:
    def run(job: object) -> object:
        try:
            return job()  # type: ignore[operator]
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, jobs))


def issue(new: NewLicence, command: UUID) -> str:
    return actions.issue_licence(new, command_id=command, actor=SYSTEM, at=AT).number


def test_serials_are_unique_and_without_gap() -> None:
    new = make_new()
    numbers = together([lambda: issue(new, uuid4()) for _ in range(WRITERS * 2)])
    assert sorted(str(number)[-6:] for number in numbers) == [f"{n:06d}" for n in range(1, WRITERS * 2 + 1)]


def test_one_command_sent_by_many_gives_one_licence_and_one_number() -> None:
    new, command = make_new(), uuid4()
    assert len(set(together([lambda: issue(new, command) for _ in range(WRITERS)]))) == 1
    assert Licence.objects.count() == 1
    assert Serial.objects.get().last == 1


def test_of_many_who_revoke_at_once_one_does() -> None:
    licence = make_licence()

    def revoke() -> str:
        try:
            actions.revoke_licence(licence.id, reason="停业", actor=make_officer(), at=AT)
        except errors.WrongState:
            return "told"
        return "done"

    assert sorted(str(one) for one in together([revoke] * WRITERS)) == ["done"] + ["told"] * (WRITERS - 1)


def test_of_many_who_check_one_presentation_one_is_first() -> None:
    licence = make_licence()
    code = actions.present_licence(licence.id, actor=for_firm(), at=AT).url_fragment

    def check() -> bool:
        verdict = actions.verify_code(code, at=AT)
        assert verdict.state is VerdictState.VALID
        return verdict.first_seen_at is None

    assert together([check] * WRITERS).count(True) == 1
