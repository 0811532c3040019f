"""Who signs in by himself and stands behind a line of several people is counted once, at every door."""

from __future__ import annotations

import json
import threading
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from consult.audit.models import Entry
from consult.errors import Missing, NotAllowed, WrongState
from outcomes.chain import build_chain
from sessions import services
from sessions.heads import came_of, standing
from sessions.models import ConsultSession, Participant
from sessions.services import sign_in
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import clerk

pytestmark = pytest.mark.django_db

ROSTER = [
    {"category": "resident", "name": "龙蟠南苑居民", "count": 30},
    {"category": "resident", "name": "王秀兰"},
    {"category": "department", "organisation_name": "区住建局"},
]
TWO = [
    {"category": "resident", "name": "一组居民", "count": 2},
    {"category": "resident", "name": "二组居民", "count": 20},
    {"category": "village", "name": "村干部", "count": 3},
]


@pytest.fixture
def session(db):
    return make.in_progress(participants=ROSTER)


def come(session, name, category="resident", **words):
    words.setdefault("key", uuid4())
    pass_ = sign_in.admit(sign_in.screen_token(session))
    return Participant.objects.get(pk=sign_in.check_in(pass_, name=name, category=category, **words).participant_id)


def line(session, name) -> Participant:
    return session.participants.get(name=name)


def figures(session):
    """Every door: service, screen, queryset, roster in Python."""
    fresh = ConsultSession.objects.with_head_counts().get(pk=session.pk)
    classes = {one["category"]: (one["present"], one["expected"]) for one in sign_in.counts(session)}
    screen = services.screen_contents(fresh)
    lines = list(fresh.participants.all())
    said = {
        fresh.came,
        sign_in.present_total(session),
        screen["came"],
        sum(present for present, _expected in classes.values()),
        came_of(lines),
    }
    assert len(said) == 1, said
    assert (fresh.expected, screen["expected"]) == (screen["expected"], fresh.expected)
    return said.pop(), classes


# who counts him -------------------------------------------------------------------------------------------------------


def test_who_scans_is_one_of_the_line_of_his_class(session):
    him = come(session, "李大伯")
    assert (him.listed_in, him.is_walk_in, him.attendance) == (line(session, "龙蟠南苑居民"), True, "present")
    assert figures(session) == (1, {"resident": (1, 31), "department": (0, 1)})


def test_the_recorders_number_holds_whoever_scanned_before_or_after(session):
    office, group = clerk(session.host), line(session, "龙蟠南苑居民")
    for n in range(4):
        come(session, f"居民{n}")
    services.mark_attendance(group, "present", actor=office, came=28)
    assert figures(session)[1]["resident"] == (28, 31)
    for n in range(4, 9):
        come(session, f"居民{n}")
    assert figures(session)[1]["resident"] == (28, 31)
    services.mark_attendance(group, "present", actor=office)
    assert figures(session)[0] == 30


def test_more_who_scan_than_the_line_has_are_all_counted(session):
    group = line(session, "龙蟠南苑居民")
    Participant.objects.filter(pk=group.pk).update(count=2)
    for n in range(3):
        come(session, f"居民{n}", listed_in=str(group.uuid))
    services.mark_attendance(group, "present", actor=clerk(session.host))
    assert figures(session)[0] == 3


def test_who_is_invited_by_name_has_his_own_line_and_who_came_besides_is_counted_besides(session):
    assert come(session, "王秀兰").listed_in is None
    assert come(session, "外地亲戚", listed_in="apart").listed_in is None
    assert come(session, "住建局的", "department").listed_in is None
    services.mark_attendance(line(session, "龙蟠南苑居民"), "present", actor=clerk(session.host), came=10)
    assert figures(session) == (13, {"resident": (12, 31), "department": (1, 1)})


def test_he_chooses_of_which_line_he_is_and_its_class_is_his():
    session = make.in_progress(participants=TWO)
    second, cadres = line(session, "二组居民"), line(session, "村干部")
    assert come(session, "甲", listed_in=str(second.uuid)).listed_in == second
    him = come(session, "乙", listed_in=str(cadres.uuid))
    assert (him.listed_in, him.category) == (cadres, "village")
    for nonsense in ("x", str(uuid4()), str(make.in_progress(session.host).participants.first().uuid)):
        with pytest.raises(Missing) as error:
            come(session, "丙", listed_in=nonsense)
        assert set(error.value.fields) == {"listed_in"}


def test_who_chooses_nothing_is_of_the_first_line_of_his_class_that_has_room():
    session = make.in_progress(participants=TWO)
    found = [come(session, f"居民{n}").listed_in.name for n in range(4)]
    assert found == ["一组居民", "一组居民", "二组居民", "二组居民"]
    services.mark_attendance(line(session, "二组居民"), "present", actor=clerk(session.host))
    assert come(session, "又来一位").listed_in is None
    assert figures(session)[1]["resident"] == (23, 22)


def test_an_account_that_is_not_on_the_list_is_of_the_line_of_its_class():
    host = people.host()
    session = make.in_progress(host, participants=[{"category": "member", "name": "委员", "count": 12}])
    him = people.account("member", host)
    pass_ = sign_in.admit(sign_in.screen_token(session))
    signed = sign_in.check_in(pass_, actor=him, key=uuid4(), category="member")
    assert Participant.objects.get(pk=signed.participant_id).listed_in.name == "委员"
    assert figures(session)[0] == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_behind_one_line_are_twenty():
    session = make.in_progress(participants=ROSTER)
    pass_, barrier = sign_in.admit(sign_in.screen_token(session)), threading.Barrier(20)

    def run(n):
        try:
            barrier.wait(20)
            sign_in.check_in(pass_, key=uuid4(), name=f"居民{n}", category="resident")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    services.mark_attendance(line(session, "龙蟠南苑居民"), "present", actor=clerk(session.host), came=25)
    assert figures(session)[1]["resident"] == (25, 31)


# the recorder ---------------------------------------------------------------------------------------------------------


def test_a_mark_cannot_say_that_fewer_came_than_signed_in(session):
    office, group = clerk(session.host), line(session, "龙蟠南苑居民")
    for n in range(3):
        come(session, f"居民{n}")
    for mark, words in (("absent", {}), ("excused", {}), ("present", {"came": 2})):
        with pytest.raises(Missing):
            services.mark_attendance(group, mark, actor=office, **words)
    services.mark_attendance(group, "present", actor=office, came=3)
    services.mark_attendance(group, "", actor=office)
    assert figures(session)[0] == 3


def test_who_is_taken_back_is_counted_no_more(session):
    him = come(session, "闹着玩的")
    services.mark_attendance(him, "", actor=clerk(session.host))
    assert figures(session)[0] == 0
    assert "闹着玩的" not in [one.name for one in standing(session.participants.all())]


def test_the_recorder_says_who_is_of_the_line_and_who_came_besides(session):
    office, group = clerk(session.host), line(session, "龙蟠南苑居民")
    services.mark_attendance(group, "present", actor=office, came=5)
    him = come(session, "李大伯")
    services.count_among(him, actor=office, line=None)
    assert figures(session)[1]["resident"] == (6, 31)
    him = services.count_among(him, actor=office, line=group)
    assert services.count_among(him, actor=office, line=group).listed_in == group
    assert figures(session)[1]["resident"] == (5, 31)
    firm = come(session, "某物业", "enterprise")
    assert services.count_among(firm, actor=office, line=group).category == "resident"
    assert Entry.objects.filter(verb="session.count_among").count() == 3
    for wrong in (line(session, "王秀兰"), him):
        with pytest.raises(Missing):
            services.count_among(firm, actor=office, line=wrong)
    with pytest.raises(Missing):
        services.count_among(line(session, "王秀兰"), actor=office, line=group)
    with pytest.raises(NotAllowed):
        services.count_among(him, actor=people.account("member", session.host), line=None)


def test_nobody_is_moved_after_the_close(session):
    him = come(session, "李大伯")
    services.close_session(make.written(session), actor=clerk(session.host))
    with pytest.raises(WrongState):
        services.count_among(him, actor=clerk(session.host), line=None)


# after the close ------------------------------------------------------------------------------------------------------


def close(session, **words):
    office, topic = clerk(session.host), session.topics.get()
    services.add_statement(session, by="居民", category="resident", text="先把门打开。", actor=office)
    services.agree_point(session, topic, "月底前把门打开。", "agreed", actor=office)
    return services.close_session(session, actor=office, **words)


def test_at_the_close_the_line_says_as_many_as_signed_in_of_it(session):
    for name in ("李大伯", "张大妈"):
        come(session, name)
    held = close(session)
    group = line(held, "龙蟠南苑居民")
    assert (group.attendance, group.came, group.signed_in_at is not None) == ("present", 2, True)
    assert figures(held)[0] == 2
    text = services.assemble(held)
    assert "到会 2 人" in text
    assert "出席：龙蟠南苑居民（2 人）" in text
    assert "李大伯" not in text
    minutes = services.draft_minutes(held, actor=clerk(held.host))
    assert [one.text for one in services.check_minutes(minutes) if "2 人" in one.text]


def test_a_line_of_whom_nobody_came_is_absent(session):
    held = close(session)
    assert line(held, "龙蟠南苑居民").attendance == "absent"
    assert figures(held)[0] == 0


def test_the_chain_names_the_line_and_not_its_people_once_more(session):
    for name in ("李大伯", "张大妈"):
        come(session, name)
    held = close(session)
    (told,) = build_chain(held.topics.get(), public=False)["sessions"]
    came = [(one["name"], one["count"]) for one in told["participants"] if one["attendance"] == "present"]
    assert came == [("龙蟠南苑居民", 2)]


# doors ----------------------------------------------------------------------------------------------------------------


def test_the_page_offers_the_lines_of_several_and_nobodys_name(client, session):
    url = sign_in.screen_link(session)
    text = client.get(url).content.decode()
    assert "龙蟠南苑居民（群众）" in text
    assert "王秀兰" not in text
    alone = make.in_progress(session.host, participants=[{"category": "resident", "name": "王秀兰"}])
    assert "listed_in" not in client.get(sign_in.screen_link(alone)).content.decode()


def test_json_takes_the_line(client, session):
    said = {"token": sign_in.screen_token(session), "name": "甲", "category": "other"}

    def send(**more):
        body = json.dumps({**said, "key": str(uuid4()), **more})
        return client.post("/s/check-in/", body, content_type="application/json")

    assert send(listed_in=str(line(session, "龙蟠南苑居民").uuid)).status_code == 201
    assert session.participants.get(name="甲").category == "resident"
    answer = send(listed_in="x", name="乙")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"listed_in"})


def test_the_desk_shows_and_moves_them(client, session):
    him = come(session, "李大伯")
    client.force_login(clerk(session.host))
    text = client.get(reverse("sessions:record", args=[session.uuid])).content.decode()
    assert "上面这批人里的" in text
    address = reverse("sessions:count_among", args=[session.uuid, him.uuid])
    assert client.post(address, {"among": ""}).status_code == 302
    him.refresh_from_db()
    assert him.listed_in is None
    text = client.get(reverse("sessions:record", args=[session.uuid])).content.decode()
    assert "算在“龙蟠南苑居民”里" in text
    client.post(address, {"among": str(line(session, "龙蟠南苑居民").uuid)})
    him.refresh_from_db()
    assert him.listed_in.name == "龙蟠南苑居民"
    assert client.post(address, {"among": "x"}).status_code == 404
    sheet = client.get(reverse("sessions:print_sheet", args=[session.uuid])).content.decode()
    assert "实到 1 人，应到 32 人" in sheet
    assert sheet.index("龙蟠南苑居民") < sheet.index("李大伯") < sheet.index("王秀兰")


def test_the_api_moves_and_shows_them(client, session):
    him = come(session, "李大伯")
    client.force_login(clerk(session.host))
    url = f"/api/v1/sessions/{session.uuid}/"

    def move(**body):
        return client.post(f"{url}count_among/", json.dumps(body), content_type="application/json")

    shown = client.get(url).json()
    assert shown["attendance"]["present"] == 1
    row = next(one for one in shown["participants"] if one["uuid"] == str(him.uuid))
    assert row["listed_in"] == str(line(session, "龙蟠南苑居民").uuid)
    assert move(participant=str(him.uuid), line=None).status_code == 200
    him.refresh_from_db()
    assert him.listed_in is None
    stranger = make.in_progress(people.host()).participants.first()
    assert move(participant=str(him.uuid), line=str(stranger.uuid)).status_code == 400


def test_counting_asks_as_often_for_one_line_as_for_thirty(session, django_assert_num_queries):
    for n in range(30):
        come(session, f"居民{n}")
    with django_assert_num_queries(2):
        sign_in.counts(session)
        sign_in.present_total(session)
