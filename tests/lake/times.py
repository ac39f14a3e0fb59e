"""The moment of tests."""

from datetime import UTC, datetime

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
