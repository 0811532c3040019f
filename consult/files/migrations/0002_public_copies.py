"""Captions, replay-safe uploads, removal with a reason, and the copies that the public may see."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="caption",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="Caption"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="client_id",
            field=models.UUIDField(
                blank=True, help_text="Made on the phone; replays are safe.", null=True, unique=True
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="attachment",
            name="removed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="removed_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="attachment",
            name="purged_at",
            field=models.DateTimeField(blank=True, help_text="Since when the file itself is gone.", null=True),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("removed_at__isnull", True), models.Q(("removed_reason", ""), _negated=True), _connector="OR"
                ),
                name="attachment_removed_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("purged_at__isnull", True), ("removed_at__isnull", False), _connector="OR"),
                name="attachment_purged_removed",
            ),
        ),
        migrations.CreateModel(
            name="PublicCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("made", "Not looked at yet"), ("released", "May be public"), ("gone", "Taken away")],
                        default="made",
                        max_length=10,
                    ),
                ),
                (
                    "boxes",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="[[left, top, width, height], …] in thousandths of the picture.",
                    ),
                ),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("sha256", models.CharField(help_text="Of the JPEG that the public gets.", max_length=64)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "reviewed_at",
                    models.DateTimeField(blank=True, help_text="When faces and plates were looked for.", null=True),
                ),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="files.attachment"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "public copies",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["made", "released", "gone"])), name="copy_state_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["made", "released"])),
                        fields=("attachment",),
                        name="one_present_copy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True),
                            models.Q(("reviewed_by__isnull", False), ("reviewed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="copy_released_reviewed",
                    ),
                ],
            },
        ),
    ]
