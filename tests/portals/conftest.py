"""A tiny city with people who can sign in, for every test of pages."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from shuzheng.base.directory.actions import apply_demo_accounts
from shuzheng.base.directory.queries import forget_depths, forget_working_days
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.packs.actions import load_pack
from shuzheng.packs.queries import read_pack

TEMPLATE = Path(__file__).parents[2] / "packs" / "template"
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PASSWORD = "Sunny-River-2026"


@pytest.fixture
def city(db: None, settings: LazySettings) -> None:
    """The template city, loaded, with its demonstration accounts."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    forget_depths()
    forget_working_days()
    load_pack(TEMPLATE, actor=SYSTEM, at=AT)
    apply_demo_accounts(read_pack(TEMPLATE), password=PASSWORD, actor=SYSTEM, at=AT)


@pytest.fixture
def visitor(city: None) -> Client:
    """Somebody who is not signed in."""
    return Client()
