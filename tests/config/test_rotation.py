"""Keys are changed while the city runs: both open meanwhile, an interrupted run goes on, the old key goes last."""

import base64
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import call_command

from shuzheng.base.directory.models import Person
from shuzheng.base.directory.queries import find_person_by_id_no, get_firm, get_identity
from shuzheng.base.directory.queries.sealing import open_field
from shuzheng.base.files.actions import store_upload
from shuzheng.base.files.queries import open_file, path_of
from shuzheng.base.jobs.actions import enqueue
from shuzheng.base.jobs.models import Outbox
from shuzheng.base.kernel import clock
from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.seal import SealBroken, sealed_with
from shuzheng.base.kernel.sealed import SEALED, SealedColumn
from shuzheng.base.kernel.types import SYSTEM, Actor, FileId, FirmId, Party, PartyKind, PersonId
from shuzheng.base.ledger.queries import list_entries
from shuzheng.base.notices.actions import give_mail_address
from shuzheng.base.notices.queries import get_preferences
from shuzheng.base.notices.types import Channel
from shuzheng.config import resealing
from shuzheng.config.keys import key_reader
from shuzheng.config.rings import add_key, state_of
from shuzheng.engines.credentials.models import Licence
from shuzheng.engines.credentials.queries.sealing import open_fields
from shuzheng.packs.actions import load_pack
from shuzheng.services.items.actions import hold_input, take_held_input
from shuzheng.services.items.models import HeldInput
from shuzheng.services.items.queries.sealing import open_bytes, seal_bytes

TEMPLATE = Path(__file__).parents[2] / "packs" / "template"
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SOMEBODY = UUID(int=5)


@pytest.fixture
def keys(db: None, settings: LazySettings, tmp_path: Path) -> Path:
    """A key folder of this test's own."""
    whole: Configuration = settings.SHUZHENG
    shutil.copytree(whole.var_dir / "keys", tmp_path / "keys")
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    settings.SHUZHENG = Configuration(
        **(values | {"var_dir": tmp_path, "files_dir": tmp_path / "files", "read_key": key_reader(tmp_path / "keys")})
    )
    return tmp_path / "keys"


@pytest.fixture
def city(keys: Path) -> Path:
    """The template city with something sealed in every room."""
    load_pack(TEMPLATE, actor=SYSTEM, at=AT)
    person = Person.objects.order_by("pk")[0]
    give_mail_address("a@example.com", actor=Actor("甲", person=PersonId(person.public_id)), at=AT)
    words = base64.b64encode(seal_bytes("notice", SOMEBODY, b'["t", "b"]')).decode()
    enqueue("items.send_case_notice", {"to": str(SOMEBODY), "sealed": words, "key": "k", "link": ""}, key="k", at=AT)
    return keys


def rotate(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue()


def keys_in_use() -> dict[str, set[str]]:
    """Ids of the keys that values are sealed with, by place."""
    found: dict[str, set[str]] = {}
    for name in SEALED:
        place = SEALED[name]
        if isinstance(place, SealedColumn):
            rows = apps.get_model(place.model)._base_manager.filter(**place.only)
            values = [resealing._value(row, place.column) for row in rows]
            found[name] = {sealed_with(value) for value in values if value}
    return {name: used for name, used in found.items() if used}


def store() -> FileId:
    pdf = BytesIO(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    owner = Party(PartyKind.PERSON, SOMEBODY, "甲")
    return store_upload(pdf, name="a.pdf", owner=owner, actor=SYSTEM, at=AT).id


def test_files_are_sealed_again(city: Path) -> None:
    files = [store() for _ in range(3)]
    rotate()
    for file in files:
        sealed = path_of(file).read_bytes()
        assert sealed_with(sealed) == "2"
        assert open_file(file).read().startswith(b"%PDF")
    step = SEALED["files"]
    assert not isinstance(step, SealedColumn)
    assert [step.reseal(after=0, limit=2).seen, step.reseal(after=0, limit=5).changed] == [2, 0]


def everything() -> list[object]:
    """What the rooms read from sealed values."""
    people = [PersonId(row.public_id) for row in Person.objects.order_by("pk")]
    job = Outbox.objects.get(key="k").payload
    return [
        [get_identity(person) for person in people],
        [open_fields(row.public_id, row.fields_sealed) for row in Licence.objects.order_by("pk")],
        get_preferences(people[0]).contacts[Channel.MAIL],
        open_bytes("notice", SOMEBODY, base64.b64decode(job["sealed"])),
    ]


def second_load_changes_nothing() -> bool:
    return all(changes.nothing_changed for changes in load_pack(TEMPLATE, actor=SYSTEM, at=AT).values())


def id_numbers() -> list[str]:
    return [open_field("person.id_no", row.public_id, row.id_no_sealed) for row in Person.objects.order_by("pk")]


def test_everything_is_sealed_again_and_reads_the_same(city: Path) -> None:
    before = everything()
    assert set().union(*keys_in_use().values()) == {"1"}
    said = rotate()
    assert set().union(*keys_in_use().values()) == {"2"}
    assert everything() == before
    assert "directory.Person.id_no_sealed" in said
    state = state_of(city, "seal")
    assert (state.active, state.others) == ("2", ("1",))


def test_places_of_every_room_were_covered(city: Path) -> None:
    rooms = {name.partition(".")[0] for name in keys_in_use()}
    assert rooms >= {"directory", "credentials", "notices", "jobs"}


def test_the_old_key_stays_a_day_and_goes_when_nothing_uses_it(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rotate()
    assert "保留到" in rotate()
    assert state_of(city, "seal").others == ("1",)
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr("shuzheng.config.management.commands.rotate_keys.now", lambda: later)
    assert "旧密钥 1 已删除" in rotate()
    assert (state_of(city, "seal").active, state_of(city, "seal").others) == ("2", ())
    assert everything()
    acts = [entry.act for entry in list_entries("urn:shuzheng:keys:seal")]
    assert acts == ["keys.activated", "keys.dropped"]


def test_what_cannot_be_sealed_again_keeps_the_old_key(city: Path) -> None:
    token = hold_input("/drafts/", {"mobile": ["13800001234"]}, at=AT)
    said = rotate("--wait-hours", "0")
    assert "还有 1 项用旧密钥" in said
    assert state_of(city, "seal").others == ("1",)
    assert take_held_input(token, at=AT) == {"mobile": ["13800001234"]}
    assert not HeldInput.objects.exclude(content=b"").exists()
    assert "已删除" in rotate("--wait-hours", "0")


def test_an_interrupted_run_goes_on_where_it_is_needed(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything()
    real = resealing._reseal_batch
    calls: Iterator[int] = iter(range(100))

    def stumble(place: SealedColumn, *, after: int, limit: int) -> object:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return real(place, after=after, limit=limit)

    with monkeypatch.context() as patch:
        patch.setattr(resealing, "_reseal_batch", stumble)
        with pytest.raises(KeyboardInterrupt):
            rotate()
    assert len(set().union(*keys_in_use().values())) == 2
    assert everything() == before
    rotate()
    assert set().union(*keys_in_use().values()) == {"2"}
    assert state_of(city, "seal").others == ("1",), "no third key was made"
    assert everything() == before


def test_small_batches_reach_every_row(city: Path) -> None:
    add_key(city, "seal")
    rotate("--step", "activate")
    people = Person.objects.count()
    assert people > 2
    totals = {total.name: total for total in resealing.reseal_all(batch=2)}
    assert totals["directory.Person.id_no_sealed"].changed == people


def test_step_by_step_for_several_machines(city: Path) -> None:
    rotate("--step", "add")
    assert state_of(city, "seal").active == "1"
    assert "还没有启用" in rotate("--step", "drop")
    assert set().union(*keys_in_use().values()) == {"1"}
    rotate()
    assert state_of(city, "seal").active == "2"
    assert set().union(*keys_in_use().values()) == {"2"}


def test_a_value_of_a_key_that_is_gone_stops_the_run_and_changes_nothing(city: Path) -> None:
    ring = json.loads((city / "seal").read_bytes())
    ring["keys"] = {"9": ring["keys"]["1"]}
    ring["active"] = "9"
    (city / "seal").write_text(json.dumps(ring))
    with pytest.raises(SealBroken):
        rotate("--step", "reseal")
    assert set().union(*keys_in_use().values()) == {"1"}


def test_the_index_key_is_changed_too_and_people_are_found_meanwhile(city: Path) -> None:
    numbers = id_numbers()
    rotate("--index", "--step", "add")
    rotate("--index", "--step", "activate")
    assert all(find_person_by_id_no(number) for number in numbers)
    assert second_load_changes_nothing()
    rotate("--index", "--step", "reseal")
    rotate("--index", "--step", "drop", "--wait-hours", "0")
    assert state_of(city, "blind").others == ()
    assert all(find_person_by_id_no(number) for number in numbers)
    assert second_load_changes_nothing()
    assert (city / "index").read_bytes() == key_reader(city)("index")


def test_the_ring_on_disk_is_private_and_the_running_city_reads_it_anew(city: Path, settings: LazySettings) -> None:
    old = settings.SHUZHENG.read_key("seal")
    rotate("--step", "add")
    assert (city / "seal").stat().st_mode & 0o077 == 0
    assert settings.SHUZHENG.read_key("seal") != old
    assert settings.SHUZHENG.read_key("seal") == (city / "seal").read_bytes()


def test_a_program_reads_the_result(city: Path) -> None:
    assert json.loads(rotate("--json")) == {"ring": "seal", "active": "2", "others": ["1"], "still_old": 0}


def test_firms_read_the_same(city: Path) -> None:
    firm = apps.get_model("directory.Firm")._base_manager.exclude(mobile_sealed=b"").first()
    assert firm is not None
    before = get_firm(FirmId(firm.public_id))
    rotate()
    assert get_firm(FirmId(firm.public_id)) == before
