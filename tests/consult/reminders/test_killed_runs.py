"""Ladders run by several workers, killed by kill -9, while the broker is away: everybody is told once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from consult.delivery.models import InboxItem, Outgoing
from consult.reminders.models import Reminder
from tests.factories import people

ROOT = Path(__file__).parents[3]
ITEMS = 120
WORKER = """
import os
from datetime import date
import django
django.setup()
from consult.reminders import LADDER, Due, register_ladder, run_ladders
from members.models import Account

people = list(Account.objects.filter(username__startswith="told"))
def items(today):
    for n in range(int(os.environ["ITEMS"])):
        yield Due("thing", n, None, date(2026, 11, 24), date(2026, 9, 1), lambda rung: people, "交办事项")
register_ladder("thing", LADDER, items)
run_ladders(date(2026, 11, 25))
"""


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_killed_runs_remind_everybody_once():
    for n in range(2):
        people.account(username=f"told{n}", email=f"told{n}@example.org")
    for part in (ITEMS // 6, ITEMS):
        victims = [_worker(), _worker()]
        _until(lambda part=part: Reminder.objects.count() >= part)
        for victim in victims:
            victim.send_signal(signal.SIGKILL)
            victim.wait(10)
    last = [_worker(), _worker()]
    assert [worker.wait(120) for worker in last] == [0, 0]
    told = sorted(Reminder.objects.values_list("item_id", "rung", "account__username"))
    assert told == sorted((n, "+1", f"told{who}") for n in range(ITEMS) for who in range(2))
    assert InboxItem.objects.count() == Outgoing.objects.count() == 2 * ITEMS


def _worker():
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "consult.settings.test",
        "CONSULT_DATABASE_NAME": connection.settings_dict["NAME"],
        "REDIS_URL": "redis://127.0.0.1:1/0",  # nobody answers there
        "ITEMS": str(ITEMS),
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], env=env, cwd=ROOT)


def _until(done, seconds=90):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the workers do not get on"
        time.sleep(0.01)
