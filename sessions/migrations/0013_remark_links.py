import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consult_sessions", "0012_clock_of_statements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RemarkLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="Renewing raises it; older addresses open nothing."
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, help_text="Last opened.", null=True)),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, help_text="Remarked, or said that nothing is to mend.", null=True),
                ),
                (
                    "content_version",
                    models.PositiveIntegerField(
                        blank=True, help_text="The version in which nothing is to be mended for him.", null=True
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remark_links",
                        to="consult_sessions.minutes",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remark_links",
                        to="consult_sessions.participant",
                    ),
                ),
            ],
            options={
                "db_table": "session_remarklink",
                "ordering": ["participant__position", "pk"],
                "constraints": [models.UniqueConstraint(fields=("minutes", "participant"), name="remark_link_once")],
            },
        ),
    ]
