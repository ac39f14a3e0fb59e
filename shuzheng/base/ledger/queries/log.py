"""What the log is: its name, its key, its stored tree."""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.ledger.models import Tile
from shuzheng.base.ledger.rules.merkle import NodeReader
from shuzheng.base.ledger.rules.tiles import TileReader, read_node

_LOG_NAME: Final = "ledger"
_REMEMBERED: Final = 64


def _configuration() -> Configuration:
    configuration: Configuration = settings.SHUZHENG
    return configuration


def log_origin() -> str:
    """Return the first line of checkpoints: host of the city and `/ledger`."""
    return f"{urlsplit(_configuration().public_url).netloc or 'city'}/{_LOG_NAME}"


def log_key() -> Ed25519PrivateKey:
    """Return the key that signs checkpoints."""
    key = load_pem_private_key(_configuration().read_key("ledger"), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the ledger key is an Ed25519 key")
    return key


def stored_tiles() -> TileReader:
    """Return a reader of stored pages that remembers a few; a page that is missing or no bytes reads as b''."""

    @lru_cache(maxsize=_REMEMBERED)
    def read(level: int, index: int) -> bytes:
        found = Tile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()
        return bytes(found) if isinstance(found, bytes | memoryview) else b""

    return read


def nodes_of(read_tile: TileReader) -> NodeReader:
    """Return a reader of tree nodes over pages."""

    def read(height: int, index: int) -> bytes:
        return read_node(height, index, read_tile)

    return read
