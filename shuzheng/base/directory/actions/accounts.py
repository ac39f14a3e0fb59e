"""Create, change and close sign-ins."""

from datetime import datetime

from django.db import transaction

from shuzheng.base.directory.actions.real_name import raise_level
from shuzheng.base.directory.actions.sessions import drop_sessions
from shuzheng.base.directory.actions.tries import clock_time, count_tries, peek_lock
from shuzheng.base.directory.errors import (
    AccountLocked,
    MayNotManage,
    NameTaken,
    NoSuchAccount,
    NoSuchPerson,
    PasswordWrong,
    PersonUnfit,
)
from shuzheng.base.directory.events import PasswordChanged
from shuzheng.base.directory.models import Account, Person, Post
from shuzheng.base.directory.queries import get_organization
from shuzheng.base.directory.queries.sealing import index_of
from shuzheng.base.directory.rules.signing import NAME_FAILURES, check_name, check_password, may_manage
from shuzheng.base.directory.types import PERSON_NORMAL, AccountView, PostRole, RealName
from shuzheng.base.kernel.events import publish
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, OrgId, PersonId
from shuzheng.base.ledger.actions import record


def create_account(sign_in_name: str, *, person: PersonId, password: str, actor: Actor, at: datetime) -> AccountView:
    """Give a person a sign-in, after checking that they are the person: their identity then counts as checked.

    Raises:
        MayNotManage: The actor is neither the platform nor an administrator.
        NameUnfit, PasswordUnfit: The name or password has another form.
        NoSuchPerson: The person is unknown.
        NameTaken: Another account has the name.
    """
    _check_manager(actor)
    check_name(sign_in_name)
    check_password(password, sign_in_name=sign_in_name)
    with transaction.atomic():
        row = Person.objects.filter(public_id=person, retired_at__isnull=True).first()
        if row is None:
            raise NoSuchPerson
        if row.id_no_index is not None:
            raise_level(row, RealName.CHECKED)
        return _create(sign_in_name, row, password, actor=actor, at=at)


def create_admin(
    sign_in_name: str, *, password: str, name: str, organization: OrgId, actor: Actor, at: datetime
) -> AccountView:
    """Make the platform's administrator: a person entered by name, a post in the organization, a sign-in.

    Raises:
        MayNotManage: The actor is neither the platform nor an administrator.
        NameUnfit, PasswordUnfit, PersonUnfit: The sign-in name, password or person's name has another form.
        NoSuchOrganization: The organization is unknown.
        NameTaken: Another account has the name.
    """
    _check_manager(actor)
    check_name(sign_in_name)
    check_password(password, sign_in_name=sign_in_name)
    if not 0 < len(name.strip()) <= 60 or not name.isprintable():
        raise PersonUnfit
    body = get_organization(organization)
    with transaction.atomic():
        person = Person.objects.create(public_id=new_id(at), name=name.strip(), status=PERSON_NORMAL)
        Post.objects.create(
            public_id=new_id(at),
            person=person,
            organization_id=body.code,
            name="平台管理员",
            roles=f";{PostRole.ADMINISTRATOR};",
            from_pack=False,
        )
        return _create(sign_in_name, person, password, actor=actor, at=at)


def change_password(
    account_id: int, *, current: str, new: str, keep: str | None = None, actor: Actor, at: datetime
) -> None:
    """Change one's own password; every other session of the account, and what was opened with it, ends.

    Args:
        account_id: One's own.
        current: The present password, as typed.
        new: The next one.
        keep: Session key that goes on.
        actor: The person of the account.
        at: When.

    Raises:
        NoSuchAccount: The account is unknown or another person's.
        PasswordWrong: `current` is wrong.
        AccountLocked: It was wrong 5 times within 15 minutes: whoever sits at an open session may not guess.
        PasswordUnfit: `new` has another form.
    """
    row = _own(account_id, actor)
    limits = {index_of(f"password:{row.pk}"): NAME_FAILURES}
    locked = peek_lock(limits, at)
    if locked is not None:
        raise AccountLocked(until=clock_time(locked))
    if not row.check_password(current):
        with transaction.atomic():
            count_tries(limits, at)
        raise PasswordWrong
    check_password(new, sign_in_name=row.sign_in_name)
    row.set_password(new)
    with transaction.atomic():
        row.save(update_fields=["password"])
        drop_sessions(row.pk, keep=keep, at=at)
        record("directory.password_changed", f"urn:shuzheng:account:{row.pk}", actor=actor, at=at)
        publish(PasswordChanged(row.pk, PersonId(row.person.public_id), at))


def close_account(account_id: int, *, actor: Actor, at: datetime) -> None:
    """Close a sign-in and end its sessions. Closing twice changes nothing.

    Raises:
        MayNotManage: The actor is neither the platform nor an administrator.
        NoSuchAccount: The account is unknown.
    """
    _check_manager(actor)
    with transaction.atomic():
        closed = Account.objects.filter(pk=account_id, is_active=True).update(is_active=False)
        if closed:
            drop_sessions(account_id, keep=None, at=at)
            record("directory.account_closed", f"urn:shuzheng:account:{account_id}", actor=actor, at=at)
        elif not Account.objects.filter(pk=account_id).exists():
            raise NoSuchAccount


def set_elder_mode(account_id: int, *, on: bool, actor: Actor, at: datetime) -> None:  # noqa: ARG001 every action takes `at`
    """Remember whether one's own pages are shown large. A taste, not an act: it is not ledgered.

    Raises:
        NoSuchAccount: The account is unknown or another person's.
    """
    row = _own(account_id, actor)
    row.elder_mode = on
    row.save(update_fields=["elder_mode"])


def _check_manager(actor: Actor) -> None:
    if not may_manage(actor):
        raise MayNotManage


def _own(account_id: int, actor: Actor) -> Account:
    mine = Account.objects.select_related("person").filter(pk=account_id, is_active=True)
    row = mine.first()
    if row is None or row.person.public_id != actor.person:
        raise NoSuchAccount
    return row


def _create(sign_in_name: str, person: Person, password: str, *, actor: Actor, at: datetime) -> AccountView:
    if Account.objects.filter(sign_in_name=sign_in_name).exists():
        raise NameTaken(name=sign_in_name)
    row = Account(sign_in_name=sign_in_name, person=person, created_at=at)
    row.set_password(password)
    row.save(force_insert=True)
    view = AccountView(row.pk, row.sign_in_name, PersonId(person.public_id), row.elder_mode)
    subject = f"urn:shuzheng:person:{person.public_id}"
    record("directory.account_created", view.urn, actor=actor, at=at, related=[subject])
    return view
