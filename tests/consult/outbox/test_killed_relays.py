"""Workers die by kill -9 while they drain; every event still has its effect, and has it once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from consult.numbering import Number
from consult.outbox import Event, nudging, publish

ROOT = Path(__file__).parents[3]
EVENTS = 150
WORKER = """
import time
import django
django.setup()
from consult.numbering import take_number
from consult.outbox import handles, relay

@handles("paper.sign")
def effect(event):
    take_number(organisation_id=event.payload["n"], kind="topic", year=2026, pattern="{year}-{n}", short_name="")
    time.sleep(0.01)

while relay(10):
    pass
"""


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing_and_do_nothing_twice(monkeypatch):
    monkeypatch.setattr(nudging, "_send", lambda: None)
    with transaction.atomic():
        for n in range(EVENTS):
            publish("paper.sign", n=n)
    victims = [_worker(), _worker()]
    for victim, part in zip(victims, (EVENTS // 5, EVENTS // 2), strict=True):
        _until(lambda part=part: Number.objects.count() >= part)
        victim.send_signal(signal.SIGKILL)
        victim.wait(10)
    assert 0 < Event.objects.waiting().count() < EVENTS
    assert _worker().wait(60) == 0
    assert not Event.objects.waiting().exists()
    assert sorted(Number.objects.values_list("organisation_id", "n")) == [(n, 1) for n in range(EVENTS)]
    assert set(Event.objects.values_list("attempts", flat=True)) == {1}


def _worker():
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "consult.settings.test",
        "CONSULT_DATABASE_NAME": connection.settings_dict["NAME"],
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], env=env, cwd=ROOT)


def _until(done, seconds=30):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the workers do not get on"
        time.sleep(0.01)
