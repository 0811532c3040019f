"""Logging after the fact: what, where, what was agreed; replays are safe, and nothing from a yard is dropped."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consult.errors import DomainError, Missing
from consult.outbox import relay
from sessions import services
from sessions.models import ConsultSession
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters
from topics import services as on_topics
from topics.models import Topic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "field"), [({"title": " "}, "title"), ({"place": ""}, "place"), ({"agreed": [" "]}, "agreed")]
)
def test_a_log_needs_what_where_and_what_was_agreed(changes, field):
    with pytest.raises(Missing) as refused:
        make.logged(**changes)
    assert set(refused.value.fields) == {field}
    assert not ConsultSession.objects.exists()


def test_a_log_on_a_matter_taken_up_schedules_and_concludes_it():
    topic = matters.claimed()
    session = make.logged(topic=topic, agreed=["先开门", "  ", "再交接"])
    topic.refresh_from_db()
    assert (session.state, session.form, topic.state) == ("held", "bench", "consulted")
    assert list(topic.consensus_points.values_list("number", "text", "level")) == [
        (1, "先开门", "agreed"),
        (2, "再交接", "agreed"),
    ]


def test_a_log_without_a_topic_files_one_that_the_logger_raised():
    host = people.host()
    member = people.account("member", host)
    session = make.logged(host, actor=member)
    topic = session.topics.get()
    assert (topic.state, topic.title, topic.source) == ("submitted", session.title, "member")
    raiser = topic.raisers.get()
    assert (raiser.account, raiser.on_behalf) == (member, False)
    assert session.consensus_points.get().topic == topic


def test_once_that_topic_is_taken_up_schedule_and_conclude_follow():
    host = people.host()
    session = make.logged(host, actor=people.account("member", host))
    topic = session.topics.get()
    office = make.clerk(host)
    topic = on_topics.pool_topic(topic, actor=office, profile="micro", category="公共设施", **matters.CHECKS)
    relay()
    assert Topic.objects.get(pk=topic.pk).state == "pooled"
    topic = on_topics.claim_topic(
        topic, actor=office, promised_on=timezone.localdate() + timedelta(days=9), claimed_name="万桥小组"
    )
    relay()
    topic.refresh_from_db()
    assert (topic.state, topic.session_topics.get().round) == ("consulted", 1)
    for _again in range(2):
        services.follow_claim(topic, actor=office, at=timezone.now())
    topic.refresh_from_db()
    assert topic.state == "consulted"


def test_a_claim_without_a_log_waits_for_its_session():
    topic = matters.claimed()
    relay()
    assert Topic.objects.get(pk=topic.pk).state == "claimed"


def test_the_same_log_sent_again_is_the_same_session():
    host = people.host()
    member = people.account("member", host)
    key = uuid.uuid4()
    first = make.logged(host, actor=member, client_id=key)
    again = make.logged(host, actor=member, client_id=key)
    assert (first.pk, Topic.objects.count(), ConsultSession.objects.count()) == (again.pk, 1, 1)
    with pytest.raises(DomainError) as refused:
        make.logged(host, actor=people.account("member", host), client_id=key)
    assert refused.value.code == "lost_race"


@pytest.mark.django_db(transaction=True)
def test_the_same_log_sent_six_times_at_once_is_one_session_and_one_topic():
    host = people.host()
    member = people.account("member", host)
    key = uuid.uuid4()
    found, barrier = [], threading.Barrier(6)

    def send():
        barrier.wait()
        try:
            found.append(make.logged(host, actor=member, client_id=key).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert (len(set(found)), ConsultSession.objects.count(), Topic.objects.count()) == (1, 1, 1)


# kept, never dropped --------------------------------------------------------------------------------------------------


def cancelled_session(host):
    return {"session_uuid": make.cancelled(host).uuid}


DOUBTS = {
    "future": lambda host: {"starts_at": timezone.now() + timedelta(days=2)},
    "cancelled session": cancelled_session,
    "unknown session": lambda host: {"session_uuid": uuid.uuid4()},
    "unknown topic": lambda host: {"topic_uuid": uuid.uuid4()},
    "withdrawn topic": lambda host: {"topic": matters.withdrawn(host)},
    "closed topic": lambda host: {"topic": matters.closed(host)},
    "consulted topic, no reason": lambda host: {"topic": matters.consulted(host)},
    "unknown village": lambda host: {"region_code": "341103999999"},
    "village of another county": lambda host: {"region_code": "341102001001"},
}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_what_cannot_be_placed_is_kept_for_a_decision(doubt):
    host = people.host()
    changes = DOUBTS[doubt](host)
    before = Topic.objects.count()
    session = make.logged(host, **changes)
    assert session.state == "needs_decision"
    assert session.decision_note
    assert session.kept["agreed"] == ["楼道杂物周末前清走"]
    assert Topic.objects.count() == before
    assert not session.consensus_points.exists()


def test_a_kept_log_is_accepted_with_what_was_corrected():
    host = people.host()
    topic = matters.claimed(host)
    session = make.logged(host, topic=topic, starts_at=timezone.now() + timedelta(days=2))
    office = make.clerk(host)
    with pytest.raises(Missing) as refused:
        services.accept_log(session, actor=office)
    assert set(refused.value.fields) == {"starts_at"}
    session = services.accept_log(session, actor=office, starts_at=timezone.now() - timedelta(hours=3))
    topic.refresh_from_db()
    assert (session.state, session.kept, topic.state) == ("held", {}, "consulted")
    assert topic.consensus_points.get().text == "楼道杂物周末前清走"


def test_a_kept_log_without_topic_files_one_in_the_name_of_who_logged_it():
    host = people.host()
    member = people.account("member", host)
    session = make.logged(host, actor=member, region_code="341103999999")
    session = services.accept_log(session, actor=make.clerk(host), region_code=make.WANQIAO)
    topic = session.topics.get()
    assert (topic.raisers.get().account, topic.region_code) == (member, make.WANQIAO)


def test_a_kept_log_that_never_happened_is_cancelled():
    session = make.needs_decision()
    assert services.cancel_session(session, actor=make.clerk(session.host), reason="误报").state == "cancelled"


def test_a_log_books_no_room():
    host = people.host()
    room = make.room(host)
    make.logged(host, room=room, venue_kind="room", place="")
    make.logged(host, room=room, venue_kind="room", place="")
    assert ConsultSession.objects.filter(room=room).count() == 2
