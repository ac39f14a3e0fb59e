"""Settings for tests: a var folder of their own, keys made on the spot, fast password hashing."""

import os
import tempfile
from pathlib import Path

_var = Path(os.environ.get("SHUZHENG_TEST_VAR") or tempfile.mkdtemp(prefix="shuzheng-test-"))
os.environ["SHUZHENG_VAR"] = str(_var)

from shuzheng.config.keys import ensure_keys  # noqa: E402

ensure_keys(_var / "keys")
(_var / "static").mkdir(exist_ok=True)  # WhiteNoise warns when it is missing

from shuzheng.config.settings import *  # noqa: E402, F403
from shuzheng.config.settings import DATABASES  # noqa: E402

if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_var / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
