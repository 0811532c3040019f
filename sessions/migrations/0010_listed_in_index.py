"""The index by which a line finds its people; built beside the work that goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("consult_sessions", "0009_people_of_a_line")]

    operations = [
        AddIndexConcurrently(
            model_name="participant",
            index=models.Index(
                fields=["listed_in"], condition=models.Q(listed_in__isnull=False), name="participant_listed_in"
            ),
        ),
    ]
