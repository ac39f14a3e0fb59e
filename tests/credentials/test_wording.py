"""Every word the public reads has its English."""

from pathlib import Path

import polib

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.engines.credentials import errors, types
from shuzheng.engines.credentials.rules import verdicts

CATALOGUE = Path(types.__file__).with_name("locale") / "en" / "LC_MESSAGES" / "django.po"


def spoken() -> set[str]:
    checks = [found for found in vars(verdicts).values() if isinstance(found, types.Check)]
    checks += verdicts._STATE_CHECKS.values()
    refusals = [
        found
        for found in vars(errors).values()
        if isinstance(found, type) and issubclass(found, ShuzhengError) and found.__module__ == errors.__name__
    ]
    return {
        *types.LICENCE_STATE_LABELS.values(),
        *types.VERDICT_TITLES.values(),
        *types.VERDICT_ADVICE.values(),
        *(text for check in checks for text in (check.what, check.why)),
        *(text for refusal in refusals for text in (refusal.text, refusal.hint)),
    }


def test_the_english_catalogue_holds_exactly_what_is_said() -> None:
    entries = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE))}
    assert set(entries) == spoken()
    assert all(entries.values())


def test_every_state_has_title_and_advice() -> None:
    assert set(types.VERDICT_TITLES) == set(types.VERDICT_ADVICE) == set(types.VerdictState)
    assert set(types.LICENCE_STATE_LABELS) == set(types.LicenceState)
    assert not any("！" in text or "确定" in text for text in spoken())
