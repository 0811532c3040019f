"""Sessions and rooms by the API: the same querysets, filters and services; never a writable state."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions import services
from sessions.models import ConsultationRoom, ConsultSession, Minutes
from sessions.states import SessionState
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters

pytestmark = pytest.mark.django_db

BASE = "/api/v1/sessions/"


@pytest.fixture
def office(client):
    account = make.clerk(people.host())
    client.force_login(account)
    return account


def post(client, url, data=None, **headers):
    headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
    return client.post(url, json.dumps(data or {}, default=str), content_type="application/json", headers=headers)


def move(client, session, verb, **data):
    return post(client, f"{BASE}{session.uuid}/{verb}/", data)


def plan_data(host, topic, **changes) -> dict:
    begin = make.soon()
    return {
        "host": host.uuid,
        "topics": [topic.uuid],
        "title": "公厕移交微协商",
        "form": "micro",
        "venue_kind": "courtyard",
        "place": "三号楼前",
        "region_code": make.WANQIAO,
        "starts_at": begin.isoformat(),
        "ends_at": (begin + timedelta(hours=2)).isoformat(),
        "convenor_name": "召集人",
        "lead_name": "组长",
        "moderator_name": "召集人",
        "recorder_name": "记录人",
        "agenda": [{"text": "群众发言", "minutes": 40}],
        "participants": [{"category": "resident", "name": "居民代表", "count": 8}],
        **changes,
    }


def test_a_whole_session_runs_through_the_api(client, office):
    host = people.host()
    topic = matters.claimed(host)
    answer = post(client, BASE, plan_data(host, topic))
    assert answer.status_code == 201
    body = answer.json()
    session = ConsultSession.objects.get()
    assert (body["state"], body["topics"]) == ("planned", [str(topic.uuid)])
    assert answer.headers["Location"].endswith(f"{BASE}{session.uuid}/")
    assert {"announce", "postpone", "cancel", "change_plan", "invite"} <= set(body["actions"])
    assert move(client, session, "announce", short_notice_reason="急").json()["state"] == "announced"
    assert move(client, session, "open").json()["state"] == "in_progress"
    line = session.participants.get()
    marked = move(client, session, "mark_attendance", participant=line.uuid, attendance="present", came=6).json()
    assert (marked["participants"][0]["attendance"], marked["participants"][0]["came"]) == ("present", 6)
    move(client, session, "walk_in", category="expert", name="规划师")
    move(client, session, "add_statement", participant=line.uuid, text="先把门打开", kind="demand")
    move(client, session, "agree_point", text="月底前移交", level="agreed", unit_name="市环卫处")
    move(client, session, "keep_dissent", text="水电费再核", by="物业")
    closed = move(client, session, "close").json()
    assert (closed["state"], closed["consensus_points"][0]["number"]) == ("held", 1)
    assert "draft_minutes" in closed["actions"]
    drafted = move(client, session, "draft_minutes").json()["minutes"][0]
    assert (drafted["state"], drafted["version"]) == ("draft", 1)
    move(client, session, "revise_minutes", body=drafted["body"] + "\n补一句。", version=1)
    assert move(client, session, "file_minutes").json()["minutes"][0]["state"] == "filed"
    signed = move(client, session, "sign_minutes", on_paper=True, signed_name="分管副主席").json()
    assert (signed["minutes"][0]["state"], signed["has_signed_minutes"]) == ("signed", True)
    topic.refresh_from_db()
    assert topic.state == "consulted"


def test_missing_input_is_named_by_field(client, office):
    host = people.host()
    topic = matters.claimed(host)
    lacking = plan_data(host, topic, convenor_name="", agenda=[], participants=[])
    answer = post(client, BASE, lacking)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"convenor_name", "agenda", "participants"}
    begin = make.soon()
    for changes, field in (
        ({"ends_at": begin - timedelta(hours=1)}, "ends_at"),
        ({"ends_at": begin + timedelta(hours=40)}, "ends_at"),
        ({"starts_at": timezone.now() - timedelta(hours=2), "ends_at": timezone.now()}, "starts_at"),
        ({"starts_at": "2026-02-30T10:00"}, "starts_at"),
        ({"state": "held"}, "state"),
        ({"room": uuid.uuid4()}, "room"),
        ({"topics": [uuid.uuid4()]}, "topics"),
    ):
        answer = post(client, BASE, plan_data(host, topic, **changes))
        assert answer.status_code == 400, (changes, answer.content)
        assert set(answer.json()["fields"]) == {field}
    assert not ConsultSession.objects.exists()


def test_the_three_refusals(client, office):
    session = make.held()
    assert move(client, session, "announce").json()["code"] == "wrong_state"
    client.force_login(people.approver(session.host))
    refused = move(client, make.planned(), "announce")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    client.force_login(people.office(people.host(people.LANGYA)))
    assert move(client, session, "announce").status_code == 404
    assert client.get(f"{BASE}{session.uuid}/").status_code == 404
    client.logout()
    assert client.get(BASE).status_code == 401


def test_who_drafted_does_not_sign(client):
    host = people.host()
    leader = people.account("group_leader", host)
    session = make.held(host)
    minutes = make.drafted(session, actor=leader)
    minutes = services.file_minutes(minutes, actor=make.clerk(host))
    client.force_login(leader)
    ConsultSession.objects.filter(pk=session.pk).update(created_by=leader)
    refused = move(client, session, "sign_minutes")
    assert (refused.status_code, refused.json()["code"]) == (403, "four_eyes")
    assert Minutes.objects.get(pk=minutes.pk).state == "filed"


def test_a_stale_edit_of_minutes_gets_both_texts(client, office):
    minutes = make.drafted()
    services.revise_minutes(minutes, actor=office, body="甲的稿", version=1)
    answer = move(client, minutes.session, "revise_minutes", body="乙的稿", version=1)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "lost_race")
    assert (body["yours"], body["current"]["body"], body["current"]["version"]) == ("乙的稿", "甲的稿", 2)


def test_a_taken_room_names_who_has_it(client, office):
    host = people.host()
    room = make.room(host)
    make.planned(host, venue_kind="room", room=room, title="先约的会")
    answer = post(client, BASE, plan_data(host, matters.claimed(host), venue_kind="room", room=room.uuid, place=""))
    assert (answer.status_code, answer.json()["code"]) == (409, "room_taken")
    assert "先约的会" in answer.json()["detail"]


def test_a_log_comes_in_once_however_often_it_is_sent(client):
    host = people.host()
    client.force_login(people.account("member", host))
    key = uuid.uuid4()
    data = {
        "host": host.uuid,
        "region_code": make.WANQIAO,
        "title": "楼道杂物",
        "place": "三号楼前",
        "agreed": ["周末前清走"],
        "client_id": key,
    }
    answers = [post(client, f"{BASE}log/", data) for _n in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["uuid"] for answer in answers}) == 1
    kept = post(client, f"{BASE}log/", {**data, "client_id": uuid.uuid4(), "topic": uuid.uuid4()}).json()
    assert kept["state"] == "needs_decision"
    assert ConsultSession.objects.count() == 2


def test_the_same_key_is_the_same_check_in(client, office):
    session = make.in_progress()
    line = session.participants.first()
    data = {"participant": line.uuid, "attendance": "present"}
    url, key = f"{BASE}{session.uuid}/mark_attendance/", str(uuid.uuid4())
    first, again = (post(client, url, data, **{"Idempotency-Key": key}) for _n in range(2))
    assert first.content == again.content
    other = post(client, url, {**data, "attendance": "absent"}, **{"Idempotency-Key": key})
    assert other.status_code == 422


def test_a_line_of_another_session_is_not_marked_here(client, office):
    one, other = make.in_progress(), make.in_progress(starts_at=make.soon(96))
    answer = move(client, one, "mark_attendance", participant=other.participants.first().uuid, attendance="present")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"participant"})


def test_who_is_invited_replies(client):
    host = people.host()
    member = people.account("member", host)
    session = make.planned(host)
    line = make.invite(session, member)
    services.announce_session(session, actor=make.clerk(host), short_notice_reason="急")
    client.force_login(member)
    assert client.get(f"{BASE}{session.uuid}/").json()["actions"] == ["reply"]
    answer = move(client, session, "reply", participant=line.uuid, reply="attending")
    assert answer.status_code == 200
    other = session.participants.exclude(pk=line.pk).first()
    assert move(client, session, "reply", participant=other.uuid, reply="attending").status_code == 403


def test_a_supervisor_reads_no_names(client):
    session = make.in_progress(participants=[{"category": "resident", "name": "王某某"}])
    office = make.clerk(session.host)
    services.add_statement(session, by="王某某", category="resident", text="先开门", actor=office)
    client.force_login(people.supervisor())
    answer = client.get(f"{BASE}{session.uuid}/")
    assert answer.status_code == 200 and "王某某" not in answer.content.decode()
    assert answer.json()["actions"] == []


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(client, office, django_assert_num_queries, count):
    session = make.planned()
    link = session.session_topics.get()
    for n in range(1, count):
        copy = ConsultSession.objects.get(pk=session.pk)
        copy.pk, copy.uuid = None, uuid.uuid4()
        copy.starts_at += timedelta(days=n)
        copy.ends_at += timedelta(days=n)
        copy.save()
        copy.session_topics.create(topic=link.topic)
    client.get(BASE, {"page_size": 50})
    with django_assert_num_queries(5):  # session, account, mandates, rows, topics
        answer = client.get(BASE, {"page_size": 50})
    assert len(answer.json()["results"]) == count


def test_page_and_api_find_the_same(client, office):
    sessions = [make.in_state(state) for state in SessionState.values]
    for query in (
        {"state": "held"},
        {"form": "bench"},
        {"q": "小板凳"},
        {"topic": str(sessions[0].topics.get().uuid)},
        {"since": timezone.localdate().isoformat()},
    ):
        by_api = {row["uuid"] for row in client.get(BASE, query).json()["results"]}
        page = client.get(reverse("sessions:list"), {**query, "tab": "all"})
        assert by_api == {str(row.uuid) for row in page.context["object_list"]}, query
    for query in ({"nonsense": "1"}, {"state": "nonsense"}, {"ordering": "created_by"}, {"since": "garbage"}):
        assert client.get(BASE, query).status_code == 400, query


def test_rooms_by_the_api(client, office):
    host = people.host()
    url = "/api/v1/rooms/"
    answer = post(
        client, url, {"host": host.uuid, "name": "万桥协商议事室", "region_code": make.WANQIAO, "capacity": 30}
    )
    assert answer.status_code == 201
    room = ConsultationRoom.objects.get()
    assert answer.json()["actions"] == ["change", "close"]
    assert client.get(url, {"use": "idle"}).json()["results"][0]["uuid"] == str(room.uuid)
    changed = post(client, f"{url}{room.uuid}/change/", {"capacity": 40, "standards": ["sign", "place"]}).json()
    assert (changed["capacity"], changed["standards"]) == (40, ["place", "sign"])
    assert post(client, f"{url}{room.uuid}/close/").json()["closed_on"]
    assert post(client, f"{url}{room.uuid}/close/").json()["code"] == "wrong_state"
    client.force_login(people.account("member", host))
    assert post(client, f"{url}{room.uuid}/change/", {"capacity": 50}).status_code == 403
    assert post(client, url, {"host": host.uuid, "name": "x", "region_code": make.WANQIAO}).status_code == 400
