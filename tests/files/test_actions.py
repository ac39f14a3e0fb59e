"""Uploads: stored sealed and whole, or not at all."""

import errno
import hashlib
import io
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import pytest
from django.db import transaction
from typing_extensions import override

from shuzheng.base.files import errors
from shuzheng.base.files.actions import store_upload, sweep_orphans
from shuzheng.base.files.models import StoredFile
from shuzheng.base.files.queries import get_file, get_files, list_missing, open_file, path_of
from shuzheng.base.files.rules import LIMIT_BYTES
from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import Actor, FileId, Party, PartyKind, PersonId
from tests.files.making import make_jpeg
from tests.files.test_rules import PDF

JPEG = make_jpeg()
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OWNER = Party(PartyKind.PERSON, UUID(int=1), "甲")
ACTOR = Actor("甲", person=PersonId(UUID(int=1)))


class Endless(io.RawIOBase):
    """A sender that never stops; counts what was taken."""

    def __init__(self) -> None:
        self.taken = 0

    @override
    def read(self, size: int = -1) -> bytes:
        assert size > 0, "nobody may ask for everything"
        self.taken += size
        return (b"%PDF-" + bytes(size))[:size]


@pytest.fixture(autouse=True)
def folder(db: None, tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    whole: Configuration = settings.SHUZHENG  # type: ignore[attr-defined]
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    settings.SHUZHENG = Configuration(**(values | {"files_dir": tmp_path / "files"}))  # type: ignore[attr-defined]
    return tmp_path / "files"


def store(content: bytes | BinaryIO = PDF, *, name: str = "营业执照.pdf", at: datetime = AT) -> FileView:
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    return store_upload(stream, name=name, owner=OWNER, actor=ACTOR, at=at)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_upload_is_stored_and_opened_again() -> None:
    view = store(name="../合同.exe")
    assert (view.name, view.media_type, view.size_bytes) == ("合同.exe.pdf", "application/pdf", len(PDF))
    assert (view.sha256, view.stored_at) == (hashlib.sha256(PDF).hexdigest(), AT)
    assert get_file(view.id) == view
    assert get_files([view.id]) == {view.id: view}
    assert open_file(view.id).read() == PDF


def test_the_bytes_lie_sealed_and_only_for_the_owner_of_the_process(folder: Path) -> None:
    view = store()
    (path,) = files_in(folder)
    assert path == path_of(view.id)
    assert path.relative_to(folder).as_posix() == f"{str(view.id)[-2:]}/{view.id}"
    assert b"PDF" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_of_exactly_the_limit_is_taken() -> None:
    padded = PDF.replace(b"%%EOF", b"%" + b"x" * (LIMIT_BYTES - len(PDF) - 2) + b"\n%%EOF")
    assert store(padded).size_bytes == LIMIT_BYTES


def test_reading_stops_one_byte_after_the_limit(folder: Path) -> None:
    endless = Endless()
    with pytest.raises(errors.FileTooLarge):
        store(endless)  # type: ignore[arg-type]
    assert endless.taken == LIMIT_BYTES + 1
    assert files_in(folder) == []
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "空.pdf", errors.FileEmpty),
        (b"#!/bin/sh\n", "材料.pdf", errors.FileKindRefused),
        (b"<html></html>", "材料.png", errors.FileKindRefused),
        (JPEG[:2], "照片.jpg", errors.FileKindRefused),
    ],
)
def test_a_refused_upload_leaves_nothing(folder: Path, content: bytes, name: str, refusal: type[ShuzhengError]) -> None:
    with pytest.raises(refusal):
        store(content, name=name)
    assert files_in(folder) == []
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("step", ["fsync", "write"])
def test_a_full_disk_leaves_nothing_and_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(errors.StorageFull) as refusal:
        store()
    assert refusal.value.status == 507
    assert files_in(folder) == []
    assert not StoredFile.objects.exists()


def test_an_undone_transaction_leaves_a_file_without_row_that_is_swept_a_day_later(folder: Path) -> None:
    with transaction.atomic():
        store()
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()
    assert len(files_in(folder)) == 1
    assert sweep_orphans(at=AT + timedelta(hours=23)) == 0
    assert sweep_orphans(at=AT + timedelta(hours=24)) == 1
    assert files_in(folder) == []


def test_sweeping_keeps_files_with_rows_and_strangers(folder: Path) -> None:
    view = store()
    draft = path_of(view.id).with_name(f".{view.id}")
    draft.write_bytes(b"half")
    stranger = path_of(view.id).with_name("README")
    stranger.write_bytes(b"not ours")
    assert sweep_orphans(at=AT + timedelta(days=2)) == 1
    assert sorted(files_in(folder)) == sorted([path_of(view.id), stranger])
    assert open_file(view.id).read() == PDF


def test_a_missing_or_changed_file_is_reported_as_damaged() -> None:
    view, other = store(), store(JPEG)
    path_of(view.id).write_bytes(path_of(other.id).read_bytes())
    with pytest.raises(errors.FileDamaged):
        open_file(view.id)
    assert list_missing() == ()
    path_of(other.id).unlink()
    with pytest.raises(errors.FileDamaged):
        open_file(other.id)
    assert list_missing() == (other.id,)


def test_an_unknown_file_is_not_found() -> None:
    with pytest.raises(errors.NoSuchFile):
        get_file(FileId(UUID(int=9)))
    with pytest.raises(errors.NoSuchFile):
        open_file(FileId(UUID(int=9)))


def test_no_repr_shows_the_name() -> None:
    view = store(name="诊断书.pdf")
    assert "诊断书" not in repr(view) + str(StoredFile.objects.get())
