"""The mail server is away for days and comes back: nothing is lost, nothing twice, and the given-up page empties."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models.functions import Now

from consult import delivery
from consult.delivery import sending
from consult.delivery.keeping import resend
from consult.delivery.models import ChannelName, Outgoing, SendState
from consult.errors import NotAllowed
from tests.consult.delivery import gateway, receivers
from tests.factories import people

ROOT = Path(__file__).parents[3]


@pytest.fixture
def mail_server(settings, tmp_path):
    """Start and stop a real process on one port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    server = MailServer(port, tmp_path / "book")
    yield server
    server.stop()


class MailServer:
    def __init__(self, port, book):
        self.port, self.book, self.process = port, book, None
        book.touch()

    def start(self):
        module = "tests.consult.delivery.mailserver"
        self.process = subprocess.Popen([sys.executable, "-m", module, str(self.port), str(self.book)], cwd=ROOT)
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.05)

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    @property
    def taken(self):
        return Counter(self.book.read_text().split())


def an_hour_passes():
    Outgoing.objects.filter(state=SendState.QUEUED).update(due_at=Now() - timedelta(seconds=1), claimed_until=None)


def tell(count, office):
    for n in range(count):
        delivery.tell(office, key=f"k{n}", title=f"催办 {n}", kind="urge")


@pytest.mark.django_db(transaction=True)
def test_three_days_without_a_mail_server(mail_server):
    office = people.office(people.host(), email="office@example.org")
    tell(40, office)
    for _try in range(8):
        an_hour_passes()
        assert delivery.send_due_mail() == 0
    assert Outgoing.objects.dead().count() == 40
    assert set(Outgoing.objects.values_list("last_error", "fault")) <= {
        ("ConnectionRefusedError", "server"),
        ("server away", "server"),
    }
    assert sending.probe() == 1  # one looks whether somebody is there
    assert delivery.send_due_mail() == 0
    assert Outgoing.objects.dead().count() == 40
    mail_server.start()
    assert sending.probe() == 1
    assert delivery.send_due_mail() == 1
    assert delivery.send_due_mail() == 39
    assert not Outgoing.objects.exclude(state=SendState.SENT).exists()
    assert list(mail_server.taken.values()) == [1] * 40


@pytest.mark.django_db(transaction=True)
def test_a_new_letter_that_gets_through_brings_the_given_up_ones_along(mail_server):
    office = people.office(people.host(), email="office@example.org")
    tell(3, office)
    for _try in range(8):
        an_hour_passes()
        delivery.send_due_mail()
    mail_server.start()
    delivery.tell(office, key="new", title="新的", kind="urge")
    assert delivery.send_due_mail() == 1
    assert delivery.send_due_mail() == 3
    assert not Outgoing.objects.dead().exists()


@pytest.mark.django_db(transaction=True)
def test_staff_send_again_to_the_address_of_today(mail_server):
    mail_server.start()
    office = people.office(people.host(), email="unknown@example.org")
    tell(2, office)
    assert delivery.send_due_mail() == 0
    assert set(Outgoing.objects.values_list("state", "fault", "last_error")) == {
        ("dead", "message", "SMTPRecipientsRefused 550")
    }
    assert sending.probe() == 0
    type(office).objects.filter(pk=office.pk).update(email="office@example.org")
    with pytest.raises(NotAllowed):
        resend(office.home_id, actor=people.office(people.host(people.LANGYA)), rows=Outgoing.objects.all())
    assert resend(office.home_id, actor=office, rows=Outgoing.objects.all()) == 2
    assert delivery.send_due_mail() == 2
    assert set(Outgoing.objects.values_list("to", "state")) == {("office@example.org", "sent")}
    assert resend(office.home_id, actor=office, rows=Outgoing.objects.all()) == 0


@pytest.mark.django_db
def test_while_the_server_is_away_one_batch_knocks_a_few_times_only(settings, monkeypatch):
    settings.EMAIL_BACKEND = gateway.EMAIL_BACKEND
    gateway.reset()
    gateway.fail_with(ConnectionRefusedError())
    knocks = []
    send = gateway.EmailBackend.send_messages
    monkeypatch.setattr(gateway.EmailBackend, "send_messages", lambda s, m: knocks.append(1) or send(s, m))
    tell(120, people.office(people.host(), email="a@example.org"))
    assert delivery.send_due_mail() == 0
    assert len(knocks) == 3
    gateway.fail_with(None)


WORKER = """
import django
django.setup()
from consult.delivery import sending
from consult.delivery.channels import sms
from django.conf import settings
import os
settings.DELIVERY_INNER_HOSTS = [os.environ["GATEWAY"]]
settings.DELIVERY_SMS_URL = "http://" + os.environ["GATEWAY"] + "/sms"
sms.SmsChannel.batch = 40
while sending.send_due("sms", 400):
    pass
"""


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_workers_killed_in_mid_batch_text_everybody_once(settings):
    """F11 in small: the gateway takes each key once; what a dead worker had in hand goes again under its key."""
    cache.clear()
    book = receivers.SmsGateway()

    def slowly(request, sock):
        time.sleep(0.05)
        book(request, sock)

    with receivers.receiver(slowly) as made:
        settings.DELIVERY_INNER_HOSTS, settings.DELIVERY_SMS_URL = [made.place], f"http://{made.place}/sms"
        readers = [people.account(phone="13800005566") for _n in range(20)]
        for n in range(50):
            delivery.tell_all(readers, key=f"urge:{n}", title="催办", kind="urge")
        assert Outgoing.objects.filter(channel=ChannelName.SMS).count() == 1000
        for part in (150, 500):
            victim = _worker(made.place)
            _until(lambda part=part: len(book.taken) >= part)
            victim.send_signal(signal.SIGKILL)
            victim.wait(10)
            Outgoing.objects.filter(state=SendState.QUEUED, claim__isnull=False).update(
                claimed_until=Now() - timedelta(seconds=1)
            )
        assert _worker(made.place).wait(90) == 0
    assert len(book.taken) == 1000 and set(book.taken.values()) == {1}
    assert set(book.taken) == {str(uuid) for uuid in Outgoing.objects.values_list("uuid", flat=True)}
    assert book.repeated <= 80  # at most the batch in hand at each kill
    assert set(Outgoing.objects.values_list("state", flat=True)) == {SendState.SENT}


def _worker(place):
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "consult.settings.test",
        "CONSULT_DATABASE_NAME": connection.settings_dict["NAME"],
        "GATEWAY": place,
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], env=env, cwd=ROOT)


def _until(done, seconds=60):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the workers do not get on"
        time.sleep(0.01)
