"""What is typed into a form is kept for the person who typed it, until it is sent."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shuzheng.base.kernel.types import PersonId
from shuzheng.services.items import actions, errors
from shuzheng.services.items.models import KeptInput
from tests.items.city import AT

PATH = "/my/cases/34150220240105001/supplement/"


def somebody() -> PersonId:
    return PersonId(uuid4())


def test_it_comes_back_to_the_same_person_and_form_only(db: None) -> None:
    mine = somebody()
    kept = actions.keep_input(PATH, {"note": ["平面图在补"]}, rev=0, person=mine, at=AT)
    assert "平面图".encode() not in bytes(KeptInput.objects.get().content)
    found = actions.read_kept([PATH, "/other/"], person=mine, at=AT)
    assert found == {PATH: kept}
    assert actions.read_kept([PATH], person=somebody(), at=AT) == {}
    assert actions.read_kept(["/other/"], person=mine, at=AT) == {}


def test_each_saving_takes_the_place_of_the_last(db: None) -> None:
    mine = somebody()
    first = actions.keep_input(PATH, {"note": ["平面"]}, rev=0, person=mine, at=AT)
    second = actions.keep_input(PATH, {"note": ["平面图"]}, rev=first.rev, person=mine, at=AT)
    assert second.rev == 2
    assert actions.read_kept([PATH], person=mine, at=AT)[PATH].typed == {"note": ["平面图"]}
    assert KeptInput.objects.count() == 1


def test_another_device_is_not_written_over(db: None) -> None:
    mine = somebody()
    first = actions.keep_input(PATH, {"note": ["甲"]}, rev=0, person=mine, at=AT)
    with pytest.raises(errors.KeptElsewhere):
        actions.keep_input(PATH, {"note": ["乙"]}, rev=0, person=mine, at=AT)
    actions.keep_input(PATH, {"note": ["甲甲"]}, rev=first.rev, person=mine, at=AT)
    with pytest.raises(errors.KeptElsewhere):
        actions.keep_input(PATH, {"note": ["乙"]}, rev=first.rev, person=mine, at=AT)
    assert actions.read_kept([PATH], person=mine, at=AT)[PATH].typed == {"note": ["甲甲"]}


def test_it_is_forgotten_when_sent_and_after_thirty_days(db: None) -> None:
    mine = somebody()
    actions.keep_input(PATH, {"note": ["甲"]}, rev=0, person=mine, at=AT)
    actions.drop_kept(PATH, person=somebody())
    assert KeptInput.objects.count() == 1
    actions.drop_kept(PATH, person=mine)
    assert KeptInput.objects.count() == 0
    actions.keep_input(PATH, {"note": ["甲"]}, rev=0, person=mine, at=AT)
    late = AT + timedelta(days=30)
    assert actions.read_kept([PATH], person=mine, at=late) == {}
    actions.purge_kept(late - timedelta(seconds=1))
    assert KeptInput.objects.count() == 1
    actions.purge_kept(late)
    assert KeptInput.objects.count() == 0


def test_neither_a_text_nor_their_number_grows_without_end(db: None) -> None:
    mine = somebody()
    with pytest.raises(errors.HeldTooLarge):
        actions.keep_input(PATH, {"note": ["长" * 100_000]}, rev=0, person=mine, at=AT)
    for n in range(103):
        actions.keep_input(f"/{n}/", {"note": ["甲"]}, rev=0, person=mine, at=AT + timedelta(seconds=n))
    assert KeptInput.objects.count() == 100
    later = AT + timedelta(seconds=200)
    assert actions.read_kept(["/2/", "/3/"], person=mine, at=later).keys() == {"/3/"}
