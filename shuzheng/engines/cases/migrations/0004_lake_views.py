"""The view the lake gathers cases from: ids of parties, no name, no title, no answer.

A later migration that alters the table drops the view first and makes it again: SQLite copies a table to alter it, and
PostgreSQL keeps what a view reads; both refuse otherwise.
"""

from django.db import migrations

LAKE_CASES = """
CREATE VIEW lake_cases AS
SELECT replace(CAST(public_id AS varchar(36)), '-', '') AS case_id, number AS case_number, item, item_version, division,
    applicant_kind, replace(CAST(applicant_id AS varchar(36)), '-', '') AS applicant_id,
    l1 AS unit_l1, l2 AS unit_l2, l3 AS unit_l3, l4 AS unit_l4,
    acceptance_days, promised_days, legal_days, state, result,
    opened_at, received_at, accepted_at, closed_at, paused_at, due_on, closed_on
FROM cases_case
"""

LAKE_CASE_STEPS = """
CREATE VIEW lake_case_steps AS
SELECT replace(CAST(c.public_id AS varchar(36)), '-', '') AS case_id, t.n AS step, t.node, t.role, t.org AS unit, t.item, t.state, t.outcome,
    t.opened_at, t.due_at, t.closed_at
FROM cases_token t JOIN cases_case c ON c.id = t.case_id
WHERE t.kind = 'u'
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_item_codes")]

    operations = [
        migrations.RunSQL(LAKE_CASES, "DROP VIEW lake_cases"),
        migrations.RunSQL(LAKE_CASE_STEPS, "DROP VIEW lake_case_steps"),
    ]
