"""This room's part of a pack: `policies.toml` (facts, families) and `subject_facts.csv` (facts of people and firms).

`checks.py` finds what is wrong, `loading.py` writes: the sheets of facts, families in versions, published policies,
the rules of the book, the facts of subjects. Loading twice changes nothing.
"""

from typing import Final

from shuzheng.services.benefits.pack.checks import check
from shuzheng.services.benefits.pack.loading import apply

__all__ = ["FILES", "apply", "check"]

FILES: Final[tuple[str, ...]] = ("policies.toml", "subject_facts.csv")
