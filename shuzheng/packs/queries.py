"""Find, read and check packs; tell whose city this is."""

from functools import lru_cache
from pathlib import Path

from shuzheng.base.kernel.pack import Fault, PackRows
from shuzheng.packs.errors import NoPackLoaded, PackNotFound
from shuzheng.packs.models import LoadedPack
from shuzheng.packs.parts import PARTS
from shuzheng.packs.reading import read_folder
from shuzheng.packs.rules.faults import subject_of
from shuzheng.packs.rules.info import check_info, info_from_json
from shuzheng.packs.types import PackInfo, Reading


def find_pack_dir(name_or_path: str, base: Path) -> Path:
    """Return the folder of a pack.

    Args:
        name_or_path: Name of a pack below `base`, or the path of any folder.
        base: Where packs lie: `packs/` of the checkout, or of the wheel.

    Raises:
        PackNotFound: Neither.
    """
    path = Path(name_or_path)
    candidates = [base / name_or_path, path] if len(path.parts) == 1 and not path.is_absolute() else [path]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate.resolve()
    raise PackNotFound(name=name_or_path)


def read_pack(folder: Path) -> PackRows:
    """Return the rows of a pack, as far as they can be read."""
    return read_folder(folder).rows


def check_pack(folder: Path) -> tuple[Fault, ...]:
    """Return every fault of a pack at once, by file and line; none when it can be loaded."""
    return faults_of(read_folder(folder))


def faults_of(reading: Reading) -> tuple[Fault, ...]:
    """Return the faults of form and those every part finds, by file and line.

    A part knows more of its columns than the form does: where both speak of one column in one line, the part is heard.
    """
    found = set(check_info(reading.rows))
    for _, part in PARTS:
        found |= set(part.check(reading.rows))
    spoken_of = {(fault.file, fault.line, subject_of(fault)) for fault in found}
    found |= {f for f in reading.faults if not subject_of(f) or (f.file, f.line, subject_of(f)) not in spoken_of}
    return tuple(sorted(found, key=lambda f: (f.file, f.line, f.what)))


def get_pack_info() -> PackInfo:
    """Return whose city this is. One small read; the rest is remembered per version of the pack.

    Raises:
        NoPackLoaded: Set-up has not been run.
    """
    stamp = LoadedPack.objects.values_list("pk", "content_hash").first()
    if stamp is None:
        raise NoPackLoaded
    return _info(*stamp)


@lru_cache(maxsize=4)
def _info(pk: int, content_hash: str) -> PackInfo:
    return info_from_json(LoadedPack.objects.get(pk=pk, content_hash=content_hash).info)
