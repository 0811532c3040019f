"""The index by which a signing in finds the lines that may count it; built beside the work that goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("consult_sessions", "0010_listed_in_index")]

    operations = [
        AddIndexConcurrently(
            model_name="participant",
            index=models.Index(
                fields=["session", "position"],
                condition=models.Q(is_walk_in=False, count__gt=1),
                name="participant_of_several",
            ),
        ),
    ]
