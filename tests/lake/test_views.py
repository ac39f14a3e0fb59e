"""The views the platform's own tables are gathered from: there, readable, and nothing but what is declared."""

import pytest
from django.db import connection

VIEWS = {
    "lake_cases": (
        *("case_id", "case_number", "item", "item_version", "division", "applicant_kind", "applicant_id"),
        *("unit_l1", "unit_l2", "unit_l3", "unit_l4", "acceptance_days", "promised_days", "legal_days", "state"),
        *("result", "opened_at", "received_at", "accepted_at", "closed_at", "paused_at", "due_on", "closed_on"),
    ),
    "lake_case_steps": (
        *("case_id", "step", "node", "role", "unit", "item", "state", "outcome", "opened_at", "due_at", "closed_at"),
    ),
    "lake_licences": (
        *("licence_id", "type_code", "type_name", "version", "holder_kind", "holder_id", "issuer", "issued_on"),
        *("valid_from", "valid_to", "state", "state_on", "case_id", "item", "created_at"),
    ),
    "lake_items": (
        *("item", "version", "name", "kind", "department", "applicant", "handling", "legal_days", "promised_days"),
        *("visits", "fee_fen", "theme", "result_kind", "licence_type", "on_line", "added_at"),
    ),
    "lake_units": (
        *("unit", "item", "organization", "division", "county", "window_org", "decider", "handled_at"),
        *("promised_days", "visits"),
    ),
    "lake_ratings": (*("rating_id", "case_id", "item", "window_org", "decider", "stars", "rated_by", "rated_at"),),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", VIEWS)
def test_a_view_gives_the_columns_declared_and_no_other(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {name}")
        assert tuple(column[0] for column in cursor.description) == VIEWS[name]


@pytest.mark.django_db
def test_every_view_of_the_platform_is_declared_here() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_list(cursor)
    assert {one.name for one in found if one.type == "v" and one.name.startswith("lake_")} == set(VIEWS)


@pytest.mark.parametrize("name", VIEWS)
def test_no_view_gives_names_of_parties_or_what_is_sealed(name: str) -> None:
    forbidden = ("sealed", "applicant_name", "holder_name", "title", "comment", "contact", "phone", "number_index")
    assert not [column for column in VIEWS[name] if any(word in column for word in forbidden)]


@pytest.mark.django_db
def test_an_id_is_written_in_one_way_on_every_database() -> None:
    """SQLite keeps ids as 32 digits, PostgreSQL writes dashes; the views give 32 digits."""
    from_view = "replace(CAST('0190a1b2-c3d4-7000-8000-000000000001' AS varchar(36)), '-', '')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {from_view}")
        assert cursor.fetchone() == ("0190a1b2c3d470008000000000000001",)
