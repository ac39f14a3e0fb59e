"""What this room keeps sealed; see `kernel.sealed`."""

from typing import Final

from shuzheng.base.kernel.sealed import SealedColumn

COLUMNS: Final = (SealedColumn("notices.Contact", "address_sealed", "notices.contact.address"),)
