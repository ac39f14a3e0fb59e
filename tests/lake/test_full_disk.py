"""On a disk that is really full: wherever it fills up, nothing changes; with space made, the table is whole."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.models import Entry
from shuzheng.engines.lake.actions.gathering import gather
from shuzheng.engines.lake.errors import NotStored
from shuzheng.engines.lake.models import Batch, Quarantined
from shuzheng.engines.lake.queries.tables import store
from shuzheng.engines.lake.types.gathering import BatchState
from shuzheng.engines.lake.types.tables import TableCode
from tests.lake.making import define, put, rows
from tests.lake.times import AT

PAGE = 4096
HEAD = "证件号,姓名,出生日期,工资,次数\n"
BAD = "坏,人,1990-13-40,,\n"


def lines(count: int) -> str:
    """Return rows that do not get smaller by packing."""
    return "".join(f"{n},{hashlib.sha256(str(n).encode()).hexdigest()},,,\n" for n in range(count))


@pytest.fixture
def disk(db: None, settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """The lake's folder is a file system of its own, of 8 MB."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a tmpfs takes root and mount(8)")
    whole: Configuration = settings.SHUZHENG
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    settings.SHUZHENG = Configuration(**(values | {"var_dir": tmp_path}))
    root = store().root
    root.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", root], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a tmpfs may not be mounted here: {mounted.stderr.strip()}")
    yield root
    subprocess.run(["umount", root], check=True)


def fill(root: Path, *, spare: int) -> None:
    """Fill the disk up to some pages."""
    filler = root / "filler"
    filler.unlink(missing_ok=True)
    free = shutil.disk_usage(root).free // PAGE
    filler.write_bytes(b"x" * ((free - spare) * PAGE))
    assert shutil.disk_usage(root).free // PAGE == spare


def state_of(root: Path) -> tuple[object, ...]:
    """Return all that a batch which fails must leave as it was.

    What a merge had written when its commit failed lies in the table's folder, named by no commit, until tidying.
    """
    version = store().version(TableCode("person"))
    assert version is not None
    left = {path for path in root.glob("person/part-*.parquet") if str(path) not in version.files}
    files = sorted(
        (str(path.relative_to(root)), path.read_bytes())
        for path in root.rglob("*")
        if path.is_file() and path.name != "filler" and path not in left
    )
    done = list(Batch.objects.filter(state=BatchState.DONE).values_list("number", "read", "landed", "quarantined"))
    return files, rows(), done, Quarantined.objects.count(), Entry.objects.filter(act="lake.gathered").count()


def check_failed(root: Path, before: tuple[object, ...], spare: int) -> None:
    assert state_of(root) == before, f"with {spare} pages left"
    last = Batch.objects.order_by("-number")[0]
    assert last.state == BatchState.FAILED
    assert "磁盘已满" in str(last.message), f"with {spare} pages left"


@pytest.mark.parametrize("mode", ["full", "append", "merge"])
def test_wherever_a_disk_fills_up_nothing_changes(mode: str, disk: Path) -> None:
    define(mode=mode)
    put(HEAD + lines(20))
    gather("people", actor=SYSTEM, at=AT)
    put(HEAD + lines(400) + BAD)
    before, failed = state_of(disk), 0
    for spare in range(60):
        fill(disk, spare=spare)
        try:
            gather("people", actor=SYSTEM, at=AT)
            break
        except NotStored:
            failed += 1
            check_failed(disk, before, spare)
    assert failed > 5
    batch = Batch.objects.get(state=BatchState.DONE, number=failed + 2)
    assert (batch.read, batch.landed, batch.quarantined) == (401, 400, 1)
    assert len(rows()) == {"full": 400, "append": 420, "merge": 400}[mode]


def test_a_file_too_large_for_the_disk_lands_whole_once_there_is_space(disk: Path) -> None:
    define()
    put(HEAD + lines(20))
    gather("people", actor=SYSTEM, at=AT)
    put(HEAD + lines(50_000) + BAD)
    before = state_of(disk)
    fill(disk, spare=250)
    with pytest.raises(NotStored, match="磁盘已满") as refused:
        gather("people", actor=SYSTEM, at=AT)
    assert refused.value.hint == "请运维人员清理磁盘后重试；表里原有的数据没有变"
    check_failed(disk, before, 250)
    (disk / "filler").unlink()
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert (batch.read, batch.landed, batch.quarantined) == (50_001, 50_000, 1)
    assert len(rows()) == 50_000
