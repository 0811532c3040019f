"""The worker and the clock: which small jobs wake when."""

import gc
import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_process_init

# Whoever names no settings gets those that fail loudly; manage.py, the launcher and the tests name theirs before.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consult.settings.production")

app = Celery("consult")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["consult.health"])  # no app, has no tables

# The rows are the truth, these only look for due ones; an expired wake-up is dropped, the next one sees the same rows.
app.conf.beat_schedule = {
    "health.note": {"task": "health.note", "schedule": 15.0, "options": {"expires": 30}},
    "health.sweep": {"task": "health.sweep", "schedule": crontab(hour=3, minute=40), "options": {"expires": 7200}},
    "outbox.relay": {"task": "outbox.relay", "schedule": 5.0, "options": {"expires": 30}},
    "delivery.send": {"task": "delivery.send", "schedule": 10.0, "options": {"expires": 60}},
    "delivery.send_sms": {"task": "delivery.send_sms", "schedule": 10.0, "options": {"expires": 60}},
    "delivery.send_robots": {"task": "delivery.send_robots", "schedule": 20.0, "options": {"expires": 60}},
    "delivery.digest": {"task": "delivery.digest", "schedule": crontab(minute="*/5"), "options": {"expires": 300}},
    "delivery.probe": {"task": "delivery.probe", "schedule": crontab(minute="*/20"), "options": {"expires": 600}},
    "files.sweep": {"task": "files.sweep", "schedule": crontab(minute=17), "options": {"expires": 1800}},
    "idempotency.purge": {
        "task": "idempotency.purge",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 7200},
    },
    "outcomes.expire_notices": {
        "task": "outcomes.expire_notices",
        "schedule": crontab(minute="3-59/10"),
        "options": {"expires": 600},
    },
    "outcomes.redraw_notices": {
        "task": "outcomes.redraw_notices",
        "schedule": crontab(minute="8-59/10"),
        "options": {"expires": 600},
    },
    "reminders.run": {"task": "reminders.run", "schedule": crontab(minute="*/10"), "options": {"expires": 600}},
    "outcomes.reopen_unexplained": {
        "task": "outcomes.reopen_unexplained",
        "schedule": crontab(minute="*/30"),
        "options": {"expires": 1500},
    },
    "outcomes.close_surveys": {
        "task": "outcomes.close_surveys",
        "schedule": crontab(minute="*/30"),
        "options": {"expires": 1500},
    },
    "topics.lapse": {"task": "topics.lapse", "schedule": crontab(hour=1, minute=10), "options": {"expires": 7200}},
}


@worker_process_init.connect
def settle(**_signal: Any) -> None:
    """What a worker was born with lives as long as it does: the collector need not look through it for rubbish again
    and again while a hundred thousand reminders are written, which took it a third of the time."""
    gc.collect()
    gc.freeze()
