"""Preparing a session: what it needs, what is only a hint, how it drives its topics, and that a room is booked once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consult import options
from consult.audit.models import Entry
from consult.errors import DomainError, LostRace, Missing
from consult.outbox.models import Event
from members.models import Account
from sessions import services
from sessions.models import ConsultSession
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters
from topics.models import Topic

pytestmark = pytest.mark.django_db


def fields_of(**changes) -> set[str]:
    with pytest.raises(Missing) as refused:
        services.plan_session(**make.plan(**changes))
    assert refused.value.status == 400
    return set(refused.value.fields)


# the gate -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topics": []}, "topics"),
        ({"title": " "}, "title"),
        ({"place": ""}, "place"),
        ({"venue_kind": "room"}, "room"),
        ({"convenor_name": ""}, "convenor_name"),
        ({"lead_name": ""}, "lead_name"),
        ({"moderator_name": ""}, "moderator_name"),
        ({"recorder_name": ""}, "recorder_name"),
        ({"agenda": []}, "agenda"),
        ({"participants": []}, "participants"),
    ],
)
def test_planning_needs(changes, field):
    assert fields_of(**changes) == {field}
    assert not ConsultSession.objects.exists()


def test_a_plan_lacking_everything_is_told_everything_at_once():
    blank = {"title": "", "place": "", "convenor_name": "", "lead_name": "", "moderator_name": "", "recorder_name": ""}
    assert fields_of(**blank, topics=[], agenda=[], participants=[]) == {*blank, "topics", "agenda", "participants"}


@pytest.mark.parametrize(
    ("begin", "length", "field"),
    [
        (timedelta(days=2), timedelta(hours=-1), "ends_at"),
        (timedelta(days=2), timedelta(0), "ends_at"),
        (timedelta(days=2), timedelta(hours=40), "ends_at"),
        (timedelta(hours=-1), timedelta(hours=2), "starts_at"),
        (timedelta(days=3000), timedelta(hours=2), "starts_at"),
    ],
    ids=["ends before it starts", "0 minutes", "40 hours", "in the past", "in another decade"],
)
def test_times_that_cannot_be_meant(begin, length, field):
    starts_at = timezone.now() + begin
    assert fields_of(starts_at=starts_at, ends_at=starts_at + length) == {field}


def test_one_person_moderates_one_session_at_a_time():
    host = people.host()
    moderator = people.account("convenor", host)
    make.planned(host, moderator=moderator)
    assert fields_of(host=host, moderator=moderator) == {"moderator"}
    assert make.planned(host, moderator=moderator, starts_at=make.soon(96)).state == "planned"


@pytest.mark.parametrize("state", ["submitted", "returned", "pooled", "closed", "declined", "withdrawn", "merged"])
def test_a_topic_that_is_not_taken_up_has_no_session(state):
    assert fields_of(topics=[matters.in_state(state)]) == {"topics"}


@pytest.mark.parametrize("state", ["approved", "claimed"])
def test_planning_schedules_the_topic(state):
    topic = matters.in_state(state)
    session = make.planned(topics=[topic])
    topic.refresh_from_db()
    assert topic.state == "scheduled"
    assert list(session.topics.all()) == [topic]
    assert [item.text for item in session.agenda.all()] == ["说明来意和规则", "群众发言", "归纳共识"]
    assert [p.count for p in session.participants.all()] == [8, 1, 1]


def test_a_further_round_needs_its_reason():
    topic = matters.consulted()
    assert fields_of(topics=[topic]) == {"further_round_reason"}
    make.planned(topics=[topic], further_round_reason="充电桩选址又有争议")
    topic.refresh_from_db()
    assert (topic.state, topic.round_reason) == ("scheduled", "充电桩选址又有争议")


def test_another_host_lends_neither_topic_nor_room_nor_people():
    host, other = people.host(), people.host(people.LANGYA)
    assert fields_of(host=host, topics=[matters.claimed(other)]) == {"topics"}
    assert fields_of(host=host, venue_kind="room", room=make.room(other)) == {"room"}
    assert fields_of(host=host, lead_member=people.member(other)) == {"lead_member"}
    assert fields_of(host=host, moderator=people.office(other)) == {"moderator"}
    stranger = people.organisation(other)
    roster = [{"category": "department", "organisation": stranger}]
    assert fields_of(host=host, participants=roster) == {"organisation"}
    assert not ConsultSession.objects.exists()


def test_the_system_plans_what_a_case_file_says_and_no_more():
    host = people.host()
    system = Account.objects.system()
    then = timezone.make_aware(datetime(2021, 4, 15, 14, 30))
    topic = matters.approved(host, on=then.date() - timedelta(days=9))
    session = services.plan_session(
        actor=system,
        host=host,
        topics=[topic],
        form="formal",
        venue_kind="room",
        room=make.room(host),
        region_code=make.WANQIAO,
        title="协商议事会",
        starts_at=then,
        ends_at=then + timedelta(hours=2),
        at=then,
        participants=[{"category": "resident", "name": "居民代表", "count": 14, "attendance": "present"}],
    )
    assert session.is_backfilled
    for step, at in ((services.announce_session, then), (services.open_session, then)):
        session = step(session, actor=system, at=at)
    services.agree_point(session, topic, "分批补齐资料", "agreed", number=1, actor=system)
    session = services.close_session(session, actor=system, at=then + timedelta(hours=2))
    assert (session.state, session.held_at) == ("held", then + timedelta(hours=2))
    topic.refresh_from_db()
    assert (topic.state, topic.moved_on) == ("consulted", then.date())
    assert session.participants.get().signed_in_at == then
    held = Entry.objects.about(session).get(verb="session.close")
    assert held.happened_at == then + timedelta(hours=2)
    assert held.recorded_at > held.happened_at


# hints ----------------------------------------------------------------------------------------------------------------


def test_short_notice_asks_for_a_reason_and_refuses_nothing():
    host = people.host()
    office = make.clerk(host)
    session = make.planned(host, form="formal", starts_at=make.soon(48))
    with pytest.raises(Missing) as refused:
        services.announce_session(session, actor=office)
    assert set(refused.value.fields) == {"short_notice_reason"}
    session = services.announce_session(session, actor=office, short_notice_reason="县委要求本周开")
    assert (session.state, session.short_notice_reason) == ("announced", "县委要求本周开")


def test_notice_in_time_needs_no_reason_and_the_limit_is_the_hosts():
    host = people.host()
    session = make.planned(host, form="formal", starts_at=make.soon(24 * 30))
    assert services.announce_session(session, actor=make.clerk(host)).state == "announced"
    options.set_option(host.pk, "limits.notice_days_formal", 0, actor=make.clerk(host))
    session = make.planned(host, form="formal", starts_at=make.soon(3))
    assert services.announce_session(session, actor=make.clerk(host)).state == "announced"


def test_a_class_that_nobody_stands_for_is_named():
    topic = matters.claimed(stakeholders=["resident", "enterprise", "expert"])
    session = make.planned(topics=[topic])
    assert services.missing_classes(session) == ["enterprise", "expert"]
    assert [hint.code for hint in services.hints(session)] == ["missing_class", "missing_class"]
    services.add_participant(session, actor=make.clerk(session.host), category="enterprise", name="物业")
    assert services.missing_classes(ConsultSession.objects.get(pk=session.pk)) == ["expert"]


def test_nobody_is_called_to_a_session_without_list_or_agenda():
    session = make.planned()
    office = make.clerk(session.host)
    for participant in session.participants.all():
        services.remove_participant(participant, actor=office)
    session.agenda.all().delete()
    with pytest.raises(Missing) as refused:
        services.announce_session(session, actor=office)
    assert set(refused.value.fields) == {"agenda", "participants"}


# change, postpone, cancel ---------------------------------------------------------------------------------------------


def test_a_stale_change_of_plan_is_told_so():
    session = make.planned()
    office = make.clerk(session.host)
    services.change_plan(session, actor=office, version=1, title="新题目")
    with pytest.raises(LostRace):
        services.change_plan(session, actor=office, version=1, title="旧题目")
    assert ConsultSession.objects.get(pk=session.pk).title == "新题目"


def test_times_of_an_announced_session_move_by_postponing():
    session = make.announced()
    with pytest.raises(Missing):
        services.change_plan(session, actor=make.clerk(session.host), starts_at=make.soon(96), ends_at=make.soon(98))
    assert services.change_plan(session, actor=make.clerk(session.host), place="四号楼前").place == "四号楼前"


def test_postponing_recalls_notices_and_replies():
    host = people.host()
    member = people.account("member", host)
    session = make.planned(host)
    line = make.invite(session, member)
    session = services.announce_session(session, actor=make.clerk(host))
    services.reply_invitation(line, actor=member, reply="attending")
    when = make.soon(24 * 9)
    with pytest.raises(Missing):
        services.postpone_session(
            session, actor=make.clerk(host), starts_at=when, ends_at=when + timedelta(hours=1), reason=" "
        )
    session = services.postpone_session(
        session, actor=make.clerk(host), starts_at=when, ends_at=when + timedelta(hours=1), reason="大雨"
    )
    line.refresh_from_db()
    assert (session.state, session.reason, line.reply, line.invited_at) == ("planned", "大雨", "", None)


def test_cancelling_the_last_open_session_sends_the_topic_back():
    for state in ("approved", "claimed"):
        topic = matters.in_state(state)
        session = make.planned(topics=[topic])
        with pytest.raises(Missing):
            services.cancel_session(session, actor=make.clerk(session.host), reason="")
        services.cancel_session(session, actor=make.clerk(session.host), reason="大雨")
        topic.refresh_from_db()
        assert topic.state == state


def test_cancelling_one_of_two_changes_nothing_and_after_a_held_one_concludes():
    topic = matters.claimed()
    first = make.planned(topics=[topic])
    second = make.planned(topics=[Topic.objects.get(pk=topic.pk)], starts_at=make.soon(96))
    office = make.clerk(first.host)
    session = services.open_session(
        services.announce_session(first, actor=office, short_notice_reason="急"), actor=office
    )
    services.close_session(make.written(session), actor=office)
    topic.refresh_from_db()
    assert topic.state == "scheduled"  # the second is still to come
    services.cancel_session(second, actor=office, reason="一次就谈妥了")
    topic.refresh_from_db()
    assert topic.state == "consulted"
    assert topic.session_topics.get(session=first).round == 1


def test_cancelling_a_further_round_returns_to_consulted_and_opens_no_round():
    topic = matters.claimed()
    make.held(topics=[topic])
    topic.refresh_from_db()
    again = make.planned(topics=[topic], further_round_reason="又有争议")
    services.cancel_session(again, actor=make.clerk(again.host), reason="已自行谈妥")
    topic.refresh_from_db()
    assert (topic.state, topic.round) == ("consulted", 1)


def test_cancelling_keeps_what_was_written():
    session = make.written(make.in_progress())
    session = services.cancel_session(session, actor=make.clerk(session.host), reason="突发停电")
    assert (session.state, session.statements.count(), session.participants.exclude(attendance="").count()) == (
        "cancelled",
        1,
        3,
    )


# rooms ----------------------------------------------------------------------------------------------------------------


def test_a_room_taken_names_the_session_that_holds_it():
    host = people.host()
    room = make.room(host)
    make.planned(host, venue_kind="room", room=room, title="先约的协商会")
    with pytest.raises(DomainError) as refused:
        make.planned(host, venue_kind="room", room=room, starts_at=make.soon(49))
    assert (refused.value.code, refused.value.status) == ("room_taken", 409)
    assert "先约的协商会" in str(refused.value)


def test_one_session_ends_as_the_next_begins():
    host = people.host()
    room = make.room(host)
    begin = make.soon()
    for hour in (0, 2):
        starts_at = begin + timedelta(hours=hour)
        make.planned(host, venue_kind="room", room=room, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    assert ConsultSession.objects.booking().filter(room=room).count() == 2


def test_a_session_that_is_over_or_called_off_frees_its_room():
    host = people.host()
    room = make.room(host)
    make.cancelled(host, venue_kind="room", room=room)
    make.held(host, venue_kind="room", room=room)
    assert make.planned(host, venue_kind="room", room=room).state == "planned"


def test_a_closed_room_is_not_offered_and_a_booked_one_not_closed():
    host = people.host()
    office = make.clerk(host)
    room = make.room(host)
    session = make.planned(host, venue_kind="room", room=room)
    with pytest.raises(DomainError) as refused:
        services.close_room(room, actor=office)
    assert refused.value.code == "room_busy"
    services.cancel_session(session, actor=office, reason="改期")
    room = services.close_room(room, actor=office)
    assert fields_of(host=host, venue_kind="room", room=room) == {"room"}


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_book_one_room_and_one_gets_it():
    host = people.host()
    room = make.room(host)
    office = make.clerk(host)
    begin = make.soon()
    plans = [
        make.plan(host, venue_kind="room", room=room, starts_at=begin, actor=office, topics=[matters.claimed(host)])
        for _n in range(8)
    ]
    barrier = threading.Barrier(len(plans))
    outcomes: list[str] = []

    def book(values):
        barrier.wait()
        try:
            services.plan_session(**values)
            outcomes.append("booked")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=book, args=(values,)) for values in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["booked"] + ["room_taken"] * 7
    assert ConsultSession.objects.filter(room=room).count() == 1
    assert Event.objects.filter(name="session.plan").count() == 1
    assert Topic.objects.filter(state="scheduled").count() == 1


def test_idle_rooms_are_those_without_a_session_this_quarter():
    host = people.host()
    used, planned_only, never = make.room(host), make.room(host), make.room(host)
    session = make.held(host, venue_kind="room", room=used)
    ConsultSession.objects.filter(pk=session.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    make.planned(host, venue_kind="room", room=planned_only)
    closed = services.close_room(make.room(host), actor=make.clerk(host))
    idle = set(type(used).objects.idle())
    assert idle == {planned_only, never}
    assert closed not in idle
    annotated = {room.pk: room.held_count for room in type(used).objects.with_last_session()}
    assert (annotated[used.pk], annotated[never.pk]) == (1, None)
