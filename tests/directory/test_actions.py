"""Sign-in and accounts: the good way, each refusal, and that a refusal writes nothing."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from shuzheng.base.directory import errors
from shuzheng.base.directory.actions import (
    apply_demo_accounts,
    change_password,
    close_account,
    create_account,
    create_admin,
    set_elder_mode,
    sign_in,
)
from shuzheng.base.directory.models import Account, Person, Post, SignInTries
from shuzheng.base.directory.queries import find_account, get_account, get_actor, list_demo_accounts, list_posts_of
from shuzheng.base.directory.types import AccountView
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import SYSTEM, Actor, OrgId, PersonId
from shuzheng.base.ledger.queries import list_entries
from tests.directory.builders import (
    AT,
    CLERK,
    COUNTY_OFFICE,
    DEAD,
    OWNER,
    PASSWORD,
    changed,
    demo_accounts,
    load_city,
    make_account,
    make_pack,
    people,
    person_of,
)

WRONG = "not the right one"
UNKNOWN = "urn:shuzheng:account:unknown"


def attempt(name: str = "songfeng", password: str = PASSWORD, *, minutes: float = 0, address: str = "a") -> AccountView:
    return sign_in(name, password, at=AT + timedelta(minutes=minutes), address_hash=address)


def fail(times: int, name: str = "songfeng", *, address: str = "a") -> None:
    for _ in range(times):
        with pytest.raises(errors.SignInFailed):
            attempt(name, WRONG, address=address)


@pytest.fixture
def account(db: None) -> AccountView:
    load_city()
    return make_account()


def test_the_right_password_signs_in_and_stands_in_the_ledger(account: AccountView) -> None:
    assert attempt() == account
    assert [entry.act for entry in list_entries(account.urn)] == ["directory.account_created", "directory.signed_in"]


def test_spaces_and_capitals_around_a_name_are_forgiven(account: AccountView) -> None:
    assert attempt(" SongFeng ") == account


def test_a_wrong_password_is_refused_and_stands_in_the_ledger(account: AccountView) -> None:
    fail(1)
    assert list_entries(account.urn)[-1].act == "directory.sign_in_failed"
    assert list_entries(account.urn)[-1].actor == "urn:shuzheng:system"


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(account: AccountView) -> None:
    answers = []
    for name in ("songfeng", "nobody"):
        with pytest.raises(errors.SignInFailed) as refusal:
            attempt(name, WRONG)
        answers.append((refusal.value.code, refusal.value.message, refusal.value.hint))
    assert answers[0] == answers[1]
    assert [entry.act for entry in list_entries(UNKNOWN)] == ["directory.sign_in_failed"]


def test_an_unknown_name_costs_as_much_time_as_a_known_one(
    account: AccountView, settings: pytest.FixtureRequest
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # type: ignore[attr-defined]
    make_account("slow", CLERK)
    spent = []
    for name in ("slow", "nobody"):
        began = time.process_time()
        with pytest.raises(errors.SignInFailed):
            attempt(name, WRONG)
        spent.append(time.process_time() - began)
    assert 0.4 < spent[0] / spent[1] < 2.5


def test_five_failures_lock_even_for_the_right_password(account: AccountView) -> None:
    fail(5)
    with pytest.raises(errors.AccountLocked) as refusal:
        attempt()
    assert "09:15" in refusal.value.message
    assert list_entries(account.urn)[-1].act == "directory.sign_in_locked"


def test_the_lock_ends_after_fifteen_minutes(account: AccountView) -> None:
    fail(5)
    assert attempt(minutes=15) == account


def test_an_unknown_name_is_locked_like_a_known_one(account: AccountView) -> None:
    fail(5, "nobody")
    with pytest.raises(errors.AccountLocked):
        attempt("nobody")


def test_success_clears_earlier_failures(account: AccountView) -> None:
    fail(4)
    attempt()
    fail(4)
    assert attempt() == account


def test_failures_long_ago_do_not_count(account: AccountView) -> None:
    fail(4)
    with pytest.raises(errors.SignInFailed):
        attempt(password=WRONG, minutes=16)
    assert attempt(minutes=16) == account


def test_trying_many_names_from_one_address_locks_the_address(account: AccountView) -> None:
    for n in range(60):
        fail(1, f"guess{n}", address="elsewhere")
    with pytest.raises(errors.AccountLocked):
        attempt(address="elsewhere")
    assert attempt(address="at home") == account


def test_old_counters_are_swept(account: AccountView) -> None:
    fail(1, "nobody")
    with pytest.raises(errors.SignInFailed):
        attempt("other", WRONG, minutes=60 * 25, address="b")
    assert SignInTries.objects.count() == 2


def test_counters_hold_neither_names_nor_addresses(account: AccountView) -> None:
    fail(1)
    assert all(len(bytes(row.key_index)) == 32 for row in SignInTries.objects.all())


def test_an_overlong_password_is_refused_without_being_hashed_whole(account: AccountView) -> None:
    with pytest.raises(errors.SignInFailed):
        attempt(password="x" * 1_000_000)


def test_a_person_who_is_not_in_normal_status_cannot_sign_in(account: AccountView) -> None:
    load_city(people=changed(people(), 0, status="死亡"), demo_accounts=[])
    with pytest.raises(errors.AccountClosed):
        attempt()
    assert list_entries(account.urn)[-1].act == "directory.sign_in_refused"


def test_a_person_the_pack_no_longer_has_cannot_sign_in(account: AccountView) -> None:
    load_city(people=people()[1:], firms=[], demo_accounts=[])
    with pytest.raises(errors.AccountClosed):
        attempt()


def test_a_closed_account_does_not_tell_a_guesser_that_it_is_closed(account: AccountView) -> None:
    close_account(account.id, actor=SYSTEM, at=AT)
    fail(1)
    with pytest.raises(errors.AccountClosed):
        attempt()


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_are_counted_one_by_one() -> None:
    load_city()
    account = make_account()

    def guess(n: int) -> str:
        try:
            attempt(password=WRONG, address=f"machine {n}")
        except ShuzhengError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(guess, range(8)))
    assert outcomes.count("directory.sign_in_failed") == 5
    assert outcomes.count("directory.account_locked") == 3
    acts = [entry.act for entry in list_entries(account.urn)]
    assert acts.count("directory.sign_in_failed") == 5
    with pytest.raises(errors.AccountLocked):
        attempt(address="home")


def test_a_stranger_may_not_create_accounts(account: AccountView) -> None:
    clerk = Actor("甲", person=person_of(CLERK).id, roles=frozenset({"approval"}))
    with pytest.raises(errors.MayNotManage):
        create_account("another", person=person_of(CLERK).id, password=PASSWORD, actor=clerk, at=AT)
    assert find_account("another") is None


@pytest.mark.parametrize(
    ("name", "password", "refusal"),
    [
        ("songfeng", PASSWORD, errors.NameTaken),
        ("S", PASSWORD, errors.NameUnfit),
        ("fresh", "short", errors.PasswordUnfit),
    ],
)
def test_an_unfit_account_is_refused(
    account: AccountView, name: str, password: str, refusal: type[ShuzhengError]
) -> None:
    with pytest.raises(refusal):
        create_account(name, person=person_of(CLERK).id, password=password, actor=SYSTEM, at=AT)
    assert Account.objects.count() == 1


def test_an_account_needs_a_known_person(account: AccountView) -> None:
    with pytest.raises(errors.NoSuchPerson):
        create_account("fresh", person=PersonId(UUID(int=7)), password=PASSWORD, actor=SYSTEM, at=AT)
    assert Account.objects.count() == 1


def test_the_password_is_stored_hashed(account: AccountView) -> None:
    assert PASSWORD not in Account.objects.get(pk=account.id).password


def test_an_administrator_holds_a_post_and_may_create_accounts(db: None) -> None:
    load_city()
    admin = create_admin("boss", password=PASSWORD, name="章云烟", organization=COUNTY_OFFICE, actor=SYSTEM, at=AT)
    post = list_posts_of(admin.person)[0]
    actor = get_actor(admin.id, at=AT, post=post.id)
    assert actor.roles == {"administrator"}
    assert actor.org == COUNTY_OFFICE
    create_account("clerk", person=person_of(CLERK).id, password=PASSWORD, actor=actor, at=AT)
    assert attempt("clerk").person == person_of(CLERK).id


def test_a_second_load_of_the_pack_leaves_the_administrator_alone(db: None) -> None:
    load_city()
    admin = create_admin("boss", password=PASSWORD, name="章云烟", organization=COUNTY_OFFICE, actor=SYSTEM, at=AT)
    load_city(posts=[], demo_accounts=[])
    assert list_posts_of(admin.person)
    assert attempt("boss") == admin


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"organization": OrgId("nowhere")}, errors.NoSuchOrganization),
        ({"name": "  "}, errors.PersonUnfit),
        ({"name": "章\x00云"}, errors.PersonUnfit),
        ({"password": "short"}, errors.PasswordUnfit),
    ],
)
def test_an_unfit_administrator_leaves_nothing_behind(
    db: None, over: dict[str, str], refusal: type[ShuzhengError]
) -> None:
    load_city()
    before = Person.objects.count(), Post.objects.count()
    given = {"password": PASSWORD, "name": "章云烟", "organization": COUNTY_OFFICE} | over
    with pytest.raises(refusal):
        create_admin("boss", actor=SYSTEM, at=AT, **given)  # type: ignore[arg-type]
    assert (Person.objects.count(), Post.objects.count(), Account.objects.count()) == (*before, 0)


def test_an_administrator_with_a_taken_name_leaves_nothing_behind(account: AccountView) -> None:
    before = Person.objects.count()
    with pytest.raises(errors.NameTaken):
        create_admin("songfeng", password=PASSWORD, name="章云烟", organization=COUNTY_OFFICE, actor=SYSTEM, at=AT)
    assert Person.objects.count() == before


def test_a_person_changes_their_own_password(account: AccountView) -> None:
    actor = get_actor(account.id, at=AT)
    session_hash = Account.objects.get(pk=account.id).get_session_auth_hash()
    change_password(account.id, current=PASSWORD, new="another long one", actor=actor, at=AT)
    assert attempt(password="another long one") == account
    assert Account.objects.get(pk=account.id).get_session_auth_hash() != session_hash
    assert "directory.password_changed" in [entry.act for entry in list_entries(account.urn)]


@pytest.mark.parametrize(
    ("current", "new", "refusal"),
    [(WRONG, "another long one", errors.PasswordWrong), (PASSWORD, "short", errors.PasswordUnfit)],
)
def test_a_refused_change_of_password_changes_nothing(
    account: AccountView, current: str, new: str, refusal: type[ShuzhengError]
) -> None:
    with pytest.raises(refusal):
        change_password(account.id, current=current, new=new, actor=get_actor(account.id, at=AT), at=AT)
    assert attempt() == account


def test_nobody_changes_another_persons_password(account: AccountView) -> None:
    other = get_actor(make_account("other", CLERK).id, at=AT)
    with pytest.raises(errors.NoSuchAccount):
        change_password(account.id, current=PASSWORD, new="another long one", actor=other, at=AT)
    assert attempt() == account


def test_closing_an_account_twice_is_one_act(account: AccountView) -> None:
    close_account(account.id, actor=SYSTEM, at=AT)
    close_account(account.id, actor=SYSTEM, at=AT)
    acts = [entry.act for entry in list_entries(account.urn)]
    assert acts.count("directory.account_closed") == 1
    with pytest.raises(errors.AccountClosed):
        get_actor(account.id, at=AT)


def test_only_an_administrator_closes_a_known_account(account: AccountView) -> None:
    with pytest.raises(errors.MayNotManage):
        close_account(account.id, actor=get_actor(account.id, at=AT), at=AT)
    with pytest.raises(errors.NoSuchAccount):
        close_account(account.id + 1, actor=SYSTEM, at=AT)
    assert attempt() == account


def test_elder_mode_is_kept_in_ones_own_account(account: AccountView) -> None:
    other = get_actor(make_account("other", CLERK).id, at=AT)
    set_elder_mode(account.id, on=True, actor=get_actor(account.id, at=AT), at=AT)
    assert get_account(account.id).elder_mode
    with pytest.raises(errors.NoSuchAccount):
        set_elder_mode(account.id, on=False, actor=other, at=AT)
    assert get_account(account.id).elder_mode


def test_demo_accounts_sign_in_and_a_second_run_writes_nothing(db: None) -> None:
    load_city()
    first = apply_demo_accounts(make_pack(), password=PASSWORD, actor=SYSTEM, at=AT)
    second = apply_demo_accounts(make_pack(), password=PASSWORD, actor=SYSTEM, at=AT + timedelta(days=1))
    assert (first.added, second.unchanged, second.nothing_changed) == (3, 3, True)
    assert [demo.sign_in_name for demo in list_demo_accounts()] == ["xiaoguan", "qunzhong", "chuangkou"]
    assert [demo.acting_for_name for demo in list_demo_accounts()] == ["墨溪区松风小馆", "", "样例墨溪区市场监管局"]
    assert attempt("xiaoguan").person == person_of(OWNER).id
    acts = [entry.act for entry in list_entries("urn:shuzheng:directory")]
    assert acts == ["directory.loaded", "directory.demo_accounts_loaded"]


def test_a_demo_account_the_pack_no_longer_has_is_closed_and_can_come_back(db: None) -> None:
    load_city()
    apply_demo_accounts(make_pack(), password=PASSWORD, actor=SYSTEM, at=AT)
    fewer = make_pack(demo_accounts=demo_accounts()[:2])
    assert apply_demo_accounts(fewer, password=PASSWORD, actor=SYSTEM, at=AT).retired == 1
    with pytest.raises(errors.AccountClosed):
        attempt("chuangkou")
    assert apply_demo_accounts(fewer, password=PASSWORD, actor=SYSTEM, at=AT).nothing_changed
    assert apply_demo_accounts(make_pack(), password=PASSWORD, actor=SYSTEM, at=AT).changed == 1
    assert attempt("chuangkou").person == person_of(CLERK).id


def test_a_new_demo_password_replaces_the_old_one(db: None) -> None:
    load_city()
    apply_demo_accounts(make_pack(), password=PASSWORD, actor=SYSTEM, at=AT)
    assert apply_demo_accounts(make_pack(), password="another long one", actor=SYSTEM, at=AT).changed == 3
    assert attempt("xiaoguan", "another long one").person == person_of(OWNER).id


def test_a_demo_account_never_takes_over_a_real_one(account: AccountView) -> None:
    taken = make_pack(demo_accounts=changed(demo_accounts(), 2, sign_in_name="songfeng"))
    with pytest.raises(errors.NameTaken):
        apply_demo_accounts(taken, password="another long one", actor=SYSTEM, at=AT)
    assert Account.objects.count() == 1
    assert attempt() == account


def test_demo_accounts_of_a_faulty_pack_are_not_made(db: None) -> None:
    load_city()
    faulty = make_pack(demo_accounts=changed(demo_accounts(), 1, person_id_no=DEAD, person_name="陆听松"))
    with pytest.raises(errors.PackFaulty):
        apply_demo_accounts(faulty, password=PASSWORD, actor=SYSTEM, at=AT)
    assert Account.objects.count() == 0
