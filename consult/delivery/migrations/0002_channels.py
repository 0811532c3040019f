"""Mail becomes one channel of several: the table keeps its name, its rows and its guarantees."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("delivery", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelTable(name="outgoingmail", table="delivery_outgoingmail"),
        migrations.RenameModel("OutgoingMail", "Outgoing"),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("host_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("subject", models.CharField(blank=True, default="", max_length=200)),
                ("body", models.TextField(blank=True, default="")),
                ("short", models.CharField(blank=True, default="", max_length=200)),
                ("set_by_name", models.CharField(max_length=60)),
                ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
        ),
        migrations.AddField(
            model_name="inboxitem",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="inboxitem",
            name="kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="outgoing",
            name="account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outgoing",
            name="channel",
            field=models.CharField(
                choices=[("email", "E-mail"), ("sms", "Text message"), ("robot", "Group robot")],
                db_default="email",
                default="email",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="outgoing",
            name="fault",
            field=models.CharField(
                blank=True,
                choices=[("server", "The receiving server"), ("message", "This address or message")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="outgoing",
            name="host_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="outgoing",
            name="key",
            field=models.CharField(blank=True, db_default="", default="", max_length=150),
        ),
        migrations.AddField(
            model_name="outgoing",
            name="kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AlterField(
            model_name="outgoing",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outgoing",
                to="delivery.inboxitem",
            ),
        ),
        migrations.AlterField(
            model_name="outgoing",
            name="to",
            field=models.CharField(max_length=254),
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="outgoing",
            name="digest",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outgoing",
                to="delivery.digest",
            ),
        ),
        migrations.CreateModel(
            name="DigestLine",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="digest_line",
                        serialize=False,
                        to="delivery.inboxitem",
                    ),
                ),
                ("host_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="delivery.digest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_email", models.BooleanField(default=True)),
                ("by_sms", models.BooleanField(default=True)),
                (
                    "pace",
                    models.CharField(
                        choices=[
                            ("now", "At once"),
                            ("digest", "In one digest a day"),
                            ("inbox", "Only among the messages here"),
                        ],
                        default="now",
                        max_length=10,
                    ),
                ),
                ("digest_hour", models.PositiveSmallIntegerField(default=8)),
                ("quiet_from", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("quiet_until", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("kinds", models.JSONField(blank=True, default=dict)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="telling", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Robot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("host_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=40, verbose_name="Name of the group")),
                (
                    "service",
                    models.CharField(
                        choices=[("wecom", "WeCom"), ("dingtalk", "DingTalk"), ("feishu", "Feishu")],
                        max_length=10,
                        verbose_name="Service",
                    ),
                ),
                ("sealed", models.TextField(editable=False)),
                ("kinds", models.JSONField(blank=True, default=list)),
                ("set_by_name", models.CharField(max_length=60)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="outgoing",
            name="robot",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outgoing",
                to="delivery.robot",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(
                condition=models.Q(("state", "queued")), fields=["channel", "due_at", "id"], name="out_queued"
            ),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(fields=["host_id", "-id"], name="out_log"),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(condition=models.Q(("state", "dead")), fields=["host_id", "-id"], name="out_dead"),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "sms", "robot"])), name="out_channel_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("item__isnull", False), ("robot__isnull", True)),
                fields=("item", "channel"),
                name="out_item_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("robot__isnull", False), models.Q(("key", ""), _negated=True)),
                fields=("robot", "key"),
                name="out_robot_once",
            ),
        ),
        migrations.AddField(
            model_name="wording",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(fields=("account", "day"), name="digest_once_a_day"),
        ),
        migrations.AddIndex(
            model_name="digestline",
            index=models.Index(condition=models.Q(("digest", None)), fields=["account"], name="digest_waiting"),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("pace__in", ["now", "digest", "inbox"])), name="telling_pace_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(condition=models.Q(("digest_hour__lt", 24)), name="telling_digest_hour"),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                    models.Q(
                        ("quiet_from__isnull", False),
                        ("quiet_from__lt", 24),
                        ("quiet_until__isnull", False),
                        ("quiet_until__lt", 24),
                    ),
                    _connector="OR",
                ),
                name="telling_quiet_both",
            ),
        ),
        migrations.AddIndex(
            model_name="robot",
            index=models.Index(condition=models.Q(("removed_at", None)), fields=["host_id"], name="robot_in_use"),
        ),
        migrations.AddConstraint(
            model_name="robot",
            constraint=models.CheckConstraint(
                condition=models.Q(("service__in", ["wecom", "dingtalk", "feishu"])), name="robot_service_known"
            ),
        ),
        migrations.AddIndex(
            model_name="wording",
            index=models.Index(fields=["host_id", "kind", "-id"], name="wording_latest"),
        ),
    ]
