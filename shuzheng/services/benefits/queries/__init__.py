"""Reads of policies, of what fits one subject, and of searches for everyone."""

from shuzheng.services.benefits.queries.deciding import TARGETS, facts_of_subject, find_for, fits_for, home_of
from shuzheng.services.benefits.queries.policies import (
    get_family,
    get_page,
    get_payment,
    get_policy,
    list_cards,
    list_criteria,
    list_facets,
    list_families,
    list_open,
    list_policies,
    list_published,
)
from shuzheng.services.benefits.queries.runs import find_run, list_matches

__all__ = [
    "TARGETS",
    "facts_of_subject",
    "find_for",
    "find_run",
    "fits_for",
    "get_family",
    "get_page",
    "get_payment",
    "get_policy",
    "home_of",
    "list_cards",
    "list_criteria",
    "list_facets",
    "list_families",
    "list_matches",
    "list_open",
    "list_policies",
    "list_published",
]
