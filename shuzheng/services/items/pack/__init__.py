"""This room's part of a pack: items with their materials, guides, forms, units and prefill sources.

`checks.py` finds what is wrong across files (the format of each file is checked by `shuzheng.packs`), `reading.py`
puts an item's content together, `applying.py` writes new versions. Loading twice changes nothing.
"""

from shuzheng.services.items.pack.applying import apply
from shuzheng.services.items.pack.checks import check

FILES = (
    "items.csv",
    "implementers.csv",
    "materials.csv",
    "forms.toml",
    "guides.toml",
    "form_licence_fields.csv",
    "prefill.toml",
)

__all__ = ["FILES", "apply", "check"]
