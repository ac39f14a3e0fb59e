"""Reads of the directory, by subject; other rooms import them from here."""

from shuzheng.base.directory.queries.accounts import (
    find_account,
    get_account,
    get_actor,
    hash_address,
    list_demo_accounts,
)
from shuzheng.base.directory.queries.days import forget_working_days, working_days
from shuzheng.base.directory.queries.people import (
    find_firm_by_uscc,
    find_person_by_id_no,
    get_firm,
    get_firms,
    get_identity,
    get_people,
    get_person,
    list_firms_of,
    list_posts_at,
    list_posts_of,
)
from shuzheng.base.directory.queries.places import (
    county_of,
    depth_of,
    find_division,
    find_organization,
    forget_depths,
    get_division,
    get_organization,
    get_organizations,
    list_divisions,
    list_organizations,
)

__all__ = [
    "county_of",
    "depth_of",
    "find_account",
    "find_division",
    "find_firm_by_uscc",
    "find_organization",
    "find_person_by_id_no",
    "forget_depths",
    "forget_working_days",
    "get_account",
    "get_actor",
    "get_division",
    "get_firm",
    "get_firms",
    "get_identity",
    "get_organization",
    "get_organizations",
    "get_people",
    "get_person",
    "hash_address",
    "list_demo_accounts",
    "list_divisions",
    "list_firms_of",
    "list_organizations",
    "list_posts_at",
    "list_posts_of",
    "working_days",
]
