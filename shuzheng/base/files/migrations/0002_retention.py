"""Scanning, retention and purging."""

from django.db import migrations, models


def look_at_old_files(apps, schema_editor):
    """Files from before there was retention are looked at by the first purge, which asks what they are used for."""
    stored = apps.get_model("files", "StoredFile")
    stored.objects.update(look_at=models.F("stored_at"))


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Screening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("found", models.CharField(blank=True, default="", max_length=120)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddField("storedfile", "scan", models.CharField(default="none", max_length=10)),
        migrations.AddField("storedfile", "look_at", models.DateTimeField(null=True)),
        migrations.RunPython(look_at_old_files, migrations.RunPython.noop),
        migrations.AlterField("storedfile", "look_at", models.DateTimeField()),
        migrations.AddField("storedfile", "purged_at", models.DateTimeField(null=True)),
        migrations.AddField("storedfile", "purged_for", models.CharField(blank=True, default="", max_length=80)),
        migrations.AddIndex(
            "storedfile",
            models.Index(condition=models.Q(("purged_at__isnull", True)), fields=["look_at"], name="file_look"),
        ),
        migrations.AddIndex(
            "storedfile",
            models.Index(condition=models.Q(("scan", "pending")), fields=["id"], name="file_unscanned"),
        ),
        migrations.AddConstraint(
            "storedfile",
            models.CheckConstraint(
                condition=models.Q(("scan__in", ["none", "clean", "pending", "infected"])), name="file_scan_known"
            ),
        ),
    ]
