"""A notice shows photos that were looked through and released."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0004_notice_by_moved")]

    operations = [
        migrations.AddField(
            model_name="publicnotice",
            name="photos",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                blank=True,
                db_default=[],
                default=list,
                help_text="Attachments that it shows.",
                size=None,
            ),
        ),
    ]
