"""Seal files again when the key has been changed: each is written beside the old one and renamed."""

from django.conf import settings
from typing_extensions import override

from shuzheng.base.files.actions.storing import write_whole
from shuzheng.base.files.models import StoredFile
from shuzheng.base.files.queries import path_of, seal_context
from shuzheng.base.kernel.seal import read_key_ring, seal, sealed_with, unseal
from shuzheng.base.kernel.sealed import SealedStore, Step
from shuzheng.base.kernel.types import FileId

HEAD_BYTES = 512
"""More than the head of a sealed value has, less than a file."""


class FileStore(SealedStore):
    """The stored files, in the order of their rows; see `kernel.sealed`."""

    @property
    @override
    def name(self) -> str:
        """Return the name it is registered under."""
        return "files"

    @override
    def reseal(self, *, after: int, limit: int) -> Step:
        """Seal again what is not sealed with the active key."""
        rows = StoredFile.objects.filter(pk__gt=after, purged_at=None).order_by("pk")
        found = list(rows.values_list("pk", "public_id")[:limit])
        changed = seen = 0
        for _, public_id in found:
            file_id = FileId(public_id)
            path = path_of(file_id)
            if not path.exists():
                continue
            seen += 1
            ring = read_key_ring(settings.SHUZHENG.read_key("seal"))
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
            if sealed_with(head) == ring.active:
                continue
            context = seal_context(file_id)
            write_whole(path, seal(ring, unseal(ring, path.read_bytes(), context), context))
            changed += 1
        return Step(after=found[-1][0] if len(found) == limit else None, seen=seen, changed=changed, old=0)


STORE = FileStore()
