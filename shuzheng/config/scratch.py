"""A city to throw away: benches measure on one in a temporary folder, never on the city of `var/`."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from shuzheng.config.keys import ensure_keys

SERVER = "SHUZHENG_BENCH_DATABASE_URL"
"""A PostgreSQL server to measure on; a database of its own is made there and dropped. Unset: SQLite."""


def use_scratch_city() -> Path:
    """Point the settings, which are not read yet, at a new folder that is removed at the end; return it."""
    folder = Path(tempfile.mkdtemp(prefix="shuzheng-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("DATABASE_URL", "SHUZHENG_DATABASE_URL"):
        os.environ.pop(name, None)
    if os.environ.get(SERVER):
        os.environ["SHUZHENG_DATABASE_URL"] = os.environ[SERVER]
    os.environ["SHUZHENG_VAR"] = str(folder)
    ensure_keys(folder / "keys")
    return folder
