"""Running a session: lines with versions, striking out and putting back, reading out, floor and clock, desks, gaps."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consult.audit.models import Entry
from consult.errors import DomainError
from consult.outbox.models import Event
from sessions import services
from sessions.models import AgendaItem, ConsensusPoint, ConsultSession, RecordDesk, Statement
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def office():
    return people.office(people.host())


def at_once(jobs) -> list[str]:
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


def said(session, text="先开门", **more) -> Statement:
    more.setdefault("actor", make.clerk(session.host))
    return services.add_statement(session, by="居民代表", category="resident", text=text, **more)


# versions -------------------------------------------------------------------------------------------------------------


def test_over_a_newer_version_nothing_is_written_and_both_are_told():
    session = make.in_progress()
    office, line = make.clerk(session.host), said(session)
    first = services.change_statement(line, actor=office, version=1, text="先把门打开")
    assert (first.version, first.text) == (2, "先把门打开")
    with pytest.raises(services.StaleLine) as refused:
        services.change_statement(line, actor=office, version=1, text="先修门")
    error = refused.value.as_dict()
    assert (error["code"], error["current"]["text"], error["yours"]["text"]) == ("stale_line", "先把门打开", "先修门")
    assert Statement.objects.get(pk=line.pk).text == "先把门打开"
    assert services.change_statement(line, actor=office, version=2, text="先修门").version == 3


def test_the_same_words_are_no_change():
    session = make.in_progress()
    line = said(session)
    entries = Entry.objects.count()
    services.change_statement(line, actor=make.clerk(session.host), version=7, text="先开门")
    assert (Statement.objects.get(pk=line.pk).version, Entry.objects.count()) == (1, entries)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_mend_one_line_at_once_one_is_written():
    session = make.in_progress()
    office, line = make.clerk(session.host), said(session)
    jobs = [lambda n=n: services.change_statement(line, actor=office, version=1, text=f"第{n}稿") for n in range(8)]
    assert at_once(jobs) == ["ok", *["stale_line"] * 7]
    assert Statement.objects.get(pk=line.pk).version == 2


def test_a_stale_edit_on_the_page_shows_both(client, office):
    session = make.in_progress()
    line = said(session)
    client.force_login(office)
    url = reverse("sessions:change_statement", args=[session.uuid, line.uuid])
    services.change_statement(line, actor=office, text="别人改的")
    data = {"by": "居民代表", "category": "resident", "kind": "opinion", "text": "我改的", "version": "1"}
    response = client.post(url, data, headers=HTMX)
    text = response.content.decode()
    assert response.status_code == 409
    assert "别人改的" in text and "我改的" in text and 'name="version" value="2"' in text
    assert client.post(url, {**data, "version": "2"}, headers=HTMX).status_code == 200
    assert session.statements.get().text == "我改的"


# twice is once --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_four_identical_lines_at_once_are_one():
    session = make.in_progress()
    key, office = uuid.uuid4(), make.clerk(session.host)
    assert at_once([lambda: said(session, actor=office, client_id=key)] * 24) == ["ok"] * 24
    assert session.statements.count() == 1
    assert Event.objects.filter(name="session.add_statement").count() == 1


def test_a_line_whose_answer_was_lost_is_known_after_the_close(client, office):
    session = make.written(make.in_progress())
    client.force_login(office)
    key = uuid.uuid4()
    url = reverse("sessions:add_statement", args=[session.uuid])
    data = {"by": "居民代表", "category": "resident", "kind": "opinion", "text": "最后一句", "client_id": key}
    assert client.post(url, data, headers=HTMX).status_code == 200
    services.close_session(session, actor=office)
    assert client.post(url, data, headers=HTMX).status_code == 200
    refused = client.post(url, {**data, "client_id": uuid.uuid4()}, headers=HTMX)
    assert refused.status_code == 409
    assert session.statements.filter(text="最后一句").count() == 1


def test_a_line_struck_out_does_not_come_back_by_being_sent_again(client, office):
    session = make.in_progress()
    key = uuid.uuid4()
    services.remove_statement(said(session, client_id=key), actor=office)
    with pytest.raises(services.LineStruck):
        said(session, client_id=key)
    client.force_login(office)
    data = {"by": "居民代表", "category": "resident", "kind": "opinion", "text": "先开门", "client_id": key}
    response = client.post(reverse("sessions:add_statement", args=[session.uuid]), data, headers=HTMX)
    assert (response.status_code, 'data-code="line_struck"' in response.content.decode()) == (409, True)
    assert not session.statements.exists()


def test_what_the_recorders_clock_said_is_kept_and_orders_nothing():
    session = make.in_progress()
    early = timezone.now() - timedelta(days=3)
    said(session, "先到")
    late = said(session, "后到", claimed_at=early)
    assert list(session.statements.values_list("text", flat=True)) == ["先到", "后到"]
    assert (late.claimed_at, late.created_at > early) == (early, True)


# striking out and putting back ----------------------------------------------------------------------------------------


def test_a_line_comes_back_where_it_stood_with_its_point():
    session = make.in_progress()
    office = make.clerk(session.host)
    first, second = said(session, "第一句"), said(session, "第二句")
    point = services.agree_point(session, None, "开门", actor=office, statements=[first])
    struck = services.remove_statement(first, actor=office)
    said(session, "第三句")
    back = services.restore_line(struck, actor=office)
    assert list(session.statements.values_list("position", "text")) == [(1, "第一句"), (2, "第二句"), (3, "第三句")]
    assert (back.uuid, back.created_at, back.version) == (first.uuid, first.created_at, 2)
    assert list(point.statements.all()) == [back]
    assert services.restore_line(struck, actor=office).pk == back.pk
    assert second.position == 2


def test_the_last_place_is_not_given_again_while_it_may_be_put_back():
    session = make.in_progress()
    struck = services.remove_statement(said(session, "删"), actor=make.clerk(session.host))
    said(session, "新")
    services.restore_line(struck, actor=make.clerk(session.host))
    assert list(session.statements.values_list("text", flat=True)) == ["删", "新"]


def test_a_point_comes_back_with_its_number_and_reservation():
    session = make.in_progress()
    office = make.clerk(session.host)
    points = [services.agree_point(session, None, f"第{n}点", actor=office) for n in (1, 2, 3)]
    services.keep_dissent(session, None, "再核", "物业", actor=office, point=points[1])
    struck = services.remove_point(points[1], actor=office)
    assert list(session.consensus_points.values_list("number", "text")) == [(1, "第1点"), (2, "第3点")]
    services.restore_line(struck, actor=office)
    told = list(session.consensus_points.values_list("number", "text"))
    assert told == [(1, "第1点"), (2, "第2点"), (3, "第3点")]
    assert session.dissent_points.get().point == ConsensusPoint.objects.get(uuid=points[1].uuid)


def test_a_point_struck_out_under_a_later_session_takes_the_next_number():
    topic = matters.claimed()
    first = make.in_progress(topics=[topic])
    office = make.clerk(topic.host)
    struck = services.remove_point(services.agree_point(first, topic, "一", actor=office), actor=office)
    topic.refresh_from_db()
    second = make.in_progress(topics=[topic], starts_at=make.soon(96), further_round_reason="又有争议")
    services.agree_point(second, topic, "二", actor=office)
    assert services.restore_line(struck, actor=office).number == 2


# reading out, floor, clock --------------------------------------------------------------------------------------------


def test_a_point_is_read_out_and_mended_it_is_read_again():
    session = make.in_progress()
    office = make.clerk(session.host)
    point = services.agree_point(session, None, "开门", actor=office)
    read = services.read_back(point, actor=office)
    assert read.read_back_at is not None
    entries = Entry.objects.count()
    assert services.read_back(point, actor=office).read_back_at == read.read_back_at
    assert Entry.objects.count() == entries
    assert services.change_point(point, actor=office, text="月底前开门").read_back_at is None
    services.read_back(point, actor=office)
    assert services.read_back(point, actor=office, done=False).read_back_at is None


def test_one_has_the_floor_and_closing_frees_it():
    session = make.written(make.in_progress())
    office = make.clerk(session.host)
    resident, village, _department = session.participants.all()
    services.ask_to_speak(resident, actor=office)
    since = services.give_floor(resident, actor=office).floor_at
    assert services.give_floor(resident, actor=office).floor_at == since
    assert services.queue_of(session) == []
    services.give_floor(village, actor=office)
    assert [one.pk for one in session.participants.exclude(floor_at=None)] == [village.pk]
    services.ask_to_speak(resident, actor=office)
    services.step_back(resident, actor=office)
    assert services.queue_of(session) == []
    services.end_floor(session, actor=office)
    assert services.speaker_of(session) is None
    services.give_floor(village, actor=office)
    session = services.close_session(session, actor=office)
    assert services.speaker_of(session) is None


@pytest.mark.django_db(transaction=True)
def test_two_who_press_next_at_once_go_on_by_one_item():
    session = make.in_progress()
    office = make.clerk(session.host)
    first = services.next_item(session, actor=office)
    assert at_once([lambda: services.next_item(session, actor=office, after=first.uuid)] * 6) == ["ok"] * 6
    assert services.running_item(session).position == 2


def test_back_to_the_item_before_whose_time_runs_on():
    session = make.in_progress()
    office = make.clerk(session.host)
    first = services.next_item(session, actor=office)
    services.next_item(session, actor=office)
    back = services.previous_item(session, actor=office)
    assert (back.pk, back.started_at, back.ended_at) == (first.pk, first.started_at, None)
    assert session.agenda.filter(started_at=None).count() == 2


def test_the_clock_tells_used_left_and_over():
    session = make.in_progress()
    office = make.clerk(session.host)
    item = services.next_item(session, actor=office)
    AgendaItem.objects.filter(pk=item.pk).update(started_at=timezone.now() - timedelta(minutes=8))
    clock = services.clock_of(session)
    assert (clock["running"].used_minutes, clock["running"].over_minutes, clock["running"].share) == (8, 3, 100)
    assert 54 < (clock["over_at"] - timezone.now()).total_seconds() / 60 <= 55
    past = services.clock_of(session, item.started_at - timedelta(hours=1))  # the clock was put back
    assert past["running"].used_minutes == 0
    AgendaItem.objects.filter(pk=item.pk).update(minutes=None)
    assert services.extend_item(item, actor=office).minutes == 5


def test_languages_are_mended_while_the_session_runs(client, office):
    session = make.in_progress()
    client.force_login(office)
    url = reverse("sessions:set_languages", args=[session.uuid])
    client.post(url, {"languages": "普通话，佤语，普通话", "interpreter": "李翻译"}, headers=HTMX)
    session.refresh_from_db()
    assert (session.languages, session.interpreter) == (["普通话", "佤语"], "李翻译")
    data = {"by": "居民代表", "category": "resident", "kind": "opinion", "text": "开门", "language": "佤语"}
    assert client.post(reverse("sessions:add_statement", args=[session.uuid]), data, headers=HTMX).status_code == 200
    assert session.statements.get().language == "佤语"
    bad = {**data, "language": "火星语"}
    assert client.post(reverse("sessions:add_statement", args=[session.uuid]), bad, headers=HTMX).status_code == 422


def test_without_scripts_a_point_is_made_from_a_statement(client, office):
    session = make.in_progress()
    client.force_login(office)
    line = said(session, "月底前开门")
    url = reverse("sessions:agree_point", args=[session.uuid])
    page = client.get(url, {"from": line.uuid}).content.decode()
    assert "月底前开门" in page and str(line.uuid) in page
    topic = session.topics.get()
    data = {"c-topic": topic.uuid, "c-text": "月底前开门", "c-level": "agreed", "c-statements": str(line.uuid)}
    client.post(url, data)
    assert list(session.consensus_points.get().statements.all()) == [line]
    assert client.get(url, {"from": "x"}).status_code == 200


# desks ----------------------------------------------------------------------------------------------------------------


def send(client, session, **told):
    url = reverse("sessions:desk", args=[session.uuid])
    return client.post(url, json.dumps(told), content_type="application/json")


def test_the_desk_keeps_what_is_typed_until_it_is_noted(client, office):
    session = make.in_progress()
    client.force_login(office)
    assert (
        send(client, session, drafts={"add_statement": {"text": "打到一半", "kind": "demand", "at": 5}}).status_code
        == 200
    )
    assert send(client, session, drafts={"agree_point": {"c-text": "共识半句"}}, waiting=2).status_code == 200
    desk = RecordDesk.objects.get()
    assert desk.kept == {
        "add_statement": {"kind": "demand", "text": "打到一半", "at": 5},
        "agree_point": {"c-text": "共识半句", "at": 0},
    }
    assert desk.waiting == 2
    page = client.get(reverse("sessions:record", args=[session.uuid])).content.decode()
    assert "打到一半" in page
    send(client, session, drafts={"add_statement": {}, "agree_point": {"c-text": " "}})
    desk.refresh_from_db()
    assert (desk.kept, desk.waiting) == ({}, 0)


def test_a_desk_takes_nothing_strange_and_nobody_elses(client, office):
    session = make.in_progress()
    client.force_login(office)
    url = reverse("sessions:desk", args=[session.uuid])
    for body in (
        "",
        "[]",
        '{"drafts": 7}',
        '{"waiting": "viel"}',
        '{"waiting": 1e999}',
        '{"drafts": {"close": {}}}',
        "x" * 50_000,
    ):
        assert client.post(url, body, content_type="application/json").status_code == 400, body[:20]
    assert (
        send(client, session, drafts={"add_statement": {"text": "x" * 9000, "by": {"a": 1}, "close": "1"}}).status_code
        == 200
    )
    assert set(RecordDesk.objects.get().kept["add_statement"]) == {"text", "by", "at"}
    odd = r'{"drafts": {"add_statement": {"text": "半句\u0000\ud800", "at": "gestern"}}}'
    assert client.post(url, odd, content_type="application/json").status_code == 200
    assert RecordDesk.objects.get().kept["add_statement"] == {"text": "半句?", "at": 0}
    client.force_login(people.office(people.host(people.LANGYA)))
    assert send(client, session).status_code == 404
    client.force_login(people.approver(session.host))
    assert send(client, session).status_code == 403
    client.logout()
    assert send(client, session).status_code == 302


def test_words_typed_too_late_are_shown_to_whoever_typed_them(client, office):
    session = make.written(make.in_progress())
    client.force_login(office)
    services.close_session(session, actor=office)
    assert send(client, session, drafts={"add_statement": {"text": "晚了一步的话"}}).status_code == 200
    url = reverse("sessions:record", args=[session.uuid])
    assert "晚了一步的话" in client.get(url).content.decode()
    client.force_login(people.office(session.host))
    assert "晚了一步的话" not in client.get(url).content.decode()


# what is missing before the close -------------------------------------------------------------------------------------


def test_what_a_session_lacks_before_it_is_closed():
    host = people.host()
    topics = [matters.claimed(host), matters.claimed(host)]
    session = make.in_progress(host, topics=topics)
    office, other = make.clerk(host), people.office(host)
    codes = [(gap.code, gap.stops) for gap in services.gaps_before_closing(session, actor=office)]
    assert codes == [
        ("no_statements", True),
        ("consensus", True),
        ("nobody_present", False),
        ("unmarked", False),
        *[("not_reached", False)] * 3,
    ]
    said(session)
    resident, village, _department = session.participants.all()
    services.mark_attendance(resident, "present", actor=office)
    services.ask_to_speak(resident, actor=office)
    point = services.agree_point(session, topics[0], "开门", actor=office)
    services.next_item(session, actor=office)
    services.keep_desk(session, actor=other, drafts={"add_statement": {"text": "没记下"}})
    services.keep_desk(session, actor=office, drafts={"keep_dissent": {"d-text": "没记下"}}, waiting=3)
    gaps = services.gaps_before_closing(ConsultSession.objects.get(pk=session.pk), actor=office)
    assert [gap.code for gap in gaps] == [
        *("own_draft", "unsent", "class_absent", "class_absent", "unmarked", "queue", "topic_open"),
        *("no_unit", "no_deadline", "not_read", "not_reached", "not_reached"),
    ]
    assert not any(gap.stops for gap in gaps)
    assert {gap.place for gap in gaps} == {
        *("add_statement", "said", "signin", "queue", "add-point", "clock", f"point-{point.uuid}")
    }
    waiting = services.gaps_before_closing(session, actor=other)
    assert any(gap.code == "unsent" and "3" in gap.text for gap in waiting)
    assert str(village) == "万桥社区"


# what a look costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", [1, 30])
def test_what_a_look_of_a_recorder_costs(client, office, lines, django_assert_num_queries):
    session = make.in_progress()
    for n in range(lines):
        said(session, f"第{n}句")
    client.force_login(office)
    page = client.get(reverse("sessions:record", args=[session.uuid]))
    url = reverse("sessions:parts", args=[session.uuid])
    # session, account, mandates, the session itself, its version, who else writes
    with django_assert_num_queries(6):
        assert client.get(url, {"since": page.context["stamp"]}, headers=HTMX).status_code == 204
    with django_assert_num_queries(UNSEEN):
        assert client.get(url, {"since": "-"}, headers=HTMX).status_code == 200


UNSEEN = 22


def test_the_version_changes_with_whatever_the_page_shows():
    session = make.in_progress()
    office = make.clerk(session.host)
    line = session.participants.first()
    seen = [services.pulse_of(session).stamp]
    statement = said(session)
    for change in (
        lambda: None,
        lambda: services.mark_attendance(line, "present", actor=office),
        lambda: services.mark_attendance(line, "present", actor=office, came=5),
        lambda: services.ask_to_speak(line, actor=office),
        lambda: services.give_floor(line, actor=office),
        lambda: services.next_item(session, actor=office),
        lambda: services.change_statement(statement, actor=office, text="改了"),
        lambda: services.remove_statement(statement, actor=office),
        lambda: services.agree_point(session, None, "开门", actor=office),
        lambda: services.set_languages(session, actor=office, languages=["佤语"]),
        lambda: services.close_session(session, actor=office, no_statements=True),
    ):
        change()
        seen.append(services.pulse_of(session).stamp)
    assert len(set(seen)) == len(seen)
    assert services.pulse_of(session).stamp == seen[-1]


def test_who_else_writes_is_named(client, office):
    session = make.in_progress()
    other = people.office(session.host)
    services.keep_desk(session, actor=other)
    client.force_login(office)
    assert f"：{other.display_name}" in client.get(reverse("sessions:record", args=[session.uuid])).content.decode()
    RecordDesk.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert services.others_at(session, office) == []


def test_members_of_another_county_see_nothing_of_the_desk():
    session = make.in_progress()
    stranger = Client()
    stranger.force_login(people.office(people.host(people.LANGYA)))
    point = services.agree_point(session, None, "开门", actor=make.clerk(session.host))
    for name, args in (
        ("parts", []),
        ("screen", []),
        ("set_languages", []),
        ("change_point", [point.uuid]),
    ):
        assert stranger.get(reverse(f"sessions:{name}", args=[session.uuid, *args])).status_code == 404, name
    for name, args in (("read_back", [point.uuid]), ("floor_free", []), ("screen_issue", [])):
        assert stranger.post(reverse(f"sessions:{name}", args=[session.uuid, *args])).status_code == 404, name
