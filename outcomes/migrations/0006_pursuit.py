"""Steps, answer links, urging letters, field checks; progress with figures and contact."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_initial"),
        ("outcomes", "0005_notice_photos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(help_text="To whom it was given.", max_length=40)),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="Renewing raises it; older addresses open nothing."
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="FieldCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("planned_on", models.DateField()),
                ("note", models.CharField(blank=True, default="", help_text="What to look at.", max_length=200)),
                ("done_on", models.DateField(blank=True, null=True)),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[("site", "On site"), ("phone", "By telephone"), ("meeting", "In a talk")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("finding", models.CharField(blank=True, default="", max_length=500)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("ok", "It is done"), ("not_ok", "It is not done")],
                        default="",
                        max_length=6,
                    ),
                ),
                ("dropped_on", models.DateField(blank=True, help_text="Called off.", null=True)),
                ("drop_reason", models.CharField(blank=True, default="", max_length=300)),
                ("client_id", models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                "ordering": ["planned_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=40)),
                ("done_on", models.DateField(blank=True, null=True)),
                (
                    "done_by",
                    models.CharField(blank=True, default="", help_text="The unit that says so.", max_length=120),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Urging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(choices=[("urge", "Urged"), ("escalate", "Told those above")], max_length=8)),
                ("on", models.DateField()),
                ("due_on", models.DateField(help_text="The due date that it was about.")),
                ("text", models.TextField(max_length=1000)),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["on", "pk"],
            },
        ),
        migrations.AddField(
            model_name="progressentry",
            name="contact_method",
            field=models.CharField(
                blank=True,
                choices=[("site", "On site"), ("phone", "By telephone"), ("meeting", "In a talk")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="progressentry",
            name="contact_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="progressentry",
            name="contact_on",
            field=models.DateField(blank=True, help_text="The raiser was spoken to.", null=True),
        ),
        migrations.AddField(
            model_name="progressentry",
            name="counted",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="Households, metres, hydrants.", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="progressentry",
            name="done",
            field=models.PositiveIntegerField(blank=True, help_text="How many of …", null=True),
        ),
        migrations.AddField(
            model_name="progressentry",
            name="total",
            field=models.PositiveIntegerField(blank=True, help_text="… so many.", null=True),
        ),
        migrations.AddConstraint(
            model_name="progressentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("total__isnull", True),
                    models.Q(("done__isnull", False), ("done__lte", models.F("total"))),
                    _connector="OR",
                ),
                name="progress_done_within_total",
            ),
        ),
        migrations.AddField(
            model_name="answerlink",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="links", to="outcomes.assignment"
            ),
        ),
        migrations.AddField(
            model_name="answerlink",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="answerlink",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.organisation"
            ),
        ),
        migrations.AddField(
            model_name="fieldcheck",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="outcomes.assignment"
            ),
        ),
        migrations.AddField(
            model_name="fieldcheck",
            name="done_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="fieldcheck",
            name="people",
            field=models.ManyToManyField(blank=True, related_name="field_checks", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="fieldcheck",
            name="planned_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="fieldcheck",
            name="verification",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="outcomes.verification",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="milestones", to="outcomes.assignment"
            ),
        ),
        migrations.AddField(
            model_name="urging",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="urgings", to="outcomes.assignment"
            ),
        ),
        migrations.AddField(
            model_name="urging",
            name="sent_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="fieldcheck",
            index=models.Index(
                condition=models.Q(("done_on__isnull", True), ("dropped_on__isnull", True)),
                fields=["planned_on"],
                name="check_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_on__isnull", True), ("verdict", "")),
                    models.Q(
                        ("done_on__isnull", False),
                        ("method__in", ["site", "phone", "meeting"]),
                        ("verdict__in", ["ok", "not_ok"]),
                        models.Q(("finding", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="check_done_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_on__isnull", True), ("dropped_on__isnull", True), _connector="OR"),
                name="check_done_or_dropped",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(fields=("assignment", "name"), name="milestone_named_once"),
        ),
        migrations.AddIndex(
            model_name="urging",
            index=models.Index(fields=["on"], name="urging_by_day"),
        ),
        migrations.AddConstraint(
            model_name="urging",
            constraint=models.UniqueConstraint(fields=("assignment", "kind", "on"), name="urged_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="urging",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["urge", "escalate"])), name="urging_kind_known"
            ),
        ),
    ]
