"""Pages of sessions: every move has one, they work without scripts and keep what was typed."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from sessions import services
from sessions.models import ConsultSession, Minutes, Statement
from sessions.states import MINUTES_WORKFLOW, RECORD_WORKFLOW, SESSION_WORKFLOW, SessionState
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def office(client):
    account = make.clerk(people.host())
    client.force_login(account)
    return account


def stamp(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def plan_data(**changes) -> dict:
    begin = make.soon()
    data = {
        "topics": [],
        "title": "公厕移交协商议事会",
        "form": "formal",
        "starts_at": stamp(begin),
        "ends_at": stamp(begin + timedelta(hours=2)),
        "venue_kind": "courtyard",
        "place": "三号楼前",
        "region_code": make.WANQIAO,
        "convenor_name": "同乐街道召集人",
        "lead_name": "委员小组组长",
        "moderator_name": "召集人",
        "recorder_name": "社区工作人员",
        "agenda": "说明来意（主持人）5\n群众发言 40",
        "p0_category": "resident",
        "p0_name": "居民代表",
        "p0_count": "8",
    }
    return {**data, **changes}


# every move has a page ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [*SESSION_WORKFLOW, *RECORD_WORKFLOW, *MINUTES_WORKFLOW], ids=lambda step: step.verb)
def test_every_move_that_is_not_driven_has_a_page(step):
    if step.driven:
        return
    for kwargs in ({}, {"uuid": uuid.uuid4()}, {"uuid": uuid.uuid4(), "line": uuid.uuid4()}):
        try:
            assert reverse(f"sessions:{step.verb}", kwargs=kwargs).startswith("/sessions/")
            return
        except NoReverseMatch:
            continue
    raise AssertionError(f"no page for {step.verb}")


@pytest.mark.parametrize("state", SessionState.values)
def test_every_page_of_a_session_opens_in_every_state(client, office, state):
    session = make.in_state(state)
    for name in ("detail", "record", "print_notice", "print_agenda", "print_sheet", "parts"):
        assert client.get(reverse(f"sessions:{name}", args=[session.uuid])).status_code == 200, name
    for step in SESSION_WORKFLOW.available(session, office):
        response = client.get(reverse(f"sessions:{step.verb}", args=[session.uuid]))
        assert (step.verb, response.status_code) == (step.verb, 200)


@pytest.mark.parametrize("state", ["draft", "filed", "signed"])
def test_every_page_of_minutes_opens_in_every_state(client, office, state):
    minutes = make.MINUTES_IN_STATE[state]()
    for name in ("minutes", "print_minutes", "versions"):
        assert client.get(reverse(f"sessions:{name}", args=[minutes.uuid])).status_code == 200, name
    for step in MINUTES_WORKFLOW.available(minutes, office):
        if step.verb in ("answer_comment", "adopt_comment") or step.verb.endswith("_remark_link"):
            continue  # their address names the remark; links have a page and its buttons
        response = client.get(reverse(f"sessions:{step.verb}", args=[minutes.uuid]))
        assert (step.verb, response.status_code) == (step.verb, 200)


def test_what_is_not_visible_does_not_exist(client):
    session = make.planned()
    minutes = make.drafted()
    client.force_login(people.office(people.host(people.LANGYA)))
    for name in ("detail", "record", "announce", "cancel", "change_plan", "print_notice", "parts"):
        assert client.get(reverse(f"sessions:{name}", args=[session.uuid])).status_code == 404, name
    for name in ("minutes", "sign_minutes", "versions", "print_minutes"):
        assert client.get(reverse(f"sessions:{name}", args=[minutes.uuid])).status_code == 404, name
    assert client.post(reverse("sessions:announce", args=[session.uuid])).status_code == 404
    client.logout()
    assert client.get(reverse("sessions:detail", args=[session.uuid])).status_code == 302


def test_a_move_without_the_right_is_refused_before_anything_is_asked(client):
    host = people.host()
    client.force_login(people.approver(host))
    session = make.planned(host)
    for verb in ("announce", "postpone", "cancel"):
        assert client.get(reverse(f"sessions:{verb}", args=[session.uuid])).status_code == 403
        assert client.post(reverse(f"sessions:{verb}", args=[session.uuid]), {"reason": "x"}).status_code == 403
    assert ConsultSession.objects.get(pk=session.pk).state == "planned"


# lists ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(client, office, django_assert_num_queries, count):
    session = make.planned()
    for n in range(1, count):
        copy = ConsultSession.objects.get(pk=session.pk)
        copy.pk, copy.uuid = None, uuid.uuid4()
        copy.starts_at += timedelta(days=n)
        copy.ends_at += timedelta(days=n)
        copy.save()
    client.get(reverse("sessions:list"))
    with django_assert_num_queries(5):  # session, account, mandates, rows, counts of the tabs
        response = client.get(reverse("sessions:list"))
    assert len(response.context["object_list"]) == count


@pytest.mark.parametrize("count", [1, 30])
def test_the_rooms_cost_the_same_for_one_and_thirty(client, office, django_assert_num_queries, count):
    for _n in range(count):
        make.room()
    client.get(reverse("sessions:rooms"))
    with django_assert_num_queries(4):  # session, account, mandates, rows with their last session
        response = client.get(reverse("sessions:rooms"))
    assert len(response.context["object_list"]) == count


def test_sessions_stand_under_their_weeks(client, office):
    make.planned(starts_at=timezone.now() + timedelta(minutes=30))
    make.planned(starts_at=make.soon(24 * 21))
    weeks = client.get(reverse("sessions:list")).context["weeks"]
    assert [len(week["rows"]) for week in weeks] == [1, 1]


def test_tabs_and_filters_find_what_they_say(client, office):
    planned, held, undecided = make.planned(title="三猛乡农贸市场"), make.held(), make.needs_decision()

    def shown(**query) -> set[int]:
        response = client.get(reverse("sessions:list"), query)
        assert response.status_code == 200
        return {row.pk for row in response.context["object_list"]}

    assert shown() == {planned.pk}
    assert shown(tab="owed") == {held.pk}
    assert shown(tab="needs_decision") == {undecided.pk}
    assert shown(q="农贸") == {planned.pk}
    assert shown(q="没有这个") == set()
    assert shown(tab="all", since=timezone.localdate().isoformat()) >= {planned.pk}
    assert client.get(reverse("sessions:list"), {"since": "2025-02-30"}).status_code == 400
    assert client.get(reverse("sessions:list"), {"tab": "nonsense"}).status_code == 400


def test_the_idle_rooms_are_listed(client, office):
    used, idle = make.room(), make.room()
    session = make.held(venue_kind="room", room=used)
    ConsultSession.objects.filter(pk=session.pk).update(starts_at=timezone.now())
    response = client.get(reverse("sessions:rooms"), {"use": "idle"})
    assert [room.pk for room in response.context["object_list"]] == [idle.pk]


# preparing ------------------------------------------------------------------------------------------------------------


def test_a_session_is_prepared_on_one_page(client, office):
    topic = matters.approved()
    page = client.get(reverse("sessions:plan"), {"topic": topic.uuid})
    assert page.status_code == 200
    assert topic.title in page.content.decode()
    response = client.post(reverse("sessions:plan") + f"?topic={topic.uuid}", plan_data(topics=[topic.uuid]))
    session = ConsultSession.objects.get()
    assert response.headers["Location"] == session.get_absolute_url()
    assert [(item.text, item.by, item.minutes) for item in session.agenda.all()] == [
        ("说明来意", "主持人", 5),
        ("群众发言", "", 40),
    ]
    assert [(p.category, p.name, p.count) for p in session.participants.all()] == [("resident", "居民代表", 8)]
    topic.refresh_from_db()
    assert topic.state == "scheduled"


def test_what_is_missing_stands_at_its_field_and_nothing_typed_is_lost(client, office):
    topic = matters.approved()
    data = plan_data(
        topics=[topic.uuid], moderator_name="", ends_at=plan_data()["starts_at"], p0_name="", title="题目在"
    )
    response = client.post(reverse("sessions:plan"), data)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert {"moderator_name", "ends_at"} <= set(errors)
    text = response.content.decode()
    assert "题目在" in text and "同乐街道召集人" in text
    assert not ConsultSession.objects.exists()


def test_a_taken_room_keeps_the_form_and_says_who_has_it(client, office):
    room = make.room()
    make.planned(venue_kind="room", room=room, title="先约的会")
    topic = matters.approved()
    data = plan_data(topics=[topic.uuid], venue_kind="room", room=room.pk, place="")
    response = client.post(reverse("sessions:plan"), data)
    assert response.status_code == 409
    assert "先约的会" in response.content.decode() and "公厕移交协商议事会" in response.content.decode()


def test_lists_and_agenda_change_by_plain_forms(client, office):
    session = make.planned()
    url = reverse("sessions:invite", args=[session.uuid])
    assert client.get(url, {"category": "expert"}).status_code == 200
    client.post(url, {"category": "expert", "name": "规划师", "count": "2"})
    line = session.participants.get(name="规划师")
    assert (line.category, line.count) == ("expert", 2)
    client.post(reverse("sessions:uninvite", args=[session.uuid, line.uuid]))
    assert not session.participants.filter(pk=line.pk).exists()
    first = session.agenda.first()
    client.post(reverse("sessions:agenda_item", args=[session.uuid, first.uuid]), {"do": "down"})
    assert session.agenda.get(position=2).pk == first.pk
    client.post(reverse("sessions:agenda_item", args=[session.uuid, first.uuid]), {"do": "minutes", "minutes": "25"})
    first.refresh_from_db()
    assert first.minutes == 25
    client.post(
        reverse("sessions:set_agenda", args=[session.uuid]), {"do": "add", "text": "答谢", "by": "", "minutes": ""}
    )
    assert session.agenda.count() == 4
    fragment = client.post(
        reverse("sessions:agenda_item", args=[session.uuid, first.uuid]), {"do": "off"}, headers=HTMX
    )
    assert fragment.status_code == 200 and "<html" not in fragment.content.decode()
    assert session.agenda.count() == 3
    client.post(reverse("sessions:set_agenda", args=[session.uuid]), {"do": "standard"})
    assert session.agenda.count() == 6


def test_the_notice_names_what_is_lacking_and_asks_why_it_is_short(client, office):
    session = make.planned(form="formal", topics=[matters.claimed(stakeholders=["expert"])])
    url = reverse("sessions:announce", args=[session.uuid])
    assert [hint.code for hint in client.get(url).context["hints"]] == ["missing_class"]
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"short_notice_reason": "县委要求"}).status_code == 302
    assert ConsultSession.objects.get(pk=session.pk).state == "announced"


def test_who_is_invited_replies_on_his_own_page(client):
    host = people.host()
    member = people.account("member", host)
    session = make.planned(host)
    line = make.invite(session, member)
    other = session.participants.first()
    services.announce_session(session, actor=make.clerk(host), short_notice_reason="急")
    client.force_login(member)
    page = client.get(session.get_absolute_url()).content.decode()
    assert reverse("sessions:reply", args=[line.uuid]) in page
    assert client.get(reverse("sessions:reply", args=[other.uuid])).status_code == 404
    url = reverse("sessions:reply", args=[line.uuid])
    assert client.post(url, {"reply": "excused", "reason": ""}).status_code == 422
    assert client.post(url, {"reply": "attending"}).status_code == 302
    line.refresh_from_db()
    assert line.reply == "attending"


# the record -----------------------------------------------------------------------------------------------------------


def say_data(session, **changes) -> dict:
    line = session.participants.first()
    return {"participant": line.uuid, "kind": "demand", "text": "先把门打开。", "client_id": uuid.uuid4(), **changes}


def test_the_record_works_without_scripts(client, office):
    session = make.in_progress()
    desk = reverse("sessions:record", args=[session.uuid])
    response = client.post(reverse("sessions:add_statement", args=[session.uuid]), say_data(session))
    assert response.headers["Location"] == desk
    topic = session.topics.get()
    client.post(
        reverse("sessions:agree_point", args=[session.uuid]),
        {"c-topic": topic.uuid, "c-text": "月底前移交", "c-level": "mostly", "c-unit_name": "市环卫处", "c-due_on": ""},
    )
    client.post(
        reverse("sessions:keep_dissent", args=[session.uuid]),
        {"d-topic": topic.uuid, "d-text": "水电费再核", "d-by": "物业"},
    )
    line = session.participants.first()
    client.post(reverse("sessions:mark_attendance", args=[session.uuid, line.uuid]), {"mark": "present", "came": "6"})
    client.post(
        reverse("sessions:walk_in", args=[session.uuid]),
        {"w-category": "resident", "w-name": "路过的住户", "w-count": "1"},
    )
    client.post(reverse("sessions:run_agenda", args=[session.uuid]), {"do": "next"})
    client.post(reverse("sessions:queue", args=[session.uuid, line.uuid]), {"do": "ask"})
    text = client.get(desk).content.decode()
    for words in ("先把门打开。", "月底前移交", "市环卫处", "水电费再核", "路过的住户"):
        assert words in text
    statement = session.statements.get()
    url = reverse("sessions:change_statement", args=[session.uuid, statement.uuid])
    assert "先把门打开。" in client.get(url).content.decode()
    client.post(url, {"by": "居民代表", "category": "resident", "kind": "opinion", "text": "先开门"})
    assert session.statements.get().text == "先开门"
    client.post(reverse("sessions:remove_statement", args=[session.uuid, statement.uuid]))
    assert not session.statements.exists()


def test_htmx_gets_the_changed_columns_and_a_fresh_key(client, office):
    session = make.in_progress()
    url = reverse("sessions:add_statement", args=[session.uuid])
    response = client.post(url, say_data(session), headers=HTMX)
    text = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in text and text.count('hx-swap-oob="true"') == 9
    assert 'data-done="add_statement"' in text
    assert "HX-Redirect" not in response.headers


def test_what_is_wrong_with_a_line_stands_beside_it(client, office):
    session = make.in_progress()
    url = reverse("sessions:add_statement", args=[session.uuid])
    response = client.post(url, say_data(session, text=" "), headers=HTMX)
    assert response.status_code == 422
    assert response.headers["HX-Retarget"] == "#add_statement .js-trouble"
    assert "<form" not in response.content.decode()
    assert not Statement.objects.exists()


def test_two_recorders_see_each_others_lines(client, office):
    session = make.in_progress()
    page = client.get(reverse("sessions:record", args=[session.uuid]))
    since = page.context["stamp"]
    parts = reverse("sessions:parts", args=[session.uuid])
    assert client.get(parts, {"since": since}, headers=HTMX).status_code == 204
    services.add_statement(
        session, by="居民代表", category="resident", text="另一位记的", actor=people.office(session.host)
    )
    response = client.get(parts, {"since": since}, headers=HTMX)
    assert response.status_code == 200 and "另一位记的" in response.content.decode()


def test_the_closing_page_lists_what_is_missing(client, office):
    session = make.in_progress()
    url = reverse("sessions:close", args=[session.uuid])
    page = client.get(url)
    assert len(page.context["lacking"]) == 2
    assert [hint.code for hint in page.context["hints"]] == ["nobody_present", "unmarked", *["not_reached"] * 3]
    assert client.post(url, {}).status_code == 422
    make.written(session)
    assert client.get(url).context["lacking"] == []
    assert client.post(url, {}).status_code == 302
    assert ConsultSession.objects.get(pk=session.pk).state == "held"


def test_a_supervisor_reads_no_names(client):
    host = people.host()
    session = make.in_progress(host, participants=[{"category": "resident", "name": "王某某"}])
    office = make.clerk(host)
    services.add_statement(session, by="王某某", category="resident", text="先开门", actor=office)
    services.mark_attendance(session.participants.get(), "present", actor=office)
    services.agree_point(session, None, "开门", actor=office)
    session = services.close_session(session, actor=office)
    minutes = make.signed(session)
    client.force_login(people.supervisor())
    for url in (
        session.get_absolute_url(),
        reverse("sessions:record", args=[session.uuid]),
        minutes.get_absolute_url(),
        reverse("sessions:print_minutes", args=[minutes.uuid]),
        reverse("sessions:print_sheet", args=[session.uuid]),
        reverse("sessions:print_notice", args=[session.uuid]),
    ):
        response = client.get(url)
        assert response.status_code in (200, 404), url
        assert "王某某" not in response.content.decode(), url
    assert client.get(reverse("sessions:versions", args=[minutes.uuid])).status_code == 404


# minutes --------------------------------------------------------------------------------------------------------------


def test_minutes_go_from_draft_to_signature_on_their_pages(client, office):
    session = make.held()
    response = client.post(reverse("sessions:draft_minutes", args=[session.uuid]))
    minutes = Minutes.objects.get()
    assert response.headers["Location"] == minutes.get_absolute_url()
    client.post(
        reverse("sessions:revise_minutes", args=[minutes.uuid]), {"version": "1", "body": minutes.body + "\n补一句。"}
    )
    client.post(reverse("sessions:file_minutes", args=[minutes.uuid]), {})
    url = reverse("sessions:sign_minutes", args=[minutes.uuid])
    assert client.post(url, {}).status_code == 403
    assert client.post(url, {"on_paper": "on", "signed_name": ""}).status_code == 422
    assert client.post(url, {"on_paper": "on", "signed_name": "分管副主席"}).status_code == 302
    minutes.refresh_from_db()
    assert (minutes.state, minutes.version, minutes.signed_name) == ("signed", 2, "分管副主席")
    assert "补一句。" in client.get(minutes.get_absolute_url()).content.decode()


def test_two_edit_the_same_minutes_and_no_word_is_lost(client, office):
    minutes = make.drafted()
    theirs, mine = minutes.body + "\n甲加的一句。", minutes.body + "\n乙加的一句。"
    services.revise_minutes(minutes, actor=people.office(minutes.session.host), body=theirs, version=1)
    url = reverse("sessions:revise_minutes", args=[minutes.uuid])
    response = client.post(url, {"version": "1", "body": mine})
    assert response.status_code == 409
    text = response.content.decode()
    assert "甲加的一句。" in text and "乙加的一句。" in text
    form = response.context["form"]
    assert form["version"].value() == 2
    merged = form["body"].value()
    assert "甲加的一句。" in merged and "乙加的一句。" in merged
    assert all(line in merged.split("\n") for line in (theirs + "\n" + mine).split("\n"))
    assert client.post(url, {"version": "2", "body": merged}).status_code == 302
    assert Minutes.objects.get(pk=minutes.pk).version == 3


def test_a_script_typed_into_both_versions_stays_text(client, office):
    minutes = make.drafted()
    evil = "<script>alert(1)</script>"
    services.revise_minutes(minutes, actor=people.office(minutes.session.host), body=evil, version=1)
    url = reverse("sessions:revise_minutes", args=[minutes.uuid])
    response = client.post(url, {"version": "1", "body": evil + "\n<img src=x onerror=alert(1)>"})
    assert evil not in response.content.decode() and "<img src=x" not in response.content.decode()


# logging --------------------------------------------------------------------------------------------------------------


def test_a_member_logs_a_bench_session_on_one_page(client):
    host = people.host()
    member = people.account("member", host)
    client.force_login(member)
    page = client.get(reverse("sessions:log"))
    assert page.status_code == 200
    data = {
        "client_id": uuid.uuid4(),
        "host": host.uuid,
        "title": "楼道杂物",
        "region_code": make.WANQIAO,
        "venue_kind": "courtyard",
        "place": "三号楼前",
        "agreed": "周末前清走\n轮流打扫",
        "came_resident": "6",
        "form": "bench",
    }
    for _twice in range(2):
        response = client.post(reverse("sessions:log"), data)
        assert response.status_code == 302
    session = ConsultSession.objects.get()
    assert (session.state, session.consensus_points.count(), session.participants.get().count) == ("held", 2, 6)
    assert session.topics.get().state == "submitted"


def test_a_log_in_the_future_is_kept_and_accepted_by_the_office(client, office):
    session = make.needs_decision()
    url = reverse("sessions:accept_log", args=[session.uuid])
    assert "楼道杂物周末前清走" in client.get(url).content.decode()
    yesterday = stamp(timezone.now() - timedelta(days=1))
    assert client.post(url, {"starts_at": yesterday, "region_code": make.WANQIAO}).status_code == 302
    assert ConsultSession.objects.get(pk=session.pk).state == "held"


# rooms ----------------------------------------------------------------------------------------------------------------


def test_a_room_is_entered_changed_and_given_up(client, office):
    data = {"name": "万桥协商议事室", "region_code": make.WANQIAO, "capacity": "30", "standards": ["place", "sign"]}
    response = client.post(reverse("sessions:room_new"), data)
    room = office.mandates.get().host.rooms.get()
    assert response.headers["Location"] == room.get_absolute_url()
    client.post(reverse("sessions:room_change", args=[room.uuid]), {**data, "capacity": "40"})
    room.refresh_from_db()
    assert (room.capacity, room.standards) == (40, ["place", "sign"])
    assert client.get(room.get_absolute_url()).context["is_idle"]
    client.post(reverse("sessions:room_close", args=[room.uuid]), {})
    room.refresh_from_db()
    assert room.closed_on is not None
    client.post(reverse("sessions:room_reopen", args=[room.uuid]), {})
    room.refresh_from_db()
    assert room.closed_on is None
    twice = client.post(reverse("sessions:room_new"), data)
    assert twice.status_code == 422
