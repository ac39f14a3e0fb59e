"""The search index: entries, units, words, and the full-text table of the database in use."""

from django.db import migrations, models

from shuzheng.services.items.backends import fts5, tsvector


def create_full_text(apps, schema_editor):
    index = tsvector.INDEX if schema_editor.connection.vendor == "postgresql" else fts5.INDEX
    for statement in index.create().split(";"):
        schema_editor.execute(statement)


def drop_full_text(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {fts5.TABLE}")


class Migration(migrations.Migration):
    dependencies = [("items", "0002_city_at_size")]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item_code', models.CharField(max_length=14, unique=True)),
                ('digest', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=240)),
                ('bare', models.CharField(max_length=240)),
                ('initials', models.CharField(max_length=240)),
                ('sounds', models.TextField()),
                ('about', models.TextField()),
                ('theme', models.CharField(max_length=40)),
                ('department', models.CharField(max_length=80)),
                ('applicant', models.CharField(max_length=8)),
                ('channels', models.CharField(max_length=120)),
                ('places', models.TextField()),
                ('has_form', models.BooleanField()),
                ('indexed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SearchUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization', models.CharField(max_length=18)),
                ('level', models.CharField(max_length=8)),
                ('county', models.CharField(max_length=6)),
                ('name', models.CharField(max_length=120)),
                ('items', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['county', 'level'], name='search_unit_county')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'level'), name='search_unit_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('phrase', models.CharField(db_index=True, max_length=120)),
                ('code', models.CharField(blank=True, default='', max_length=18)),
                ('name', models.CharField(blank=True, default='', max_length=120)),
                ('county', models.CharField(blank=True, default='', max_length=6)),
                ('sound', models.CharField(blank=True, db_index=True, default='', max_length=400)),
                ('initials', models.CharField(blank=True, db_index=True, default='', max_length=120)),
                ('terms', models.JSONField(default=list)),
                ('items', models.JSONField(default=list)),
                ('weak', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'phrase', 'code'), name='search_word_once')],
            },
        ),
        migrations.RunPython(create_full_text, drop_full_text),
    ]
