"""Reads of composite services (一件事) and benchmarks (对标)."""

from collections.abc import Mapping
from functools import lru_cache

from shuzheng.base.kernel.types import PUBLIC_KINDS
from shuzheng.services.items.models import Benchmark, Composite
from shuzheng.services.items.rules.composites import BenchmarkView, CompositeView
from shuzheng.services.items.rules.joining import Joined, find_joined, read_joined
from shuzheng.services.items.rules.question import Question
from shuzheng.services.items.types import Applicant, CompositeHit


def list_composites() -> tuple[CompositeView, ...]:
    """Return the composite services in force by code."""
    return tuple(row.to_view() for row in Composite.objects.filter(current=True).order_by("code"))


def find_composite(code: str) -> CompositeView | None:
    """Return a composite service in force, None when there is none."""
    row = Composite.objects.filter(code=code, current=True).first()
    return None if row is None else row.to_view()


def list_composite_hits() -> tuple[CompositeHit, ...]:
    """Return the composite services in force by code, as a search shows them."""
    return tuple(map(_hit, list_composites()))


def match_composites(question: Question, *, applicants: frozenset[str]) -> tuple[CompositeHit, ...]:
    """Return the composite services a question is about, the best first: one small read.

    Args:
        question: What was read of the text.
        applicants: `person`, `firm`: only what these may ask for; none narrows nothing.
    """
    versions = Composite.objects.filter(current=True).order_by("code").values_list("code", "digest")
    known = _known(tuple(versions))
    found = (known[code][1] for code in find_joined(question, (joined for joined, _hit in known.values())))
    return tuple(hit for hit in found if not applicants or applicants & _may_ask(hit.audience))


def _may_ask(audience: Applicant) -> frozenset[str]:
    return PUBLIC_KINDS if audience is Applicant.BOTH else frozenset((audience,))


@lru_cache(maxsize=2)
def _known(versions: tuple[tuple[str, str], ...]) -> Mapping[str, tuple[Joined, CompositeHit]]:
    """Return composite services ready for searching; codes with digests name the version."""
    wanted = {code for code, _digest in versions}
    return {view.code: (read_joined(view), _hit(view)) for view in list_composites() if view.code in wanted}


def _hit(view: CompositeView) -> CompositeHit:
    return CompositeHit(view.code, view.name, view.audience, view.department, view.summary, len(view.items))


def list_benchmarks(item: str) -> tuple[BenchmarkView, ...]:
    """Return what the best elsewhere promise for an item, in the order of the pack."""
    return tuple(row.to_view() for row in Benchmark.objects.filter(item_code=item).order_by("pk"))
