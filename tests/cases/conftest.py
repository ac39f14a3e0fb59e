"""A directory to stand in, published processes, and no subscribers of other rooms."""

import pytest

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.kernel import events
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.cases.actions import publish_process
from shuzheng.packs.queries import read_pack
from tests.cases.making import AT, PACK, acted, drawing, failing


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other rooms' subscribers are tested in their own rooms."""
    monkeypatch.setattr(events, "_handlers", {})
    acted.clear()
    failing.clear()


@pytest.fixture
def city(db: None) -> None:
    """The template's directory, and both its processes."""
    directory_pack.apply(read_pack(PACK), actor=SYSTEM, at=AT)
    for key in ("promised", "instant"):
        publish_process(key, drawing(key), actor=SYSTEM, at=AT)
