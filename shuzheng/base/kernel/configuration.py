"""What an operator may set, as rooms see it: `django.conf.settings.SHUZHENG` holds one of these.

Built by `shuzheng.config.configuration` from the environment and `var/shuzheng.toml`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """The external sign-in (统一身份认证) a city trusts: an OpenID provider.

    Attributes:
        name: What the button says, Chinese, such as the provincial portal's name.
        issuer: Issuer identifier, no trailing slash; discovery is read below it.
        client_id: What the provider calls us.
        read_secret: Returns the client secret; read when it is needed, so that it can be replaced without a restart.
        identity_claim: Claim that holds the identity number the provider has checked.
        levels: Real-name level by `acr` value; a value not listed proves nothing.
        scopes: Asked for, `openid` among them.
    """

    name: str
    issuer: str
    client_id: str
    read_secret: Callable[[], str]
    identity_claim: str
    levels: Mapping[str, int]
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """Typed settings of one running city.

    Attributes:
        var_dir: The one folder a running city writes to.
        files_dir: Uploaded files.
        zone: IANA time zone of the city; working days and dates are local to it.
        demo: True when demonstration people and accounts were loaded.
        font_dirs: Folders searched for fonts when a document is set (an OFL Chinese font lies there after set-up).
        public_url: Origin printed into codes and documents, no trailing slash.
        read_key: Returns key material by name: `seal`, `index`, `ledger`, `licences`, `oidc`.
        identity_provider: The external sign-in, None when the city has none.
        spark_url: Spark Connect server the lake's large jobs run on, '' when they run in the process.

        lake_queries_a_day: Queries of the lake a post may ask on one day.
        lake_group_queries_a_day: Of these, queries of tables the post may read in groups alone.

    """

    var_dir: Path
    files_dir: Path
    zone: str
    demo: bool
    font_dirs: tuple[Path, ...]
    public_url: str
    read_key: Callable[[str], bytes]
    identity_provider: IdentityProvider | None = None
    spark_url: str = ""

    lake_queries_a_day: int = 200
    lake_group_queries_a_day: int = 50
