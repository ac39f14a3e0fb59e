"""The view the lake gathers licences from: ids of holders, no name, no number, nothing of what is printed on them.

A later migration that alters the table drops the view first and makes it again: SQLite copies a table to alter it, and
PostgreSQL keeps what a view reads; both refuse otherwise.
"""

from django.db import migrations

LAKE_LICENCES = """
CREATE VIEW lake_licences AS
SELECT replace(CAST(l.public_id AS varchar(36)), '-', '') AS licence_id, t.code AS type_code, t.name AS type_name, l.version,
    l.holder_kind, replace(CAST(l.holder_id AS varchar(36)), '-', '') AS holder_id, l.issuer, l.issued_on, l.valid_from, l.valid_to,
    l.state, l.state_on, replace(CAST(l.case_id AS varchar(36)), '-', '') AS case_id, l.item, l.created_at
FROM credentials_licence l JOIN credentials_licencetype t ON t.id = l.type_id
"""


class Migration(migrations.Migration):
    dependencies = [("credentials", "0002_item_codes")]

    operations = [
        migrations.RunSQL(LAKE_LICENCES, "DROP VIEW lake_licences"),
    ]
