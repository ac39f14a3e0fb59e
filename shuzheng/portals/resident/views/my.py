"""A person's own space: what to do first, cases, licences, notices, and who looked at their data.

The views of each subject stand in a module of their own; addresses name them here.
"""

from shuzheng.portals.resident.views.my_case import (
    open_file,
    process,
    rate,
    show_case,
    supplement,
    withdraw,
)
from shuzheng.portals.resident.views.my_licences import licence_code, licence_sheet, list_licences, show_licence
from shuzheng.portals.resident.views.my_space import home, list_cases, list_notices, list_readers

__all__ = [
    "home",
    "licence_code",
    "licence_sheet",
    "list_cases",
    "list_licences",
    "list_notices",
    "list_readers",
    "open_file",
    "process",
    "rate",
    "show_case",
    "show_licence",
    "supplement",
    "withdraw",
]
