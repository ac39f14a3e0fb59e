"""What every test needs before it is collected."""

import pytest

from shuzheng.config.words import compile_catalogues


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues, once a run: a fresh clone has none, and an old one would speak last week's English."""
    if not hasattr(config, "workerinput"):
        compile_catalogues()


DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "django_db_reset_sequences", "live_server"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch the second run of continuous integration uses."""
    parser.addoption(
        "--database-only", action="store_true", help="only tests that use the database: for a run on another one"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the browser tests last; leave out what cannot differ between databases, when asked to: it ran before.

    Once a worker has a browser an event loop runs in its thread to the end of the session, and whatever asks Django's
    database or starts a loop of its own behind that is refused.
    """
    items.sort(key=lambda item: "e2e" in item.path.parts)
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
    items[:] = kept


def uses_database(item: pytest.Item) -> bool:
    """Tell whether a test may touch the database; pytest-django refuses it to all others."""
    names = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(names & DATABASE_FIXTURES)
