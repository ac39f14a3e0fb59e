"""The whole directory part of a pack, read in one pass over its files."""

from collections.abc import Mapping
from dataclasses import dataclass

from shuzheng.base.directory.rules.pack_calendar import CALENDAR, YearRow, read_calendar
from shuzheng.base.directory.rules.pack_guardians import GUARDIANS, GuardianRow, read_guardians
from shuzheng.base.directory.rules.pack_people import FIRMS, PEOPLE, FirmRow, PersonRow, read_firms, read_people
from shuzheng.base.directory.rules.pack_places import (
    DIVISIONS,
    ORGANIZATIONS,
    DivisionRow,
    OrganizationRow,
    read_divisions,
    read_organizations,
)
from shuzheng.base.directory.rules.pack_posts import ACCOUNTS, POSTS, AccountRow, PostRow, read_accounts, read_posts
from shuzheng.base.kernel.pack import Fault, PackRows

FILES = (DIVISIONS, ORGANIZATIONS, PEOPLE, GUARDIANS, FIRMS, POSTS, ACCOUNTS, CALENDAR)


@dataclass(frozen=True, slots=True)
class DirectoryRows:
    """The good rows of a pack by their codes, and every fault of the others."""

    divisions: Mapping[str, DivisionRow]
    organizations: Mapping[str, OrganizationRow]
    people: Mapping[str, PersonRow]
    guardians: tuple[GuardianRow, ...]
    firms: Mapping[str, FirmRow]
    posts: tuple[PostRow, ...]
    accounts: tuple[AccountRow, ...]
    calendar: Mapping[int, YearRow]
    faults: tuple[Fault, ...]


def read_directory(pack: PackRows) -> DirectoryRows:
    """Return all rows and all faults; a row that refers to a faulty row is a fault of its own."""
    faults: list[Fault] = []
    divisions = read_divisions(pack, faults)
    organizations = read_organizations(pack, faults)
    people = read_people(pack, faults)
    guardians = read_guardians(pack, people, faults)
    firms = read_firms(pack, people, faults)
    posts = read_posts(pack, organizations, people, faults)
    accounts = read_accounts(pack, firms, people, faults)
    calendar = read_calendar(pack, faults)
    return DirectoryRows(divisions, organizations, people, guardians, firms, posts, accounts, calendar, tuple(faults))
