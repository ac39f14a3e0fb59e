"""The virus scanner: asked once and before the transaction, refusing what is infected, and when it does not answer."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings

from shuzheng.base.files import errors
from shuzheng.base.files.actions import forget_screenings, rescan_pending, screen_upload, store_upload
from shuzheng.base.files.backends.fake import EICAR, FakeScanner
from shuzheng.base.files.models import Screening, StoredFile
from shuzheng.base.files.queries import get_file, open_file
from shuzheng.base.files.types import SCANNERS, FileState, FileView, ScannerPort
from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.types import Actor, Party, PartyKind, PersonId
from shuzheng.base.ledger.queries import list_entries
from shuzheng.base.notices.queries import list_notices
from tests.files.making import make_pdf

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ME = PersonId(UUID(int=1))
OWNER = Party(PartyKind.PERSON, ME, "甲")
CLEAN, INFECTED = make_pdf(), make_pdf(more=b"% " + EICAR + b"\n")


@pytest.fixture(autouse=True)
def folder(db: None, tmp_path: Path, settings: LazySettings) -> Path:
    whole: Configuration = settings.SHUZHENG
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    settings.SHUZHENG = Configuration(**(values | {"files_dir": tmp_path / "files"}))
    return tmp_path / "files"


def install(*, accept: bool) -> Iterator[FakeScanner]:
    scanner = FakeScanner()
    SCANNERS.register("scanner", ScannerPort(scanner, accept_when_down=accept))
    yield scanner
    SCANNERS._entries.clear()


@pytest.fixture
def scanner() -> Iterator[FakeScanner]:
    yield from install(accept=False)


@pytest.fixture
def lenient() -> Iterator[FakeScanner]:
    yield from install(accept=True)


def store(body: bytes = CLEAN, at: datetime = AT) -> FileView:
    return store_upload(io.BytesIO(body), name="a.pdf", owner=OWNER, actor=Actor("甲", person=ME), at=at)


def test_without_a_scanner_a_file_is_taken() -> None:
    assert store().state is FileState.READY
    assert not Screening.objects.exists()
    assert rescan_pending(at=AT) == 0


def test_an_infected_file_is_refused_and_nothing_is_kept(scanner: FakeScanner, folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(errors.FileInfected) as refusal:
            store(INFECTED)
    assert "Eicar-Test-Signature" in refusal.value.message
    assert scanner.calls == 1
    assert not StoredFile.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_screened_before_is_not_scanned_again_in_the_transaction(scanner: FakeScanner) -> None:
    stream = io.BytesIO(CLEAN)
    screen_upload(stream, at=AT)
    assert stream.tell() == 0
    scanner.down = True
    assert store().state is FileState.READY
    assert scanner.calls == 1


def test_a_verdict_counts_for_an_hour(scanner: FakeScanner) -> None:
    store()
    store(at=AT + timedelta(minutes=59))
    assert scanner.calls == 1
    store(at=AT + timedelta(hours=1))
    assert scanner.calls == 2
    assert forget_screenings(at=AT + timedelta(hours=2)) == 1


def test_screening_finds_what_storing_would(scanner: FakeScanner) -> None:
    for body, refusal in ((INFECTED, errors.FileInfected), (b"x", errors.FileKindRefused), (b"", errors.FileEmpty)):
        with pytest.raises(refusal):
            screen_upload(io.BytesIO(body), at=AT)


def test_a_strict_city_takes_nothing_unscanned(scanner: FakeScanner) -> None:
    scanner.down = True
    with pytest.raises(errors.ScannerDown) as refusal:
        store()
    assert (refusal.value.status, StoredFile.objects.count()) == (503, 0)


def test_a_lenient_city_takes_it_and_opens_it_after_the_scan(lenient: FakeScanner) -> None:
    lenient.down = True
    view = store()
    assert view.state is FileState.SCANNING
    with pytest.raises(errors.FileNotScanned):
        open_file(view.id)
    assert rescan_pending(at=AT) == 0
    lenient.down = False
    assert rescan_pending(at=AT) == 1
    assert open_file(view.id).read() == CLEAN
    assert rescan_pending(at=AT) == 0


@pytest.mark.django_db(transaction=True)
def test_what_turns_out_infected_is_destroyed_recorded_and_told(lenient: FakeScanner, folder: Path) -> None:
    lenient.down = True
    view = store(INFECTED)
    lenient.down = False
    rescan_pending(at=AT)
    assert get_file(view.id).state is FileState.PURGED
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert [entry.act for entry in list_entries(f"urn:shuzheng:file:{view.id}")] == ["files.purged"]
    (notice,) = list_notices(ME).rows
    assert "病毒" in notice.title
