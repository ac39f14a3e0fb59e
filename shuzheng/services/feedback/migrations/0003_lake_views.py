"""The view the lake gathers ratings from: ids of raters, no comment.

A later migration that alters the table drops the view first and makes it again: SQLite copies a table to alter it, and
PostgreSQL keeps what a view reads; both refuse otherwise.
"""

from django.db import migrations

LAKE_RATINGS = """
CREATE VIEW lake_ratings AS
SELECT replace(CAST(public_id AS varchar(36)), '-', '') AS rating_id, replace(CAST(case_id AS varchar(36)), '-', '') AS case_id, item_code AS item,
    "window" AS window_org, decider, "level" AS stars, replace(CAST(rated_by AS varchar(36)), '-', '') AS rated_by, rated_at
FROM feedback_rating
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_item_codes")]

    operations = [
        migrations.RunSQL(LAKE_RATINGS, "DROP VIEW lake_ratings"),
    ]
