"""Reads; they return views, never querysets."""

from shuzheng.engines.credentials.queries.codes import code_url, licence_qr_svg, sheet_code
from shuzheng.engines.credentials.queries.documents import licence_sheet
from shuzheng.engines.credentials.queries.expiring import list_expiring
from shuzheng.engines.credentials.queries.licences import (
    find_held,
    find_licences_of_case,
    find_valid_licences,
    get_licence,
    licence_type,
    licence_type_by_name,
    list_held_types,
    list_licence_types,
    list_licences_of,
    list_shown,
)

__all__ = [
    "code_url",
    "find_held",
    "find_licences_of_case",
    "find_valid_licences",
    "get_licence",
    "licence_qr_svg",
    "licence_sheet",
    "licence_type",
    "licence_type_by_name",
    "list_expiring",
    "list_held_types",
    "list_licence_types",
    "list_licences_of",
    "list_shown",
    "sheet_code",
]
