"""Sessions: listed with their device, ended one by one or everywhere; passwords; real-name levels."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError

from shuzheng.base.directory import actions, errors, queries
from shuzheng.base.directory.backends.sessions import DEVICE, METHOD, OPENED_AT, SessionStore
from shuzheng.base.directory.models import Session
from shuzheng.base.directory.rules.devices import read_device, split_device
from shuzheng.base.directory.types import AccountView, RealName
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.types import SYSTEM, Actor, OrgId
from shuzheng.base.ledger.models import Entry
from shuzheng.base.ledger.queries import list_entries
from tests.directory.builders import (
    AT,
    CLERK,
    COUNTY_OFFICE,
    OWNER,
    PASSWORD,
    SHOP,
    firm_of,
    load_city,
    make_account,
    person_of,
    post_of,
)

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Mobile/15E148 Safari/604.1"


@pytest.fixture
def account(db: None) -> AccountView:
    load_city()
    return make_account()


def me(account: AccountView) -> Actor:
    return queries.get_actor(account.id, at=AT)


def open_session(account: AccountView, agent: str = PHONE) -> str:
    store = SessionStore()
    store.update(
        {SESSION_KEY: str(account.id), DEVICE: read_device(agent), METHOD: "password", OPENED_AT: now().isoformat()}
    )
    store.create()
    assert store.session_key is not None
    return store.session_key


def keys(account: AccountView) -> set[str]:
    return set(Session.objects.filter(account_id=account.id).values_list("session_key", flat=True))


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, ("phone", "Safari")),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            ("computer", "Edge"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
            ("tablet", "Chrome"),
        ),
        ("Mozilla/5.0 (Linux; Android 15) Mobile AppleWebKit MicroMessenger/8.0 Chrome/120", ("phone", "WeChat")),
        ("python-httpx/0.28", ("program", "")),
        ("", ("program", "")),
    ],
)
def test_a_device_is_named_by_kind_and_browser(agent: str, device: tuple[str, str]) -> None:
    assert split_device(read_device(agent)) == device
    assert len(read_device(agent)) <= 24


def test_the_engine_of_the_settings_is_ours() -> None:
    assert import_module(settings.SESSION_ENGINE).SessionStore is SessionStore


def test_sessions_are_listed_with_device_and_last_use_and_without_their_key(account: AccountView) -> None:
    here, there = open_session(account), open_session(account, "curl/8")
    listed = queries.list_sessions(account.id, current=here, at=now())
    assert {(row.device, row.browser, row.current) for row in listed} == {
        ("phone", "Safari", True),
        ("program", "", False),
    }
    assert all(abs(row.last_used_at - now()) < timedelta(minutes=1) for row in listed)
    assert not {here, there} & {row.id for row in listed}


def test_one_session_is_ended_and_the_others_go_on(account: AccountView) -> None:
    here, there = open_session(account), open_session(account, "curl/8")
    other = next(row for row in queries.list_sessions(account.id, current=here, at=now()) if not row.current)
    actions.end_session(account.id, other.id, actor=me(account), at=now())
    assert keys(account) == {here}
    assert not SessionStore().exists(there)
    with pytest.raises(errors.NoSuchSession):
        actions.end_session(account.id, other.id, actor=me(account), at=now())
    acts = [entry.act for entry in list_entries(account.urn)]
    assert acts.count("directory.session_ended") == 1


def test_a_request_under_way_cannot_bring_an_ended_session_back(account: AccountView) -> None:
    key = open_session(account)
    running = SessionStore(key)
    running["typed"] = "something"
    actions.end_sessions(account.id, keep=None, actor=me(account), at=now())
    with pytest.raises(UpdateError):
        running.save()
    assert keys(account) == set()


def test_all_other_sessions_end_or_all(account: AccountView) -> None:
    here = open_session(account)
    for _n in range(2):
        open_session(account)
    assert actions.end_sessions(account.id, keep=here, actor=me(account), at=now()) == 2
    assert keys(account) == {here}
    assert actions.end_sessions(account.id, keep=None, actor=me(account), at=now()) == 1
    assert keys(account) == set()


def test_nobody_ends_anothers_sessions(account: AccountView) -> None:
    key = open_session(account)
    other = me(make_account("other", CLERK))
    before = Entry.objects.count()
    for act in (
        lambda: actions.end_sessions(account.id, keep=None, actor=other, at=now()),
        lambda: actions.end_session(account.id, "x", actor=other, at=now()),
        lambda: actions.end_sessions(account.id, keep=None, actor=SYSTEM, at=now()),
    ):
        with pytest.raises(errors.NoSuchAccount):
            act()
    assert keys(account) == {key}
    assert Entry.objects.count() == before


def test_a_new_password_ends_the_other_sessions(account: AccountView) -> None:
    here = open_session(account)
    open_session(account)
    actions.change_password(
        account.id, current=PASSWORD, new="another long one", keep=here, actor=me(account), at=now()
    )
    assert keys(account) == {here}


def test_a_closed_account_has_no_sessions(account: AccountView) -> None:
    open_session(account)
    actions.close_account(account.id, actor=SYSTEM, at=now())
    assert keys(account) == set()


def test_the_present_password_cannot_be_guessed_at_an_open_session(account: AccountView) -> None:
    def attempt(current: str) -> None:
        actions.change_password(account.id, current=current, new="another long one", actor=me(account), at=AT)

    for _n in range(5):
        with pytest.raises(errors.PasswordWrong):
            attempt("wrong one here")
    with pytest.raises(errors.AccountLocked):
        attempt(PASSWORD)


def test_expired_sessions_are_swept(account: AccountView) -> None:
    open_session(account)
    assert actions.sweep_sessions(at=now()) == 0
    assert actions.sweep_sessions(at=now() + timedelta(days=1)) == 1
    assert keys(account) == set()


def test_a_sign_in_made_by_an_administrator_counts_as_checked_and_a_firm_with_it(account: AccountView) -> None:
    assert person_of(OWNER).real_name is RealName.CHECKED
    assert firm_of(SHOP).real_name is RealName.CHECKED
    assert person_of(CLERK).real_name is RealName.REGISTERED


def test_an_administrator_entered_by_name_alone_is_not_proved(db: None) -> None:
    load_city()
    admin = actions.create_admin(
        "admin", password=PASSWORD, name="张三", organization=OrgId(COUNTY_OFFICE), actor=SYSTEM, at=AT
    )
    assert queries.get_person(admin.person).real_name is RealName.REGISTERED


def test_a_window_confirms_a_person_by_the_card(account: AccountView) -> None:
    clerk = queries.get_actor(make_account("clerk", CLERK).id, at=AT, post=post_of(CLERK).id)
    person = person_of(OWNER).id
    assert actions.confirm_identity(person, id_no=OWNER, actor=clerk, at=AT) is RealName.PRESENT
    assert person_of(OWNER).real_name is RealName.PRESENT
    before = Entry.objects.count()
    assert actions.confirm_identity(person, id_no=OWNER, actor=clerk, at=AT) is RealName.PRESENT
    assert Entry.objects.count() == before


def test_nobody_else_confirms_and_never_by_another_card(account: AccountView) -> None:
    clerk = queries.get_actor(make_account("clerk", CLERK).id, at=AT, post=post_of(CLERK).id)
    person = person_of(OWNER).id
    with pytest.raises(errors.MayNotConfirm):
        actions.confirm_identity(person, id_no=OWNER, actor=me(account), at=AT)
    with pytest.raises(errors.NumberDiffers):
        actions.confirm_identity(person, id_no=CLERK, actor=clerk, at=AT)
    assert person_of(OWNER).real_name is RealName.CHECKED
