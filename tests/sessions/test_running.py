"""Holding a session: the roster counts everybody once, two recorders write at once, closing freezes and concludes."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from consult.audit.models import Entry
from consult.errors import DomainError, LostRace, Missing
from consult.outbox.models import Event
from sessions import services
from sessions.models import ConsensusPoint, ConsultSession, Participant, Statement
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters

pytestmark = pytest.mark.django_db


def at_once(jobs) -> list[str]:
    """Every job in a thread of its own, all starting together; what each came to."""
    barrier, results = threading.Barrier(len(jobs)), []

    def work(job):
        barrier.wait()
        try:
            job()
            results.append("ok")
        except DomainError as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


# replies --------------------------------------------------------------------------------------------------------------


def test_who_is_invited_replies_for_himself_and_nobody_else_does():
    host = people.host()
    member, other = people.account("member", host), people.account("member", host)
    session = make.planned(host)
    mine = make.invite(session, member)
    session = services.announce_session(session, actor=make.clerk(host), short_notice_reason="急")
    with pytest.raises(DomainError) as refused:
        services.reply_invitation(mine, actor=other, reply="attending")
    assert refused.value.code == "not_allowed"
    with pytest.raises(Missing):
        services.reply_invitation(mine, actor=member, reply="excused")
    row = services.reply_invitation(mine, actor=member, reply="excused", reason="出差")
    assert (row.reply, row.reply_reason) == ("excused", "出差")


def test_a_reply_by_telephone_is_marked_as_recorded_for_somebody_else():
    session = make.announced()
    line = session.participants.first()
    services.reply_invitation(line, actor=make.clerk(session.host), reply="attending")
    assert Entry.objects.about(session).last().on_behalf_of == str(line)


def test_there_is_no_reply_before_the_notice_and_none_after_the_opening():
    for state in ("planned", "in_progress", "held", "cancelled"):
        session = make.in_state(state)
        with pytest.raises(DomainError) as refused:
            services.reply_invitation(session.participants.first(), actor=make.clerk(session.host), reply="attending")
        assert refused.value.code == "wrong_state"


# signing in -----------------------------------------------------------------------------------------------------------


def test_signing_in_twice_is_signing_in_once():
    session = make.in_progress()
    office = make.clerk(session.host)
    line = session.participants.first()
    first = services.mark_attendance(line, "present", actor=office)
    entries, events = Entry.objects.count(), Event.objects.count()
    again = services.mark_attendance(line, "present", actor=office)
    assert again.signed_in_at == first.signed_in_at
    assert (Entry.objects.count(), Event.objects.count()) == (entries, events)


def test_of_eight_on_the_list_six_came():
    session = make.in_progress()
    office = make.clerk(session.host)
    line = session.participants.first()
    line = services.mark_attendance(line, "present", actor=office, came=6)
    assert services.heads(line) == 6
    assert services.heads(services.mark_attendance(line, "present", actor=office)) == 8
    assert services.heads(services.mark_attendance(line, "absent", actor=office)) == 0
    for wrong in (0, 9):
        with pytest.raises(Missing):
            services.mark_attendance(line, "present", actor=office, came=wrong)


def test_whoever_walks_in_is_on_the_roster_and_signed_in():
    session = make.in_progress()
    line = services.add_participant(session, actor=make.clerk(session.host), category="resident", name="路过的住户")
    assert (line.is_walk_in, line.attendance) == (True, "present")
    assert list(session.participants.all())[-1] == line  # behind those who were invited
    assert line.signed_in_at is not None


def test_nobody_is_struck_off_the_roster_of_a_running_session():
    session = make.in_progress()
    with pytest.raises(DomainError):
        services.remove_participant(session.participants.first(), actor=make.clerk(session.host))


def test_one_account_stands_on_the_roster_once():
    host = people.host()
    account = people.account("member", host)
    session = make.planned(host)
    make.invite(session, account)
    with pytest.raises(LostRace):
        make.invite(session, account)
    assert session.participants.filter(account=account).count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_clients_retry_and_each_line_is_signed_in_once():
    session = make.in_progress()
    office = make.clerk(session.host)
    lines = list(session.participants.all())
    jobs = [lambda line=line: services.mark_attendance(line, "present", actor=office) for line in lines * 8]
    assert at_once(jobs) == ["ok"] * 24
    assert session.participants.filter(attendance="present").count() == 3
    assert Event.objects.filter(name="session.mark_attendance").count() == 3
    assert Entry.objects.filter(verb="session.mark_attendance").count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_walk_in_sent_at_once_by_two_stands_there_once():
    host = people.host()
    session = make.in_progress(host)
    office, account = make.clerk(host), people.account("member", host)
    jobs = [lambda: services.add_participant(session, actor=office, category="member", account=account)] * 6
    assert at_once(jobs) == ["listed_twice"] * 5 + ["ok"]
    assert Participant.objects.filter(session=session, account=account).count() == 1


# the record -----------------------------------------------------------------------------------------------------------


def test_the_same_line_sent_twice_is_one_line():
    session = make.in_progress()
    key = uuid.uuid4()
    for _time in range(2):
        services.add_statement(
            session, by="居民代表", category="resident", text="先开门", actor=make.clerk(session.host), client_id=key
        )
    assert session.statements.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_recorders_write_at_once_and_no_line_is_lost():
    session = make.in_progress()
    topic = session.topics.get()
    office = make.clerk(session.host)
    say = [
        lambda n=n: services.add_statement(session, by=f"代表{n}", category="resident", text=f"第{n}句", actor=office)
        for n in range(12)
    ]
    agree = [lambda n=n: services.agree_point(session, topic, f"第{n}点", actor=office) for n in range(8)]
    assert at_once(say + agree) == ["ok"] * 20
    assert sorted(session.statements.values_list("position", flat=True)) == list(range(1, 13))
    assert sorted(topic.consensus_points.values_list("number", flat=True)) == list(range(1, 9))


def test_consensus_numbers_run_through_the_whole_matter():
    topic = matters.claimed()
    first = make.held(topics=[topic])
    topic.refresh_from_db()
    second = make.in_progress(topics=[topic], further_round_reason="又有争议")
    point = services.agree_point(second, topic, "第二次又谈妥一点", actor=make.clerk(second.host))
    assert (first.consensus_points.get().number, point.number) == (1, 2)
    with pytest.raises(LostRace) as refused:
        services.agree_point(second, topic, "撞号", actor=make.clerk(second.host), number=1)
    assert refused.value.code == "number_taken"


def test_taking_a_point_out_closes_the_numbers_up():
    session = make.in_progress()
    office = make.clerk(session.host)
    points = [services.agree_point(session, None, f"第{n}点", actor=office) for n in (1, 2, 3)]
    services.remove_point(points[1], actor=office)
    assert list(session.consensus_points.values_list("number", "text")) == [(1, "第1点"), (2, "第3点")]
    was = Entry.objects.about(session).get(verb="session.remove_point").data
    assert (was["number"], was["was"]) == (2, "第2点")


def test_a_line_that_the_other_recorder_removed_is_not_written_again():
    session = make.in_progress()
    office = make.clerk(session.host)
    line = services.add_statement(session, by="居民代表", category="resident", text="先开门", actor=office)
    services.change_statement(line, actor=office, text="先把门打开")
    assert Statement.objects.get(pk=line.pk).text == "先把门打开"
    services.remove_statement(line, actor=office)
    services.remove_statement(line, actor=office)
    with pytest.raises(LostRace):
        services.change_statement(line, actor=office, text="再改")


def test_what_is_not_on_the_agenda_is_not_agreed_upon():
    session = make.in_progress()
    with pytest.raises(Missing):
        services.agree_point(session, matters.claimed(), "别的事", actor=make.clerk(session.host))


def test_residents_come_first_in_the_queue():
    session = make.in_progress()
    office = make.clerk(session.host)
    resident, village, department = session.participants.all()
    for line in (department, village, resident, department):
        services.ask_to_speak(line, actor=office)
    assert services.queue_of(session) == [resident, department, village]
    services.add_statement(session, actor=office, participant=resident, text="请快些")
    assert services.queue_of(session) == [department, village]
    assert services.resident_share(list(session.statements.all())) == 100


def test_the_clock_of_the_agenda_survives_a_reload():
    session = make.in_progress()
    office = make.clerk(session.host)
    first = services.next_item(session, actor=office)
    services.extend_item(first, actor=office)
    second = services.next_item(session, actor=office)
    first.refresh_from_db()
    assert (first.position, first.minutes, second.position) == (1, 10, 2)
    assert first.ended_at == second.started_at


def test_agenda_items_move_up_and_down():
    session = make.planned()
    office = make.clerk(session.host)
    last = session.agenda.last()
    services.move_agenda_item(last, actor=office, up=True)
    assert [item.text for item in session.agenda.all()] == ["说明来意和规则", "归纳共识", "群众发言"]
    services.move_agenda_item(last, actor=office, up=True)
    services.move_agenda_item(last, actor=office, up=True)
    assert [item.position for item in session.agenda.all()] == [1, 2, 3]
    assert session.agenda.first().text == "归纳共识"


# closing --------------------------------------------------------------------------------------------------------------


def test_closing_needs_statements_or_none_and_a_point_of_some_level():
    session = make.in_progress()
    office = make.clerk(session.host)
    with pytest.raises(Missing) as refused:
        services.close_session(session, actor=office)
    assert set(refused.value.fields) == {"no_statements", "consensus"}
    services.agree_point(session, None, "没有谈拢", "none", actor=office)
    with pytest.raises(Missing) as refused:
        services.close_session(session, actor=office)
    assert set(refused.value.fields) == {"no_statements"}
    session = services.close_session(session, actor=office, no_statements=True)
    assert (session.state, session.no_statements) == ("held", True)


def test_closing_freezes_the_roster_and_concludes_the_topic():
    host = people.host()
    member = people.account("member", host)
    session = make.planned(host)
    line = make.invite(session, member)
    session = services.announce_session(session, actor=make.clerk(host), short_notice_reason="急")
    services.reply_invitation(line, actor=member, reply="excused", reason="出差")
    session = services.open_session(session, actor=make.clerk(host))
    first, second, third = session.participants.exclude(pk=line.pk)
    services.mark_attendance(first, "present", actor=make.clerk(host))
    services.add_statement(session, by="居民代表", category="resident", text="先开门", actor=make.clerk(host))
    services.agree_point(session, None, "开门", actor=make.clerk(host))
    session = services.close_session(session, actor=make.clerk(host))
    marks = dict(session.participants.values_list("pk", "attendance"))
    assert marks == {first.pk: "present", second.pk: "absent", third.pk: "absent", line.pk: "excused"}
    assert session.topics.get().state == "consulted"
    for change in (
        lambda: services.mark_attendance(second, "present", actor=make.clerk(host)),
        lambda: services.add_statement(session, by="补", category="resident", text="补一句", actor=make.clerk(host)),
        lambda: services.agree_point(session, None, "补一点", actor=make.clerk(host)),
        lambda: services.keep_dissent(session, None, "补一条", actor=make.clerk(host)),
    ):
        with pytest.raises(DomainError) as refused:
            change()
        assert refused.value.code == "wrong_state"


@pytest.mark.django_db(transaction=True)
def test_two_close_at_once_and_one_does():
    session = make.written(make.in_progress())
    office = make.clerk(session.host)
    assert at_once([lambda: services.close_session(session, actor=office)] * 2) == ["ok", "wrong_state"]
    assert Event.objects.filter(name="session.close").count() == 1
    assert Event.objects.filter(name="topic.conclude").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sessions_of_one_matter_end_at_once_and_it_is_concluded_once():
    topic = matters.claimed()
    office = make.clerk(topic.host)
    sessions = []
    for hours in (48, 96):
        session = make.planned(topics=[type(topic).objects.get(pk=topic.pk)], starts_at=make.soon(hours))
        session = services.announce_session(session, actor=office, short_notice_reason="急")
        sessions.append(make.written(services.open_session(session, actor=office)))
    assert at_once([lambda s=s: services.close_session(s, actor=office) for s in sessions]) == ["ok", "ok"]
    topic.refresh_from_db()
    assert topic.state == "consulted"
    assert Event.objects.filter(name="topic.conclude").count() == 1
    assert ConsensusPoint.objects.filter(topic=topic).count() == 2


def test_one_topic_that_refuses_stops_the_whole_closing():
    topics = [matters.claimed(), matters.claimed()]
    session = make.written(make.in_progress(topics=topics))
    type(topics[1]).objects.filter(pk=topics[1].pk).update(moved_on="2099-01-01")
    with pytest.raises(DomainError):
        services.close_session(session, actor=make.clerk(session.host))
    assert ConsultSession.objects.get(pk=session.pk).state == "in_progress"
    topics[0].refresh_from_db()
    assert topics[0].state == "scheduled"
