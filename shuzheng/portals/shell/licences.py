"""How the state of a licence looks: class, icon; the word is the room's own."""

from dataclasses import dataclass

from shuzheng.engines.credentials.types import LicenceState


@dataclass(frozen=True, slots=True)
class Look:
    """Class and icon of a tag."""

    kind: str
    icon: str


LOOKS = {
    LicenceState.VALID: Look("ok", "check"),
    LicenceState.SUSPENDED: Look("warn", "alert"),
    LicenceState.REVOKED: Look("bad", "x"),
    LicenceState.CORRECTED: Look("", "undo"),
    LicenceState.EXPIRED: Look("bad", "clock"),
}
