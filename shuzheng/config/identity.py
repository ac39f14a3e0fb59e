"""The external sign-in an operator set, as rooms see it."""

from pathlib import Path
from typing import Protocol

from shuzheng.base.kernel.configuration import IdentityProvider


class OidcOptions(Protocol):
    """The options this file reads."""

    oidc_name: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_secret_file: str
    oidc_identity_claim: str
    oidc_levels: str
    oidc_scopes: str


def read_levels(text: str) -> dict[str, int]:
    """Return real-name levels by `acr` from `acr=level, acr=level`.

    Raises:
        ValueError: Another form, or a level that is not 0, 1 or 2.

    Example:
        >>> read_levels("urn:example:face=2, urn:example:number=1")
        {'urn:example:face': 2, 'urn:example:number': 1}
    """
    levels = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        acr, _sign, level = pair.rpartition("=")
        if not acr or level not in {"0", "1", "2"}:
            raise ValueError(f"oidc_levels: {pair!r} is not acr=level with a level of 0, 1 or 2")
        levels[acr] = int(level)
    return levels


def missing_of(options: OidcOptions) -> list[str]:
    """Return the options that an external sign-in lacks; none when there is no issuer."""
    if not options.oidc_issuer:
        return []
    needed = ("oidc_client_id", "oidc_secret_file", "oidc_identity_claim", "oidc_levels")
    return [name for name in needed if not getattr(options, name)]


def provider_of(options: OidcOptions, var: Path) -> IdentityProvider | None:
    """Return the external sign-in, None when the city has none; a relative secret file lies in `var`."""
    if not options.oidc_issuer:
        return None
    file = var / options.oidc_secret_file

    def read_secret() -> str:
        return file.read_text("utf-8").strip()

    return IdentityProvider(
        name=options.oidc_name,
        issuer=options.oidc_issuer.rstrip("/"),
        client_id=options.oidc_client_id,
        read_secret=read_secret,
        identity_claim=options.oidc_identity_claim,
        levels=read_levels(options.oidc_levels),
        scopes=tuple(options.oidc_scopes.split()),
    )
