"""Outlines of divisions, for maps."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_identity")]

    operations = [
        migrations.CreateModel(
            name="Boundary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, unique=True)),
                ("parent_code", models.CharField(db_index=True, max_length=12)),
                ("rings", models.JSONField()),
                ("label", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
    ]
