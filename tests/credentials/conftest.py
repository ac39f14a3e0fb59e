import pytest

from tests.credentials.builders import load_template


@pytest.fixture
def city(db: None) -> None:
    """The template city without licences."""
    load_template()


@pytest.fixture
def city_with_licences(db: None) -> None:
    """The template city with the licences of its pack."""
    load_template(licences=True)
