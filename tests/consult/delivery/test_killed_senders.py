"""Workers die by kill -9 while mail leaves; every letter reaches the gateway, which takes each Message-ID once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now

from consult import delivery
from consult.delivery.models import Outgoing, SendState
from tests.factories import people

ROOT = Path(__file__).parents[3]
LETTERS = 150
WORKER = """
import os, time
import django
from django.core.mail.backends.base import BaseEmailBackend
from django.test import override_settings

class Gateway(BaseEmailBackend):
    def send_messages(self, messages):
        with open(os.environ["GATEWAY"], "a") as book:
            for message in messages:
                book.write(message.extra_headers["Message-ID"] + "\\n")
        time.sleep(0.01)

django.setup()
from consult.delivery import send_due_mail
with override_settings(EMAIL_BACKEND="__main__.Gateway"):
    while send_due_mail():
        pass
"""


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_killed_senders_lose_no_letter(tmp_path):
    reader = people.account(email="office@example.org")
    for n in range(LETTERS):
        delivery.tell(reader, key=f"k{n}", title=f"通知 {n}")
    book = tmp_path / "gateway"
    book.touch()
    for part in (20, 80):
        victim = _worker(book)
        _until(lambda part=part: len(book.read_text().splitlines()) >= part)
        victim.send_signal(signal.SIGKILL)
        victim.wait(10)
        _let_leases_run_out()
    assert Outgoing.objects.filter(state=SendState.QUEUED).exists()
    assert _worker(book).wait(60) == 0
    seen = Counter(book.read_text().splitlines())
    assert len(seen) == LETTERS
    assert sum(seen.values()) - LETTERS <= 2  # at most the one in hand at each kill, under the same Message-ID
    assert set(Outgoing.objects.values_list("state", flat=True)) == {SendState.SENT}


def _let_leases_run_out():
    held = Outgoing.objects.filter(state=SendState.QUEUED, claim__isnull=False)
    held.update(claimed_until=Now() - timedelta(seconds=1))


def _worker(book):
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "consult.settings.test",
        "CONSULT_DATABASE_NAME": connection.settings_dict["NAME"],
        "GATEWAY": str(book),
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], env=env, cwd=ROOT)


def _until(done, seconds=30):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the workers do not get on"
        time.sleep(0.01)
