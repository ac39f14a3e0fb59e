from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('items', '0004_item_changes'),
    ]

    operations = [
        migrations.RemoveField(model_name='item', name='terms'),
    ]
