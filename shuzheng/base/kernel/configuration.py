"""What an operator may set, as rooms see it: `django.conf.settings.SHUZHENG` holds one of these.

Built by `shuzheng.config.configuration` from the environment and `var/shuzheng.toml`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


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
        read_key: Returns key material by name: `seal`, `index`, `ledger`, `licences`.
    """

    var_dir: Path
    files_dir: Path
    zone: str
    demo: bool
    font_dirs: tuple[Path, ...]
    public_url: str
    read_key: Callable[[str], bytes]
