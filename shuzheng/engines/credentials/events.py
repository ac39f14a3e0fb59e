"""What the room announces, inside the transaction."""

from dataclasses import dataclass

from shuzheng.base.kernel.events import Event
from shuzheng.engines.credentials.types import LicenceView


@dataclass(frozen=True, slots=True)
class LicenceIssued(Event):
    """A licence came into being."""

    licence: LicenceView


@dataclass(frozen=True, slots=True)
class LicenceChanged(Event):
    """A licence was revoked, suspended, resumed or corrected; its `state` says which, `revoked_reason` why."""

    licence: LicenceView
