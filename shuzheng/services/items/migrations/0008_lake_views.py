"""The view the lake gathers items from: those now in force, and where each is offered.

A later migration that alters the table drops the view first and makes it again: SQLite copies a table to alter it, and
PostgreSQL keeps what a view reads; both refuse otherwise.
"""

from django.db import migrations

LAKE_ITEMS = """
CREATE VIEW lake_items AS
SELECT code AS item, version, name, kind, department, applicant, handling, legal_days, promised_days, visits,
    fee_fen, theme, result_kind, licence_type, CASE WHEN has_form THEN 1 ELSE 0 END AS on_line, added_at
FROM items_item WHERE "current"
"""

LAKE_UNITS = """
CREATE VIEW lake_units AS
SELECT code AS unit, item_code AS item, organization, division, county, "window" AS window_org, decider,
    "level" AS handled_at, promised_days, visits
FROM items_unit WHERE "current"
"""


class Migration(migrations.Migration):
    dependencies = [("items", "0007_checked_fact")]

    operations = [
        migrations.RunSQL(LAKE_ITEMS, "DROP VIEW lake_items"),
        migrations.RunSQL(LAKE_UNITS, "DROP VIEW lake_units"),
    ]
