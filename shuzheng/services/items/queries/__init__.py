"""Reads of the room, by subject; other rooms import them from here."""

from shuzheng.services.items.queries.applications import (
    facts_of_case,
    find_decision,
    get_application,
    get_application_file,
    guard_facts,
    judge_conditions,
)
from shuzheng.services.items.queries.catalogue import (
    get_form,
    get_guide,
    get_item,
    get_unit,
    list_themes,
    list_unit_counties,
    list_units,
    suggest_unit,
)
from shuzheng.services.items.queries.checking import list_to_check
from shuzheng.services.items.queries.choices import check_filters
from shuzheng.services.items.queries.composites import (
    find_composite,
    list_benchmarks,
    list_composite_hits,
    list_composites,
)
from shuzheng.services.items.queries.drafts import (
    check_draft,
    find_open_draft,
    foresee_draft,
    get_draft,
    get_draft_file,
    get_draft_form,
    list_drafts,
    list_papers,
)
from shuzheng.services.items.queries.search import find_composites, search, search_items
from shuzheng.services.items.queries.subjects import facts_of_subject

__all__ = [
    "check_draft",
    "check_filters",
    "facts_of_case",
    "facts_of_subject",
    "find_composite",
    "find_composites",
    "find_decision",
    "find_open_draft",
    "foresee_draft",
    "get_application",
    "get_application_file",
    "get_draft",
    "get_draft_file",
    "get_draft_form",
    "get_form",
    "get_guide",
    "get_item",
    "get_unit",
    "guard_facts",
    "judge_conditions",
    "list_benchmarks",
    "list_composite_hits",
    "list_composites",
    "list_drafts",
    "list_papers",
    "list_themes",
    "list_to_check",
    "list_unit_counties",
    "list_units",
    "search",
    "search_items",
    "suggest_unit",
]
