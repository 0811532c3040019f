"""Mail leaves once, in batches, by whoever holds the lease; failures wait ever longer and end somewhere."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from consult import delivery
from consult.delivery import sending
from consult.delivery.models import Outgoing, SendState
from tests.consult.delivery import gateway
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _gateway(settings):
    settings.EMAIL_BACKEND = gateway.EMAIL_BACKEND
    gateway.reset()


def queue(count):
    reader = people.account(email="office@example.org")
    return [delivery.tell(reader, key=f"k{n}", title=f"通知 {n}").outgoing.get() for n in range(count)]


def make_due():
    Outgoing.objects.filter(state=SendState.QUEUED).update(
        due_at=Now() - timedelta(seconds=1), claimed_until=Now() - timedelta(seconds=1)
    )


def claimed():
    claim = uuid.uuid4()
    return claim, sending._claim(Outgoing.objects.all(), 50, claim)


def test_telling_sends_nothing_by_itself():
    queue(1)
    assert not gateway.accepted and not mail.outbox


def test_a_batch_is_sent_and_written_down():
    queue(3)
    assert delivery.send_due_mail() == 3
    assert delivery.send_due_mail() == 0
    assert sorted(gateway.accepted.values()) == [1, 1, 1]
    row = Outgoing.objects.first()
    assert (row.state, row.attempts, row.claim, row.last_error) == (SendState.SENT, 1, None, "")
    assert row.sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_four_workers_send_120_letters_once_each():
    queue(120)
    barrier = threading.Barrier(4)
    counts = []

    def work():
        barrier.wait()
        counts.append(delivery.send_due_mail())
        connection.close()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 120
    assert len(gateway.accepted) == 120
    assert set(gateway.accepted.values()) == {1}


def test_failures_wait_longer_each_time_and_end_with_their_reason():
    (letter,) = queue(1)
    gateway.fail_with(ConnectionRefusedError("mail.example.org refused office@example.org"))
    waits = []
    for _attempt in range(7):
        make_due()
        assert delivery.send_due_mail() == 0
        letter.refresh_from_db()
        waits.append(letter.due_at)
        if letter.state == SendState.QUEUED:
            assert not Outgoing.objects.due().exists()
    assert waits[:-1] == sorted(waits[:-1])
    assert (letter.state, letter.attempts) == (SendState.DEAD, 7)
    assert letter.last_error == "ConnectionRefusedError"  # the server's words may name the address
    make_due()
    gateway.fail_with(None)
    assert delivery.send_due_mail() == 0


def test_an_address_that_does_not_exist_is_not_tried_again():
    (letter,) = queue(1)
    gateway.fail_with(gateway.REFUSED)
    delivery.send_due_mail()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (SendState.DEAD, 1)


def test_the_first_try_after_an_outage_carries_the_same_message_id():
    (letter,) = queue(1)
    gateway.fail_with(TimeoutError())
    delivery.send_due_mail()
    gateway.fail_with(None)
    make_due()
    assert delivery.send_due_mail() == 1
    assert list(gateway.accepted) == [f"<{letter.uuid}@localhost>"]


def test_a_worker_that_died_leaves_a_lease_that_runs_out():
    queue(1)
    claimed()
    assert delivery.send_due_mail() == 0
    make_due()
    assert delivery.send_due_mail() == 1


def test_who_comes_back_after_his_lease_writes_nothing():
    (letter,) = queue(1)
    late_claim, mails = claimed()
    make_due()
    claimed()  # somebody else holds it now
    assert sending._write_down(late_claim, mails[0], state=SendState.DEAD, last_error="late") is False
    letter.refresh_from_db()
    assert (letter.state, letter.last_error) == (SendState.QUEUED, "")


def test_a_worker_frozen_beyond_its_lease_sends_nothing(monkeypatch):
    queue(2)
    claim, mails = claimed()
    frozen = sending.monotonic() - sending.LEASE.total_seconds()
    assert sending._send_batch("email", claim, mails, frozen) == 0
    assert not gateway.accepted


def test_recalled_letters_stay_here():
    (letter,) = queue(1)
    delivery.recall(letter.item.key)
    assert delivery.send_due_mail() == 0


def test_the_network_is_used_outside_every_transaction(monkeypatch):
    queue(1)
    depths = []

    def look(self, messages):
        depths.append(len(connection.savepoint_ids) + len(connection.atomic_blocks))
        return len(messages)

    before = len(connection.savepoint_ids) + len(connection.atomic_blocks)
    monkeypatch.setattr(gateway.EmailBackend, "send_messages", look)
    delivery.send_due_mail()
    assert depths == [before]


def test_the_database_holds_to_its_words():
    (letter,) = queue(1)
    with pytest.raises(Exception, match="mail_sent_iff_sent_at"):
        Outgoing.objects.filter(pk=letter.pk).update(state=F("state"), sent_at=Now())
