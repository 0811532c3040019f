"""What beat wakes: the same end, however often it rings, and a dead worker's letters do not wait for his lease."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now

from consult import delivery
from consult.celery import app
from consult.delivery import sending, tasks
from consult.delivery.models import Outgoing, SendState
from tests.consult.delivery import gateway
from tests.factories import people

ROOT = Path(__file__).parents[3]
JOBS = ("delivery.send", "delivery.send_sms", "delivery.send_robots", "delivery.digest", "delivery.probe")
DIES = """
import os, uuid, django
django.setup()
from consult.delivery import sending, leases
from consult.delivery.models import Outgoing
claim = uuid.uuid4()
with leases.held(claim):
    sending._claim(Outgoing.objects.all(), 5, claim)
    os._exit(9)
"""


def test_each_job_is_rung_for():
    rung = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert set(JOBS) <= rung


@pytest.mark.django_db
def test_everything_delivered_twice_ends_the_same(settings):
    settings.EMAIL_BACKEND = gateway.EMAIL_BACKEND
    gateway.reset()
    for n in range(7):
        delivery.tell(people.account(email="a@example.org"), key=f"k{n}", title="通知")
    for _twice in range(2):
        for job in (tasks.send_mail, tasks.send_sms, tasks.send_robots, tasks.digest, tasks.probe_receivers):
            job()
    assert sorted(gateway.accepted.values()) == [1] * 7
    assert set(Outgoing.objects.values_list("state", "attempts")) == {(SendState.SENT, 1)}


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_had_taken_leaves_at_the_next_ring(settings):
    settings.EMAIL_BACKEND = gateway.EMAIL_BACKEND
    gateway.reset()
    for n in range(5):
        delivery.tell(people.account(email="a@example.org"), key=f"k{n}", title="通知")
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "consult.settings.test",
        "CONSULT_DATABASE_NAME": connection.settings_dict["NAME"],
    }
    assert subprocess.run([sys.executable, "-c", DIES], env=env, cwd=ROOT, check=False).returncode == 9
    assert Outgoing.objects.filter(claimed_until__gt=Now() + timedelta(minutes=4)).count() == 5
    assert sending.send_due_mail() == 0
    tasks.send_mail()
    assert len(gateway.accepted) == 5
