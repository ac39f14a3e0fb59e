"""The template city with a lake of its own, and a lake of its own for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from shuzheng.base.kernel.configuration import Configuration
from shuzheng.engines.lake.queries.gathering import inbox
from shuzheng.engines.lake.queries.tables import store
from tests.lake.city import load_city


@pytest.fixture
def city(db: None, settings: LazySettings, tmp_path: Path) -> None:
    """The template city; its lake lies in a folder of this test."""
    whole: Configuration = settings.SHUZHENG
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    settings.SHUZHENG = Configuration(**(values | {"var_dir": tmp_path}))
    load_city()


@pytest.fixture
def lake(db: None) -> Iterator[None]:
    """Empty the lake and the inbox before and after."""
    for folder in (store().root, inbox()):
        shutil.rmtree(folder, ignore_errors=True)
    yield
    for folder in (store().root, inbox()):
        shutil.rmtree(folder, ignore_errors=True)
