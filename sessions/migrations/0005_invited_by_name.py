"""The index by which whoever types his name is found among those invited; built beside the work that goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("consult_sessions", "0004_sign_in")]

    operations = [
        AddIndexConcurrently(
            model_name="participant",
            index=models.Index(
                fields=["session", "name"], condition=models.Q(is_walk_in=False), name="participant_invited_name"
            ),
        ),
    ]
