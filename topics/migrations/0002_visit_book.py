"""The visit book of members: one new table, nothing else is touched."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import consult.regions.fields


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_initial"),
        ("topics", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "region_code",
                    consult.regions.fields.RegionCodeField(db_collation="C", max_length=12, verbose_name="Division"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("noted", "Noted"),
                            ("needs_decision", "Needs a decision"),
                            ("set_aside", "Set aside"),
                        ],
                        default="noted",
                        max_length=15,
                    ),
                ),
                ("visited_on", models.DateField()),
                (
                    "place",
                    models.CharField(blank=True, default="", help_text="Words below the village.", max_length=100),
                ),
                ("households", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "findings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), blank=True, default=list, size=None
                    ),
                ),
                (
                    "topic_named",
                    models.UUIDField(
                        blank=True, help_text="The matter it was sent for, if it had no place.", null=True
                    ),
                ),
                (
                    "decision_note",
                    models.CharField(blank=True, default="", help_text="Why somebody has to decide.", max_length=300),
                ),
                (
                    "reason",
                    models.CharField(blank=True, default="", help_text="Of setting it aside.", max_length=300),
                ),
                (
                    "client_id",
                    models.UUIDField(
                        blank=True, help_text="Made on the phone; replays are safe.", null=True, unique=True
                    ),
                ),
                (
                    "claimed_at",
                    models.DateTimeField(blank=True, help_text="What the phone's clock said.", null=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("is_sample", models.BooleanField(default=False)),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="members.organisation"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-visited_on", "-pk"],
                "indexes": [models.Index(fields=["recorded_by", "-visited_on"], name="visit_by_recorder")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["noted", "needs_decision", "set_aside"])),
                        name="visit_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "set_aside"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="visit_set_aside_with_reason",
                    ),
                ],
            },
        ),
    ]
