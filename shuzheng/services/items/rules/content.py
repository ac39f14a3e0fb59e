"""The whole content of one version of an item, and its digest: another digest is another version."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.types import Json


@dataclass(frozen=True, slots=True)
class ItemContent:
    """Everything a version of an item consists of: columns and what the forms, guides and papers say."""

    TEXTS: ClassVar[tuple[str, ...]] = (
        "name", "kind", "department", "applicant", "handling", "theme", "result_kind", "result_name", "licence_type",
        "legal_basis",
    )  # fmt: skip
    NUMBERS: ClassVar[tuple[str, ...]] = ("promised_days", "visits", "fee_fen")
    LISTS: ClassVar[tuple[str, ...]] = ("levels", "channels")
    COLUMNS: ClassVar[tuple[str, ...]] = ("code", *TEXTS, "legal_days", *NUMBERS, *LISTS)

    columns: Mapping[str, Json]
    materials: Sequence[Json]
    guide: Mapping[str, Json]
    form: Mapping[str, Json]
    licence_fields: Sequence[Json]

    @property
    def code(self) -> str:
        """Return the basic code."""
        return str(self.columns["code"])

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the whole content: another digest is another version."""
        whole: Json = {
            "columns": dict(self.columns),
            "materials": list(self.materials),
            "guide": dict(self.guide),
            "form": dict(self.form),
            "licence_fields": list(self.licence_fields),
        }
        return hashlib.sha256(canonical_json(whole)).hexdigest()
