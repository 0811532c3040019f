"""The text goes round before it is signed, and those who were there remark on it."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consult_sessions", "0005_invited_by_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="minutes",
            name="circulated_at",
            field=models.DateTimeField(
                blank=True, help_text="Since when those who were there read the text and remark on it.", null=True
            ),
        ),
        migrations.CreateModel(
            name="MinutesComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Waiting"), ("answered", "Answered"), ("adopted", "Adopted")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(help_text="The version that was read.")),
                (
                    "line",
                    models.PositiveIntegerField(default=0, help_text="Number of the paragraph; 0 is the whole text."),
                ),
                (
                    "quote",
                    models.CharField(blank=True, default="", help_text="Words of that paragraph.", max_length=500),
                ),
                ("text", models.CharField(max_length=1000)),
                (
                    "proposed",
                    models.CharField(
                        blank=True, default="", help_text="Words to stand there instead.", max_length=2000
                    ),
                ),
                ("by", models.CharField(help_text="Whose remark it is.", max_length=100)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("answer", models.CharField(blank=True, default="", max_length=1000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "adopted_version",
                    models.PositiveIntegerField(blank=True, help_text="The version it led to.", null=True),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="consult_sessions.minutes",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who said it to the recorder.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="consult_sessions.participant",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("minutes", "number"), name="comment_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "answered", "adopted"])), name="comment_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="comment_answered_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "adopted"), _negated=True),
                            ("adopted_version__isnull", False),
                            _connector="OR",
                        ),
                        name="comment_adopted_in_version",
                    ),
                ],
            },
        ),
    ]
