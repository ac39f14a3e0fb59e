"""Sign-ins of a demonstration city, apart from the pack's people: only `shuzheng setup --demo` asks for them."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from shuzheng.base.directory.actions.real_name import raise_level
from shuzheng.base.directory.errors import NameTaken, PackFaulty
from shuzheng.base.directory.models import Account, DemoAccount, Person
from shuzheng.base.directory.queries.sealing import indexes_of_id_no
from shuzheng.base.directory.rules.pack_directory import read_directory
from shuzheng.base.directory.rules.pack_posts import AccountRow
from shuzheng.base.directory.types import RealName
from shuzheng.base.kernel.pack import Changes, PackRows
from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record


def apply_demo_accounts(pack: PackRows, *, password: str, actor: Actor, at: datetime) -> Changes:
    """Make the demonstration sign-ins equal to the pack's `demo_accounts.csv`, after its people were loaded.

    All share one password, which is hashed once. A second run writes nothing; accounts the pack no longer has are
    closed.

    Raises:
        PackFaulty: The directory part of the pack has faults.
        NameTaken: A real account already has one of the names.
    """
    rows = read_directory(pack)
    if rows.faults:
        first = rows.faults[0]
        raise PackFaulty(count=len(rows.faults), file=first.file, line=first.line, what=first.what)
    with transaction.atomic():
        changes = _apply(rows.accounts, password, at)
        if not changes.nothing_changed:
            content = {"added": changes.added, "changed": changes.changed, "retired": changes.retired}
            record("directory.demo_accounts_loaded", "urn:shuzheng:directory", actor=actor, at=at, content=content)
    return changes


def _apply(rows: tuple[AccountRow, ...], password: str, at: datetime) -> Changes:
    people = {
        bytes(row.id_no_index or b""): row
        for row in Person.objects.filter(
            id_no_index__in=[key for row in rows for key in indexes_of_id_no(row.person_id_no)]
        )
    }
    present = {row.account.sign_in_name: row for row in DemoAccount.objects.select_related("account")}
    encoded = _encoded(password, present)
    changes = Changes()
    for position, row in enumerate(rows, 1):
        demo = present.pop(row.sign_in_name, None)
        person = next(people[key] for key in indexes_of_id_no(row.person_id_no) if key in people)
        _count(changes, _settle(row, demo, person, encoded, position, at), new=demo is None)
    for demo in present.values():
        if demo.account.is_active:
            demo.account.is_active = False
            demo.account.save(update_fields=["is_active"])
            changes.retired += 1
    return changes


def _count(changes: Changes, wrote: bool, *, new: bool) -> None:  # noqa: FBT001 the outcome of a write
    if new:
        changes.added += 1
    elif wrote:
        changes.changed += 1
    else:
        changes.unchanged += 1


def _encoded(password: str, present: dict[str, DemoAccount]) -> str:
    """Return the stored form of the password: the one in use when it fits, so that a second run changes nothing."""
    for stored in {row.account.password for row in present.values()}:
        if check_password(password, stored):
            return stored
    return make_password(password)


def _settle(
    row: AccountRow, demo: DemoAccount | None, person: Person, encoded: str, position: int, at: datetime
) -> bool:
    """Create the account or bring it in line; tell whether anything was written."""
    if demo is None:
        if Account.objects.filter(sign_in_name=row.sign_in_name).exists():
            raise NameTaken(name=row.sign_in_name)
        account = Account(sign_in_name=row.sign_in_name, created_at=at)
        demo = DemoAccount(account=account)
    account = demo.account
    wanted_account = {"person_id": person.pk, "password": encoded, "is_active": True}
    wanted_demo = {
        "side": row.side,
        "acting_for": row.acting_for,
        "items": row.items,
        "what_to_try": row.what_to_try,
        "position": position,
    }
    raise_level(person, RealName.PRESENT)
    wrote = _set(account, wanted_account)
    demo.account = account
    return _set(demo, wanted_demo) or wrote


def _set(row: Account | DemoAccount, values: dict[str, object]) -> bool:
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    if different or row.pk is None:
        row.save()
        return True
    return False
