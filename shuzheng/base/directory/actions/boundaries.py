"""Apply a pack's boundaries: simplified once, when they are new."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from shuzheng.base.directory.models.boundaries import Boundary
from shuzheng.base.directory.rules.outlines import Ring, deepest_point, simplify
from shuzheng.base.kernel.pack import Changes


def load_boundaries(outlines: Mapping[str, Sequence[Ring]], parents: Mapping[str, str]) -> Changes:
    """Make the table of outlines equal to the pack, inside the caller's transaction.

    All are simplified together, so that neighbours still meet; nothing is computed when nothing is new.

    Args:
        outlines: As the pack gives them, by division.
        parents: Division above each.
    """
    changes = Changes()
    present = {row.division_code: row for row in Boundary.objects.all()}
    digest = _digest(outlines)
    wanted = {code: hashlib.sha256(f"{digest}{code}".encode()).hexdigest() for code in outlines}
    if {code: row.digest for code, row in present.items()} == wanted:
        changes.unchanged = len(present)
        return changes
    for code, rings in simplify(outlines).items():
        Boundary.objects.update_or_create(
            division_code=code,
            defaults={
                "parent_code": parents.get(code, ""),
                "rings": [[list(point) for point in ring] for ring in rings],
                "label": list(deepest_point(rings)),
                "digest": wanted[code],
            },
        )
    Boundary.objects.exclude(division_code__in=wanted).delete()
    changes.added = len(wanted.keys() - present.keys())
    changes.changed = len(wanted.keys() & present.keys())
    changes.retired = len(present.keys() - wanted.keys())
    return changes


def _digest(outlines: Mapping[str, Sequence[Ring]]) -> str:
    """Return a hash of all outlines: one that moves moves its neighbours' simplified border too."""
    return hashlib.sha256(json.dumps(outlines, sort_keys=True).encode()).hexdigest()
