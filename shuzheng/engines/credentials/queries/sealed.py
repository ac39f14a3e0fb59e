"""What this room keeps sealed; see `kernel.sealed`."""

from collections.abc import Mapping
from typing import Final

from shuzheng.base.kernel.sealed import IndexColumn, SealedColumn


def _holder(code: str, _row: Mapping[str, object]) -> str:
    return f"credentials.holder:{code}"


def _import_key(code: str, row: Mapping[str, object]) -> str:
    """Return what makes an imported licence one and the same; see `importing.ImportedLicence.key`."""
    return f"credentials.import_key:{row['type__code']}|{row['number'] or code}|{code}"


COLUMNS: Final = (
    SealedColumn(
        "credentials.Licence",
        "holder_code_sealed",
        "credentials.holder_code",
        indexes=(
            IndexColumn("holder_code_index", _holder),
            IndexColumn("import_key", _import_key, needs=("type__code", "number")),
        ),
    ),
    SealedColumn("credentials.Licence", "fields_sealed", "credentials.fields"),
)
