"""The broker forgets, is gone, or says everything twice; workers are killed: everybody hears each thing once."""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections import Counter

import pytest
import redis
from django.db import transaction
from django.urls import reverse

from consult.delivery.models import InboxItem, Outgoing, SendState
from consult.launcher.processes import wait_until
from consult.outbox import nudging, publish
from consult.outbox.models import Event
from consult.outbox.registry import handlers_of
from consult.outbox.services import relay
from sessions.models import Participant
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters
from tests.faults.tools import Celery, Client, Web, environment, own_broker, token_of
from tests.journeys.year import broken
from topics.models import Topic

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

FLUSHED, DRAINED = 150, 2000


@pytest.fixture
def broker(folder, keep):
    return keep(own_broker(folder))


@pytest.fixture
def office(monkeypatch):
    """Two clerks to be told, one of them by mail too; nobody is woken by the test's own process."""
    monkeypatch.setattr(nudging, "_send", lambda: None)
    host = people.host()
    people.office(host, email="office@example.org")
    people.office(host)
    return host


def say(host, number: int) -> Topic:
    """So many events of which both clerks hear (the one who entered the slip is the clerk of the factories)."""
    topic = matters.slip(host)
    with transaction.atomic():
        for _ in range(number - 1):
            publish(
                "topic.submit", host_id=host.pk, matter_id=topic.pk, topic_id=topic.pk, actor_id=topic.entered_by_id
            )
    return topic


def settled() -> bool:
    return not Event.objects.waiting().exists() and not Outgoing.objects.filter(state=SendState.QUEUED).exists()


def told_once(number: int, book) -> None:
    told = Counter(InboxItem.objects.values_list("account__username", flat=True))
    assert set(told.values()) == {number}
    letters = Counter(book.read_text().splitlines())
    assert (len(letters), Outgoing.objects.count()) == (number, number)
    assert sum(letters.values()) - number <= 3  # at most the one in hand at each kill, under the same Message-ID
    assert broken() == []


def test_f9_a_broker_that_forgot_everything_costs_nothing(folder, keep, broker, office):
    """150 events and their wake-ups; FLUSHALL, and again while the worker is at it. The sweep finds them all."""
    book = folder / "gateway"
    book.touch()
    env = environment(REDIS_URL=broker.url, GATEWAY=str(book))
    say(office, FLUSHED)
    celery = keep(Celery(folder, env))
    flush(broker)
    celery.start("worker", "beat")
    assert wait_until(lambda: InboxItem.objects.count() > FLUSHED // 4, 60)
    flush(broker)
    assert wait_until(settled, 90, step=0.2)
    told_once(FLUSHED, book)


def flush(broker) -> None:
    client = redis.Redis.from_url(broker.url)
    client.flushall()
    client.close()


def test_f11_killed_workers_lose_nothing_and_say_nothing_twice(folder, keep, broker, office):
    """2,000 events; the parent, a child, and all of them are killed by kill -9, twice each, and started again."""
    book = folder / "gateway"
    book.touch()
    env = environment(REDIS_URL=broker.url, GATEWAY=str(book))
    say(office, DRAINED)
    celery = keep(Celery(folder, env))
    celery.start("beat", "worker")
    kills = [celery.kill_a_child, celery.kill_parent, lambda: celery.kill("worker")]
    for n, kill in enumerate(kills, 1):
        assert wait_until(lambda n=n: InboxItem.objects.count() > n * 2 * DRAINED // 5, 90)
        kill()
        if "worker" not in celery.running:
            celery.start("worker")
    assert wait_until(settled, 120, step=0.2)
    told_once(DRAINED, book)
    assert set(Event.objects.filter(name="topic.submit").values_list("attempts", flat=True)) == {1}


def test_f10_without_a_broker_people_sign_in_mark_and_hand_in(folder, keep, broker):
    """The broker dies in the middle of the day; nobody waits long. (That unknown writers wait: tests/consult/rest.)"""
    host = people.host()
    clerk = people.office(host)
    session = make.in_progress(host)
    web = keep(Web(folder, environment(REDIS_URL=broker.url)))
    program = Client(web.socket, token_of(clerk))
    assert broker.child is not None
    os.killpg(broker.child.pid, signal.SIGKILL)
    broker.child.wait(10)

    begun = time.monotonic()
    browser = Client(web.socket)
    assert browser.sign_in(clerk.username).status == 302
    url = f"/api/v1/sessions/{session.uuid}/mark_attendance/"
    for line in session.participants.all():
        mark = {"participant": str(line.uuid), "attendance": "present"}
        assert program.call(url, mark, str(uuid.uuid4())).status == 200
    url = reverse("topics:hand_in")
    words = {"title": "公厕一直锁着", "problem": "建好的公厕不开门。", "region_code": matters.WANQIAO}
    assert browser.post(url, browser.form(url, **words)).status == 302
    assert time.monotonic() - begun < 10

    assert set(Participant.objects.filter(session=session).values_list("attendance", flat=True)) == {"present"}
    assert Topic.objects.filter(title="公厕一直锁着").count() == 1
    assert Event.objects.waiting().exists()
    named = {"username": clerk.username, "password": "sample-pass-1"}
    assert Client(web.socket).call("/api/v1/tokens/", named, "one").status == 201
    assert broken() == []


def test_f13_every_message_twice_ends_in_the_same_state(office):
    """A session's whole life is told twice, and then in the opposite order."""
    session = make.held(office)
    make.signed(session)
    relay_all()
    before = state()
    for order in ("pk", "-pk"):
        Event.objects.update(delivered_at=None)
        for event in Event.objects.order_by(order):
            deliver(event)
        assert state() == before
    assert InboxItem.objects.exists()


def relay_all() -> None:

    while relay():
        pass


def deliver(event) -> None:

    with transaction.atomic():
        for handler in handlers_of(event.name):
            handler(event)


def state() -> list:
    return [
        sorted(InboxItem.objects.values_list("account", "key")),
        Outgoing.objects.count(),
        Event.objects.count(),
        sorted(Topic.objects.values_list("pk", "state")),
    ]
