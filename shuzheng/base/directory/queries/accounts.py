"""Reads of accounts, and the one place that turns a sign-in into an actor."""

from datetime import datetime
from uuid import UUID

from shuzheng.base.directory.errors import AccountClosed, NoSuchAccount, PostNotHeld, TwoRoles
from shuzheng.base.directory.models import Account, DemoAccount, Firm, Organization, Person, Post
from shuzheng.base.directory.queries.absences import find_standing_in
from shuzheng.base.directory.queries.acting import get_standing
from shuzheng.base.directory.queries.sealing import index_of
from shuzheng.base.directory.rules.mandates import check_proved
from shuzheng.base.directory.rules.signing import may_sign_in
from shuzheng.base.directory.types import AccountView, DemoAccountView
from shuzheng.base.kernel.types import Actor, OrgId, PersonId, PostId


def _account_view(row: Account) -> AccountView:
    return AccountView(row.pk, row.sign_in_name, PersonId(row.person.public_id), row.elder_mode)


def find_account(sign_in_name: str) -> AccountView | None:
    """Return the account with this name, None when there is none; a closed one is still found."""
    row = Account.objects.select_related("person").filter(sign_in_name=sign_in_name.strip().lower()).first()
    return None if row is None else _account_view(row)


def hash_address(address: str) -> str:
    """Return a keyed hash of a network address: tries from one place are counted without keeping the place."""
    return index_of(f"address:{address}").hex()[:32]


def get_account(account_id: int) -> AccountView:
    """Return an account by the key a session carries.

    Raises:
        NoSuchAccount: The id is unknown.
    """
    return _account_view(_get_row(account_id))


def has_password(account_id: int) -> bool:
    """Tell whether an account can sign in by password; one made by an external sign-in cannot.

    Raises:
        NoSuchAccount: The id is unknown.
    """
    return _get_row(account_id).has_usable_password()


def get_actor(account_id: int, *, at: datetime, acting_for: UUID | None = None, post: PostId | None = None) -> Actor:
    """Return who acts: the person themselves, in a post they hold, or for somebody they may act for.

    Asked on every request, so that a post that ended, a firm that changed hands, a child that came of age or a
    mandate that was revoked stops working at once. Two statements for oneself, a post or a firm; four at most.

    Args:
        account_id: Whose sign-in.
        at: When; mandates and guardianships have days.
        acting_for: `Standing.key`: a firm legally represented, a child, or a mandate.
        post: A post held.

    Raises:
        NoSuchAccount: The id is unknown.
        AccountClosed: The account was closed, or the person can no longer act.
        MayNotActFor: No standing in force (or `FirmDeregistered`, `IdentityUnproved`, `PostNotHeld`, `TwoRoles`).
    """
    row = _get_row(account_id)
    if not may_sign_in(status=row.person.status, closed=not row.is_active or _retired(row.person)):
        raise AccountClosed
    if acting_for is not None and post is not None:
        raise TwoRoles
    if acting_for is not None:
        check_proved(row.person.real_name)
        standing = get_standing(row.person, acting_for, at=at)
        return Actor(
            name=row.person.name,
            person=PersonId(row.person.public_id),
            on_behalf_of=standing.party,
            limited_to=standing.limited_to,
        )
    if post is not None:
        return _actor_in_post(row.person, post, at=at)
    return Actor(name=row.person.name, person=PersonId(row.person.public_id))


def list_demo_accounts() -> tuple[DemoAccountView, ...]:
    """Return the demonstration sign-ins in the pack's order; none in a real city."""
    rows = DemoAccount.objects.select_related("account__person").filter(account__is_active=True)
    listed = list(rows.order_by("position"))
    wanted = {row.acting_for for row in listed if row.acting_for}
    names = dict(Firm.objects.filter(uscc__in=wanted).values_list("uscc", "name"))
    names |= dict(Organization.objects.filter(code__in=wanted).values_list("code", "full_name"))
    return tuple(
        DemoAccountView(
            sign_in_name=row.account.sign_in_name,
            person_name=row.account.person.name,
            side=row.side,
            acting_for=row.acting_for,
            acting_for_name=names.get(row.acting_for, ""),
            items=tuple(filter(None, row.items.split(";"))),
            what_to_try=row.what_to_try,
        )
        for row in listed
    )


def _get_row(account_id: int) -> Account:
    row = Account.objects.select_related("person").filter(pk=account_id).first()
    if row is None:
        raise NoSuchAccount
    return row


def _retired(person: Person) -> bool:
    return person.retired_at is not None


def _actor_in_post(person: Person, post_id: PostId, *, at: datetime) -> Actor:
    """Return the person in a post of their own, or in one of an absent colleague they stand in for."""
    held = Post.objects.select_related("organization").filter(
        public_id=post_id, person=person, ended_at__isnull=True, organization__retired_at__isnull=True
    )
    post = held.first()
    if post is None:
        return _actor_standing_in(person, post_id, at=at)
    return Actor(
        name=person.name,
        person=PersonId(person.public_id),
        post=PostId(post.public_id),
        org=OrgId(post.organization.code),
        org_name=post.organization.short_name,
        roles=frozenset(filter(None, post.roles.split(";"))),
    )


def _actor_standing_in(deputy: Person, post_id: PostId, *, at: datetime) -> Actor:
    absence = find_standing_in(deputy, post_id, at=at)
    if absence is None:
        raise PostNotHeld
    return Actor(
        name=deputy.name,
        person=PersonId(deputy.public_id),
        post=absence.post.id,
        org=absence.post.organization,
        org_name=absence.post.organization_name,
        roles=absence.post.roles,
        stands_in_for=absence.post.person,
        stands_in_for_name=absence.post.person_name,
    )
