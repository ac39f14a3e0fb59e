"""Recording an act."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from shuzheng.base.kernel.types import SYSTEM, Actor, FirmId, OrgId, Party, PartyKind, PersonId, PostId
from shuzheng.base.ledger import actions
from shuzheng.base.ledger.models import Entry
from shuzheng.base.ledger.rules.leaf import leaf_bytes, matches_content
from shuzheng.base.ledger.rules.merkle import hash_leaf

AT = datetime(2026, 11, 24, 1, 2, 3, 4, tzinfo=UTC)
FIRM = Party(PartyKind.FIRM, FirmId(uuid4()), "青禾餐饮有限公司")
CLERK = Actor(
    "李小华", PersonId(uuid4()), PostId(uuid4()), OrgId("11350100M000100Y44"), "窗口", frozenset({"approval"}), FIRM
)


@pytest.mark.django_db
def test_recording_is_exactly_one_insert(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1) as seen:
        actions.record("cases.accepted", "urn:shuzheng:case:1", actor=CLERK, at=AT, content={"a": 1})
    assert seen[0]["sql"].startswith("INSERT")


@pytest.mark.django_db
def test_an_entry_holds_ids_and_a_commitment_but_neither_name_nor_content() -> None:
    content = {"opinion": "材料齐全", "id_no": "11010519491231002X"}
    entry_id = actions.record(
        "cases.accepted", "urn:shuzheng:case:1", actor=CLERK, at=AT, content=content, related=[FIRM.urn, "urn:x:2"]
    )
    entry = Entry.objects.get(public_id=entry_id)
    leaf = leaf_bytes(entry.to_leaf())
    assert entry.leaf_hash == hash_leaf(leaf)
    assert entry.salt is not None
    commitment, salt = bytes(entry.commitment), bytes(entry.salt)
    assert matches_content(commitment, salt, content)
    assert not matches_content(commitment, salt, {**content, "opinion": "材料不全"})
    for secret in ("李小华", "青禾", "材料", "11010519491231002X", salt.hex()):
        assert secret not in leaf.decode()
    view = entry.to_view()
    assert (view.at, view.post, view.on_behalf_of) == (AT, str(CLERK.post), FIRM.urn)
    assert view.related == (FIRM.urn, "urn:x:2")


@pytest.mark.django_db
def test_an_entry_vanishes_with_the_transaction_of_its_act() -> None:
    with transaction.atomic():
        actions.record("cases.accepted", "urn:shuzheng:case:1", actor=SYSTEM, at=AT)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_entries_of_one_instant_sort_in_the_order_they_were_recorded() -> None:
    made = [actions.record("a.b", "urn:x:1", actor=SYSTEM, at=AT) for _ in range(50)]
    assert made == sorted(made)
    assert all(each.version == 7 for each in made)


@pytest.mark.django_db
def test_a_naive_time_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(ValueError, match="aware"):
        actions.record("a.b", "urn:x:1", actor=SYSTEM, at=AT.replace(tzinfo=None))
    assert not Entry.objects.exists()
