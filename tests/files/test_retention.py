"""Files are kept while they are used, then as long as their kind asks, then destroyed; the row stays."""

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from hypothesis import given, strategies as st

from shuzheng.base.files import errors
from shuzheng.base.files.actions import draw_preview, purge_files, store_upload, sweep_orphans
from shuzheng.base.files.models import StoredFile
from shuzheng.base.files.queries import get_file, list_missing, open_file, path_of
from shuzheng.base.files.rules import decide_keeping
from shuzheng.base.files.types import USES, FileState, FileUse
from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.types import SYSTEM, FileId, Party, PartyKind
from shuzheng.base.ledger.queries import list_entries
from tests.files.making import make_jpeg

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OWNER = Party(PartyKind.PERSON, UUID(int=1), "甲")
DAYS = {"application": timedelta(days=3650), "draft": timedelta(days=7), "unused": timedelta(days=7)}


@pytest.fixture(autouse=True)
def folder(db: None, tmp_path: Path, settings: LazySettings) -> Path:
    whole: Configuration = settings.SHUZHENG
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    settings.SHUZHENG = Configuration(**(values | {"files_dir": tmp_path / "files"}))
    return tmp_path / "files"


@pytest.fixture
def uses() -> Iterator[dict[FileId, FileUse]]:
    """What a room above says it uses."""
    said: dict[FileId, FileUse] = {}
    kept = dict(USES._entries)
    USES._entries.clear()
    USES.register("test", lambda files: {file: use for file, use in said.items() if file in files})
    yield said
    USES._entries.clear()
    USES._entries.update(kept)


def store() -> FileId:
    return store_upload(io.BytesIO(make_jpeg()), name="照片.jpg", owner=OWNER, actor=SYSTEM, at=AT).id


def days(n: float) -> datetime:
    return AT + timedelta(days=n)


@pytest.mark.django_db(transaction=True)
def test_a_file_nobody_uses_is_destroyed_after_a_week(uses: dict[FileId, FileUse]) -> None:
    file = store()
    draw_preview(file)
    assert purge_files(at=days(6.9)) == 0
    assert purge_files(at=days(7)) == 1
    assert not path_of(file).exists()
    assert get_file(file).state is FileState.PURGED
    assert get_file(file).name == "照片.jpg"
    for act in (open_file, draw_preview):
        with pytest.raises(errors.FileGone):
            act(file)
    (entry,) = list_entries(f"urn:shuzheng:file:{file}")
    assert entry.act == "files.purged"
    assert purge_files(at=days(8)) == 0


def test_a_file_in_use_is_kept_however_old(uses: dict[FileId, FileUse]) -> None:
    file = store()
    uses[file] = FileUse("application", None)
    for n in (7, 40, 4000):
        purge_files(at=days(n))
    assert open_file(file).read()


@pytest.mark.django_db(transaction=True)
def test_the_period_begins_when_the_use_is_over(uses: dict[FileId, FileUse]) -> None:
    file = store()
    uses[file] = FileUse("application", days(30))
    purge_files(at=days(7))
    purge_files(at=days(30 + 3649))
    assert open_file(file).read()
    purge_files(at=days(30 + 3650))
    assert get_file(file).state is FileState.PURGED
    assert StoredFile.objects.get().purged_for == "retention:application"


def test_an_undone_purge_destroys_nothing(uses: dict[FileId, FileUse], monkeypatch: pytest.MonkeyPatch) -> None:
    file = store()

    def refuse(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("shuzheng.base.files.actions.purging.publish", refuse)
    with pytest.raises(RuntimeError):
        purge_files(at=days(7))
    assert open_file(file).read()


def test_bytes_that_outlived_their_purge_are_swept(uses: dict[FileId, FileUse]) -> None:
    """As when the process ends between the commit and the removal: here no commit ever comes."""
    file = store()
    purge_files(at=days(7))
    assert path_of(file).exists()
    assert sweep_orphans(at=days(8)) == 1
    assert not path_of(file).exists()
    assert list_missing() == ()


def test_a_file_in_use_is_not_looked_at_every_day(uses: dict[FileId, FileUse]) -> None:
    uses[store()] = FileUse("application", None)
    assert [purge_files(at=days(n)) for n in (7, 8, 36, 37, 38)] == [1, 0, 0, 1, 0]


def test_a_kind_without_a_period_is_kept_for_ever() -> None:
    keeping = decide_keeping([FileUse("archive", AT)], stored_at=AT, days=DAYS, at=days(9999))
    assert keeping.until is None


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
some_uses = st.lists(st.builds(FileUse, st.sampled_from(["application", "draft", "archive"]), st.none() | moments))


@given(some_uses, moments, moments)
def test_nothing_is_destroyed_before_the_longest_of_its_uses_is_over(
    uses: list[FileUse], stored_at: datetime, at: datetime
) -> None:
    keeping = decide_keeping(uses, stored_at=stored_at, days=DAYS, at=at)
    longest: Mapping[str, timedelta] = DAYS
    if keeping.until is None:
        assert keeping.look_at > at
        assert any(use.ended_at is None or use.kind not in longest for use in uses)
    else:
        assert all(use.ended_at and keeping.until >= use.ended_at + longest[use.kind] for use in uses)
        assert keeping.look_at == keeping.until
