"""Whoever signs in by himself may be among the people of one line; lines are mended over the version that was seen."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consult_sessions", "0008_try_count")]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="listed_in",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The line of several people that counts him; he signed in by himself.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="people",
                to="consult_sessions.participant",
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="phone",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="To tell him; masked.", max_length=20
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="version",
            field=models.PositiveIntegerField(db_default=1, default=1, help_text="Raised when the line is mended."),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("listed_in__isnull", True), models.Q(("count", 1), ("is_walk_in", True)), _connector="OR"
                ),
                name="participant_listed_walked_in",
            ),
        ),
    ]
