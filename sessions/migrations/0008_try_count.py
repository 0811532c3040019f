from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consult_sessions", "0007_running_a_session")]

    operations = [
        migrations.CreateModel(
            name="TryCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bucket", models.CharField(max_length=64)),
                ("span", models.BigIntegerField(help_text="Number of the ten minutes since 1970.")),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["span"], name="try_by_age")],
                "constraints": [models.UniqueConstraint(fields=("bucket", "span"), name="try_counted_once")],
            },
        ),
    ]
