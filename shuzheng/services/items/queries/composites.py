"""Reads of composite services (一件事) and benchmarks (对标)."""

from shuzheng.services.items.models import Benchmark, Composite
from shuzheng.services.items.rules.composites import BenchmarkView, CompositeView


def list_composites() -> tuple[CompositeView, ...]:
    """Return the composite services in force by code."""
    return tuple(row.to_view() for row in Composite.objects.filter(current=True).order_by("code"))


def find_composite(code: str) -> CompositeView | None:
    """Return a composite service in force, None when there is none."""
    row = Composite.objects.filter(code=code, current=True).first()
    return None if row is None else row.to_view()


def list_benchmarks(item: str) -> tuple[BenchmarkView, ...]:
    """Return what the best elsewhere promise for an item, in the order of the pack."""
    return tuple(row.to_view() for row in Benchmark.objects.filter(item_code=item).order_by("pk"))
