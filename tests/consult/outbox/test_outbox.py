"""The outbox: an event is there if and only if its move is, and is delivered once whatever fails."""

import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from celery import current_app
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from consult.outbox import Event, handles, nudging, publish, registry, relay, services
from consult.outbox.models import MAX_ATTEMPTS, pause_after
from consult.outbox.tasks import relay_outbox
from members.models import Organisation
from tests.factories import people


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch):
    monkeypatch.setattr(registry, "_handlers", type(registry._handlers)(list))


@pytest.fixture
def nudges(monkeypatch):
    sent = []
    monkeypatch.setattr(nudging, "_send", lambda: sent.append(1))
    monkeypatch.setattr(nudging, "_resting_until", 0.0)
    return sent


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_published():
    with pytest.raises(RuntimeError, match="transaction"):
        publish("paper.sign")
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_commit_one_nudge_and_an_undone_move_neither_event_nor_nudge(nudges):
    with transaction.atomic():
        publish("paper.sign", paper_id=1)
        with transaction.atomic():
            publish("paper.file", paper_id=1)
        assert nudges == []
    assert (nudges, Event.objects.count()) == ([1], 2)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish("paper.sign", paper_id=2)
        raise ZeroDivisionError
    assert (nudges, Event.objects.count()) == ([1], 2)


@pytest.mark.django_db(transaction=True)
def test_the_nudge_of_an_undone_savepoint_does_not_stand_for_later_ones(nudges):
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            publish("paper.sign")
            raise ZeroDivisionError
        publish("paper.file")
    assert (nudges, list(Event.objects.values_list("name", flat=True))) == ([1], ["paper.file"])


@pytest.mark.django_db
def test_every_handler_of_the_name_gets_the_event_once(nudges):
    heard = []
    handles("paper.sign", "paper.file")(lambda event: heard.append((event.name, event.payload)))
    handles("paper.sign")(lambda event: heard.append(event.host_id))
    publish("paper.sign", host_id=3, matter_id=4, paper_id=1, on=timezone.localdate(), actor_id=2)
    publish("paper.burn")
    assert relay() == 2
    today = timezone.localdate().isoformat()
    assert heard == [("paper.sign", {"paper_id": 1, "on": today, "actor_id": 2}), 3]
    assert relay() == 0
    assert not Event.objects.waiting().exists()


@pytest.mark.django_db
def test_a_poison_event_backs_off_and_blocks_nobody():
    heard = []

    @handles("paper.sign")
    def choke(event):
        Organisation.objects.filter(pk=host.pk).update(name="half done")
        heard.append(event.payload["n"])
        if event.payload["n"] == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")

    host = people.host()
    for n in (1, 2, 3):
        publish("paper.sign", n=n)
    assert relay() == 3
    assert heard == [1, 2, 3]
    refused = Event.objects.waiting().get()
    assert refused.payload == {"n": 1}
    assert refused.attempts == 1 and refused.last_error.startswith("DataError")
    assert timedelta(seconds=5) < refused.due_at - timezone.now() < timedelta(seconds=11)
    assert list(Event.objects.failing()) == [refused]
    assert relay() == 0


@pytest.mark.django_db
def test_what_a_refused_event_began_is_undone():
    host = people.host()

    @handles("paper.sign")
    def half(event):
        Organisation.objects.filter(pk=host.pk).update(name="half done")
        raise LookupError("no paper")

    publish("paper.sign")
    relay()
    host.refresh_from_db()
    assert host.name != "half done"


@pytest.mark.django_db
def test_a_dead_event_is_visible_and_can_be_revived():
    handles("paper.sign")(lambda event: 1 / 0)
    event = publish("paper.sign")
    Event.objects.update(attempts=MAX_ATTEMPTS - 1)
    assert relay() == 1
    assert list(Event.objects.dead()) == [event]
    Event.objects.update(due_at=timezone.now() - timedelta(days=1))
    assert relay() == 0
    assert Event.objects.dead().revive() == 1
    assert relay() == 1
    assert Event.objects.get().attempts == 1


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 10), (2, 20), (5, 160), (9, 2560), (10, 3600), (60, 3600)])
def test_the_pause_doubles_up_to_an_hour(attempts, seconds):
    assert pause_after(attempts) == timedelta(seconds=seconds)


@contextmanager
def _threads(count, target):
    def run():
        try:
            target()
        finally:
            connections.close_all()

    running = [threading.Thread(target=run) for _ in range(count)]
    for thread in running:
        thread.start()
    yield
    for thread in running:
        thread.join(60)


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_four_relays_at_once_deliver_each_event_once(nudges):
    heard, lock, start = [], threading.Lock(), threading.Barrier(4)

    @handles("paper.sign")
    def hear(event):
        with lock:
            heard.append(event.payload["n"])
        time.sleep(0.002)

    with transaction.atomic():
        for n in range(120):
            publish("paper.sign", n=n)

    def drain():
        start.wait(10)
        while relay(10):
            pass

    with _threads(4, drain):
        pass
    assert sorted(heard) == list(range(120))
    assert not Event.objects.waiting().exists()


@pytest.mark.django_db(transaction=True)
def test_a_relay_does_not_wait_for_an_event_that_another_one_holds(nudges):
    heard = []
    handles("paper.sign")(lambda event: heard.append(event.payload["n"]))
    with transaction.atomic():
        publish("paper.sign", n=1)
        publish("paper.sign", n=2)
    with transaction.atomic():
        Event.objects.due().select_for_update(no_key=True).first()
        with _threads(1, relay):
            pass
        assert heard == [2]
    relay()
    assert heard == [2, 1]


@pytest.fixture
def silent_port():
    """Something that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "url", ["redis+socket:///nowhere/at/all.sock", "redis://127.0.0.1:1/0", "redis://127.0.0.1:{}/0"]
)
def test_a_dead_broker_costs_a_moment_once_and_no_event(url, monkeypatch, silent_port):
    url = url.format(silent_port)
    monkeypatch.setattr(nudging, "_resting_until", 0.0)
    connect = current_app.connection_for_write
    monkeypatch.setattr(current_app, "connection_for_write", lambda **options: connect(url, **options))
    begun = time.monotonic()
    for n in range(20):
        with transaction.atomic():
            publish("paper.sign", n=n)
    assert time.monotonic() - begun < 2
    assert nudging._resting_until > begun
    assert Event.objects.count() == 20
    heard = []
    handles("paper.sign")(lambda event: heard.append(event.payload["n"]))
    relay_outbox()
    assert heard == list(range(20))


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_living_broker_gets_the_wake_up(monkeypatch):
    monkeypatch.setattr(nudging, "_resting_until", 0.0)
    current_app.control.purge()
    with transaction.atomic():
        publish("paper.sign")
    assert nudging._resting_until == 0.0
    assert current_app.control.purge() == 1


@pytest.mark.django_db
def test_draining_stops_when_its_time_is_up(monkeypatch):
    monkeypatch.setattr(services, "relay", lambda: 100)
    begun = time.monotonic()
    assert services.drain(0.05) >= 100
    assert time.monotonic() - begun < 1


@pytest.mark.django_db
def test_an_event_has_a_name():
    with pytest.raises(DatabaseError), transaction.atomic():
        publish("")


@pytest.mark.django_db
def test_events_that_nobody_hears_are_settled_together(django_assert_num_queries):
    for _ in range(50):
        publish("paper.burn")
    with django_assert_num_queries(7):
        assert relay() == 50
    assert not Event.objects.waiting().exists()
