"""Definitions of sources as a pack brings them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.actions.editions import load_editions
from shuzheng.engines.lake.models import SourceEdition


@transaction.atomic
def load_sources(definitions: Iterable[Mapping[str, Any]], *, actor: Actor, at: datetime) -> Changes:
    """Make the definitions given the ones in force; loading the same again changes nothing.

    Args:
        definitions: Checked, with `code`.
        actor: Who loads.
        at: When.
    """
    return load_editions(SourceEdition, definitions, what="sources", actor=actor, at=at)
