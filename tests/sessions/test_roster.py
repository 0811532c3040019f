"""One roster: sheet, screen, minutes, API, statistics and duty records say the same. And who is invited."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from consult.desk.queries import duty, phone
from consult.errors import Missing, NotAllowed
from outcomes.chain import build_chain
from outcomes.services.notices.boards import figures_of
from sessions import services
from sessions.models import ConsultSession
from sessions.services import sign_in, suggestions
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters
from tests.factories.topics import clerk

pytestmark = pytest.mark.django_db

ROSTER = [
    {"category": "resident", "name": "居民代表", "count": 8, "chosen_how": "各楼推选"},
    {"category": "resident", "name": "王秀兰"},
    {"category": "resident", "name": "李大伯"},
    {"category": "village", "organisation_name": "万桥社区"},
    {"category": "department", "organisation_name": "区住建局", "name": "股室负责人"},
    {"category": "department", "organisation_name": "区城管局", "name": "副局长"},
]


def test_every_reader_of_the_roster_counts_the_same(client):
    """Six of eight came, one by QR code, one by proxy, one member by his account, two walked in of whom one was a joke,
    one left early, one is excused, one did not come: 6 + 1 + 1 + 1 + 1 = 10 of 14."""
    host = people.host()
    account = people.account("member", host)
    member = people.member(host, account=account)
    session = make.announced(host, participants=ROSTER)
    services.add_participant(session, actor=clerk(host), category="member", member=member)
    session, office = services.open_session(session, actor=clerk(host)), clerk(host)
    line = {one.name or one.organisation_name: one for one in session.participants.all()}
    pass_ = sign_in.admit(sign_in.screen_token(session))
    services.mark_attendance(line["居民代表"], "present", actor=office, came=6)
    sign_in.check_in(pass_, key=uuid4(), name="王秀兰", category="resident")
    services.mark_attendance(
        line["股室负责人"], "present", actor=office, proxy_name="科员小周", proxy_reason="局里开会"
    )
    sign_in.check_in(session, actor=account, key=uuid4(), how="self")
    sign_in.check_in(pass_, key=uuid4(), name="过路商户", category="enterprise")
    joke = sign_in.check_in(pass_, key=uuid4(), name="孙悟空", category="other")
    services.mark_attendance(session.participants.get(pk=joke.participant_id), "", actor=office)
    services.mark_left(session.participants.get(name="王秀兰"), actor=office)
    services.mark_attendance(line["副局长"], "excused", actor=office)

    services.add_statement(session, by="居民代表", category="resident", text="先把门打开。", actor=office)
    services.agree_point(session, session.topics.get(), "月底前交接。", "agreed", actor=office)
    running = sign_in.counts(session)
    session = services.close_session(session, actor=office)
    session = ConsultSession.objects.with_head_counts().get(pk=session.pk)

    classes = {one["category"]: (one["present"], one["expected"]) for one in sign_in.counts(session)}
    assert classes == {
        "resident": (7, 10),
        "village": (0, 1),
        "department": (1, 2),
        "enterprise": (1, 0),
        "member": (1, 1),
    }
    assert running == sign_in.counts(session)
    assert (sign_in.present_total(session), session.came, session.expected) == (10, 10, 14)

    # the minutes
    text = services.assemble(session)
    assert "到会 10 人" in text
    assert "（科员小周代）" in text
    assert "过路商户" in text
    assert "孙悟空" not in text
    assert "居民代表（6 人）" in text or "居民代表（6" in text

    # the API
    client.force_login(office)
    data = client.get(f"/api/v1/sessions/{session.uuid}/").json()
    assert (data["attendance"]["present"], data["attendance"]["expected"]) == (10, 14)
    assert {one["category"]: (one["present"], one["expected"]) for one in data["attendance"]["classes"]} == classes
    heads = sum(one["came"] or one["count"] for one in data["participants"] if one["attendance"] == "present")
    assert heads == 10

    # the sheet
    sheet = client.get(reverse("sessions:print_sheet", args=[session.uuid])).content.decode()
    assert "实到 10 人，应到 14 人" in sheet
    assert "科员小周" in sheet
    assert "孙悟空" not in sheet
    assert [int(n) for n in re.findall(r"<tr><td>(\d+)</td>", sheet)] == list(range(1, 9))

    # what is released, and the year's figures that are taken from it
    chain = build_chain(session.topics.get(), public=True)
    lines = chain["sessions"][0]["participants"]
    assert sum(one["count"] or 1 for one in lines if one["attendance"] == "present") == 10
    assert figures_of({"chain": chain})["residents"] == 7
    assert "孙悟空" not in str(chain)
    assert "过路商户" not in str(chain["sessions"][0]["participants"])

    # duties: the member came himself; had another come in his place, it would not count for him
    deeds = duty.account_of(member, session.starts_at.astimezone().year).deeds
    assert [(deed.kind, deed.title) for deed in deeds] == [("attend", session.title)]
    assert phone.attended(member, session.starts_at.astimezone().year) == 1
    session.participants.filter(member=member).update(proxy_name="秘书")
    assert duty.account_of(member, session.starts_at.astimezone().year).deeds == []
    assert phone.attended(member, session.starts_at.astimezone().year) == 0
    session.participants.filter(member=member).update(proxy_name="")

    # the record and the page of preparing
    record = client.get(reverse("sessions:record", args=[session.uuid])).content.decode()
    assert re.search(r"<b>10</b>\s*/\s*14", record)
    assert "孙悟空" not in record
    detail = client.get(reverse("sessions:detail", args=[session.uuid])).content.decode()
    assert "应到 14 人" in detail


def test_a_member_invited_by_his_account_is_the_member():
    host = people.host()
    account = people.account("member", host)
    member = people.member(host, account=account)
    session = make.announced(host)
    assert make.invite(session, account).member == member


def test_a_session_without_marks_prints_an_empty_sheet(client):
    session = make.announced(participants=ROSTER)
    client.force_login(clerk(session.host))
    sheet = client.get(reverse("sessions:print_sheet", args=[session.uuid])).content.decode()
    assert "实到" not in sheet
    assert [int(n) for n in re.findall(r"<tr><td>(\d+)</td>", sheet)] == [1, 2, 3, 4, 5, 6]


# who is invited -----------------------------------------------------------------------------------------------------


def a_topic(host, title="三号楼停车难", **changes):
    return matters.claimed(host, title=title, stakeholders=["resident", "department", "village"], **changes)


def test_a_class_with_nobody_is_warned_of_by_name_and_invited_by_one_click(client):
    host = people.host()
    session = make.planned(host, topics=[a_topic(host)], participants=[{"category": "resident", "name": "居民代表"}])
    client.force_login(clerk(host))
    page = client.get(session.get_absolute_url()).content.decode()
    assert "“职能部门”" in page or "“部门”" in page
    url = reverse("sessions:invite_class", args=[session.uuid])
    assert client.post(url, {"category": "department"}).status_code == 302
    assert client.post(url, {"category": "department"}).status_code == 302
    line = session.participants.get(category="department")
    assert line.name == "职能部门代表"
    assert client.post(url, {"category": "king"}).status_code in (302, 400)
    assert session.participants.count() == 2
    assert "village" in services.missing_classes(session)
    assert "department" not in services.missing_classes(session)


def test_units_and_members_of_similar_sessions_are_suggested_and_added_by_a_click(client):
    host = people.host()
    police, member = people.organisation(host, name="交警大队"), people.member(host, name="陈委员")
    gone = people.organisation(host, name="撤销的局", closed_on="2020-01-01")
    earlier = [
        {"category": "department", "organisation": police},
        {"category": "member", "member": member},
        {"category": "department", "organisation": gone},
        {"category": "resident", "name": "王秀兰"},
    ]
    make.planned(host, topics=[a_topic(host, "五号楼停车难", category="交通出行")], participants=earlier)
    make.planned(
        host,
        topics=[a_topic(host, "菜市场停车难", category="交通出行")],
        participants=[{"category": "department", "organisation": police}],
    )
    session = make.planned(
        host,
        topics=[a_topic(host, category="交通出行")],
        participants=[{"category": "resident", "name": "居民代表"}],
    )
    office = clerk(host)
    found = suggestions.suggestions(session, reader=office)
    assert [(one.label, one.times) for one in found] == [("交警大队", 2), ("陈委员", 1)]
    client.force_login(office)
    assert "交警大队" in client.get(session.get_absolute_url()).content.decode()
    url = reverse("sessions:invite_suggested", args=[session.uuid])
    assert client.post(url, {"who": found[0].key}).status_code == 302
    assert session.participants.get(organisation=police).category == "department"
    session = ConsultSession.objects.get(pk=session.pk)
    assert [one.label for one in suggestions.suggestions(session, reader=office)] == ["陈委员"]
    with pytest.raises(Missing):
        suggestions.invite_suggested(session, actor=office, key=found[0].key)


def test_what_another_county_invited_is_not_suggested():
    here, there = people.host(), people.host(people.LANGYA)
    unit = people.organisation(there, name="邻县交警大队")
    make.planned(
        there, topics=[a_topic(there, "四号楼停车难")], participants=[{"category": "department", "organisation": unit}]
    )
    session = make.planned(here, topics=[a_topic(here)])
    assert suggestions.suggestions(session, reader=clerk(here)) == []


def test_at_most_five_are_suggested():
    host = people.host()
    units = [{"category": "department", "organisation": people.organisation(host, name=f"第 {n} 局")} for n in range(8)]
    make.planned(host, topics=[a_topic(host, "五号楼停车难")], participants=units)
    session = make.planned(host, topics=[a_topic(host)])
    assert len(suggestions.suggestions(session, reader=clerk(host))) == 5


def test_who_does_not_prepare_the_session_invites_nobody():
    host = people.host()
    session = make.planned(host, topics=[a_topic(host)])
    stranger = people.account("member", host)
    with pytest.raises(NotAllowed):
        suggestions.invite_class(session, actor=stranger, category="department")
    with pytest.raises((NotAllowed, Missing)):
        suggestions.invite_suggested(session, actor=stranger, key="x")
