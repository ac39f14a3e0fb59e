"""What this room keeps sealed; see `kernel.sealed`."""

from typing import Final

from shuzheng.base.kernel.sealed import IndexColumn, SealedColumn

COLUMNS: Final = (
    SealedColumn("directory.Person", "id_no_sealed", "directory.person.id_no", indexes=(IndexColumn("id_no_index"),)),
    SealedColumn("directory.Person", "mobile_sealed", "directory.person.mobile"),
    SealedColumn("directory.Person", "address_sealed", "directory.person.address"),
    SealedColumn("directory.Firm", "mobile_sealed", "directory.firm.mobile"),
)
"""Digests and pseudonyms (`index_of`) have the key `index`, which is never changed: they cannot be made again."""
