"""Compile message catalogues without msgfmt, so that set-up needs no gettext on the machine."""

from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]


def compile_catalogues(root: Path = PACKAGE) -> int:
    """Compile each `django.po` whose `django.mo` is missing or older; return how many were compiled."""
    done = 0
    for source in sorted(root.rglob("locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = source.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        done += 1
    return done
