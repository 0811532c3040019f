"""One formal matter (协商议事会), from the slip to the board: once by programs, once by people at their pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.audit.models import Entry
from members.states import OrganisationKind
from outcomes.models import Assignment, Outcome, PublicNotice
from sessions.models import ConsultSession, Minutes
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import WANQIAO
from tests.journeys.following import follow_by_receipt, follow_from_board
from tests.journeys.person import Person
from tests.journeys.program import Program
from tests.journeys.year import broken
from topics.models import Raiser, Topic

pytestmark = pytest.mark.django_db

TITLE, PROBLEM = "背街小巷下雨积水", "一下雨污水就倒灌，老人出门要绕路。"
POINT, DISSENT = "月底前改完错接的 12 处管网。", "维护费由谁出会后再核。"
RESULT = "错接管网 12 处全部改完，巷道不再积水。"
NAME, PHONE = "张桂兰", "13855005566"
FACTS = [PROBLEM, POINT, DISSENT, "区住建局", RESULT, "雨后现场查看，不再积水。"]
DAY = str(timezone.localdate())


class Cast:
    def __init__(self) -> None:
        self.host = people.host()
        self.clerk, self.second = people.office(self.host), people.office(self.host)
        self.approver = people.approver(self.host)
        self.works = people.organisation(self.host, name="区住建局")
        self.liaison = people.liaison(self.works)
        self.committee = people.organisation(self.host, OrganisationKind.COMMITTEE, "社会法制委员会")
        self.room = make.room(self.host)

    def followed(self) -> None:
        """What everybody sees afterwards."""
        topic = Topic.objects.get(title=TITLE)
        assert topic.state == "closed"
        notice = follow_from_board(self.host, f"{TITLE}协商成果公示", [*FACTS, topic.number], [NAME, PHONE])
        assert notice.snapshot["chain"]["topic"]["number"] == topic.number
        receipt = Raiser.objects.get(topic=topic)
        follow_by_receipt(receipt.receipt, PHONE[-4:], [POINT, RESULT])
        numbers = [topic.number, Minutes.objects.get().number, Outcome.objects.get().number]
        numbers += [Assignment.objects.get().number, notice.number]
        assert all(f"〔{timezone.localdate().year}〕1号" in number for number in numbers), numbers
        assert not Entry.objects.filter(actor__is_system=True).exclude(verb="notice.expire_notice").exists()
        assert broken() == []


def test_a_formal_matter_through_the_api():
    cast = Cast()
    clerk, second = Program(cast.clerk), Program(cast.second)
    approver, liaison = Program(cast.approver), Program(cast.liaison)
    topic = clerk.create(
        "topics",
        host=str(cast.host.uuid),
        region_code=WANQIAO,
        source="resident",
        title=TITLE,
        problem=PROBLEM,
        stakeholders=["resident", "department"],
        raiser={"category": "resident", "name": NAME, "phone": PHONE, "consented": True},
    )["uuid"]
    second.move("topics", topic, "return_topic", reason="请写清涉及几户")
    clerk.move("topics", topic, "resubmit", changes={"households": 260, "households_about": "over"})
    checks = {"small_cut": True, "wide_reach": True, "vital_interest": True}
    second.move("topics", topic, "pool", profile="formal", category="公共设施", **checks)
    approver.move(
        "topics",
        topic,
        "approve",
        council_on=DAY,
        party_on=DAY,
        party_text="同意。",
        plan_year=timezone.localdate().year,
        lead_committee=str(cast.committee.uuid),
    )
    clerk.move("topics", topic, "study", date_from=DAY, places=["万桥社区"], findings=["管网错接 12 处"])
    start = make.soon()
    session = clerk.create(
        "sessions",
        host=str(cast.host.uuid),
        topics=[topic],
        form="formal",
        venue_kind="room",
        room=str(cast.room.uuid),
        region_code=WANQIAO,
        title=f"{TITLE}协商议事会",
        starts_at=start.isoformat(),
        ends_at=(start + timedelta(hours=2)).isoformat(),
        convenor_name="同乐街道召集人",
        lead_name="委员小组组长",
        moderator_name="分管副主席",
        recorder=str(cast.clerk.uuid),
        agenda=[{"text": "说明来意", "minutes": 5}, {"text": "群众发言", "minutes": 60}],
        participants=[
            {"category": "resident", "name": "居民代表", "count": 8},
            {"category": "department", "organisation": str(cast.works.uuid)},
        ],
    )["uuid"]
    assert clerk.read("topics", topic)["state"] == "scheduled"
    clerk.move("sessions", session, "announce", short_notice_reason="汛期将至")
    roster = clerk.move("sessions", session, "open")["participants"]
    for line in roster:
        clerk.move("sessions", session, "mark_attendance", participant=line["uuid"], attendance="present")
    clerk.move("sessions", session, "add_statement", by="居民代表", category="resident", text="先把错接的改了。")
    clerk.move("sessions", session, "agree_point", text=POINT, level="agreed", topic=topic)
    clerk.move("sessions", session, "keep_dissent", text=DISSENT, by="物业", topic=topic)
    clerk.move("sessions", session, "close")
    assert clerk.read("topics", topic)["state"] == "consulted"
    clerk.move("sessions", session, "draft_minutes")
    clerk.move("sessions", session, "file_minutes")
    approver.move("sessions", session, "sign_minutes")
    outcome = clerk.create("outcomes", topic=topic, effects=["consensus"], summary="形成一条共识")["uuid"]
    clerk.move("outcomes", outcome, "submit_outcome", submitted_to=["县政府"])
    clerk.move("outcomes", outcome, "adopt_outcome", adopted_by="分管副县长", instruction="请住建局抓紧办理。")
    point = ConsultSession.objects.get().consensus_points.get()
    task = clerk.create(
        "assignments",
        outcome=outcome,
        matter="改造错接管网",
        fulfils=[str(point.uuid)],
        lead_unit=str(cast.works.uuid),
        issued_by="县政府办公室",
    )["uuid"]
    liaison.move("assignments", task, "sign_for")
    liaison.move("assignments", task, "add_progress", text="完成勘察，12 处全部定位。", spent="20000.00")
    liaison.move(
        "assignments",
        task,
        "reply",
        reply_class="A",
        measures="改造错接管网 12 处。",
        result=RESULT,
        contact_on=DAY,
        contact_method="phone",
    )
    second.move("assignments", task, "verify", method="site", finding="雨后现场查看，不再积水。")
    clerk.move("assignments", task, "close")
    answers = {"satisfied": 7, "basically": 1, "unsatisfied": 0}
    clerk.move("outcomes", outcome, "record_satisfaction", process=answers, result=answers, raiser_result="satisfied")
    notice = clerk.create(
        "notices",
        kind="outcome",
        topic=topic,
        title=f"{TITLE}协商成果公示",
        text="形成一条共识，区住建局已办结。",
        places=["万桥社区公示栏"],
    )["uuid"]
    second.move("notices", notice, "review_notice", secrecy="open")
    second.move("notices", notice, "post_notice")
    cast.followed()


def test_a_formal_matter_through_the_pages():
    cast = Cast()
    clerk, second = Person(cast.clerk), Person(cast.second)
    approver, liaison = Person(cast.approver), Person(cast.liaison)
    clerk.follow(
        reverse("topics:list"),
        "topics:hand_in",
        title=TITLE,
        problem=PROBLEM,
        region_code=WANQIAO,
        stakeholders=["resident", "department"],
        name=NAME,
        phone=PHONE,
        consented="on",
    )
    topic = Topic.objects.get()
    second.press(topic, "topics:return_topic", reason="请写清涉及几户")
    clerk.press(topic, "topics:resubmit", households=260, households_about="over")
    checks = {"small_cut": "on", "wide_reach": "on", "vital_interest": "on", "consultable": "on"}
    second.press(topic, "topics:pool", profile="formal", category="公共设施", **checks)
    approver.press(
        topic,
        "topics:approve",
        council_on=DAY,
        party_on=DAY,
        party_text="同意。",
        plan_year=timezone.localdate().year,
        lead_committee=cast.committee.uuid,
    )
    clerk.press(topic, "topics:study", date_from=DAY, places="万桥社区", findings="管网错接 12 处")
    hold(cast, clerk, approver, topic)
    clerk.follow(reverse("desk:today"), "outcomes:draft_outcome", effects=["consensus"], summary="形成一条共识")
    outcome = Outcome.objects.get()
    clerk.press(outcome, "outcomes:submit_outcome", submitted_to="县政府")
    clerk.press(outcome, "outcomes:adopt_outcome", adopted_by="分管副县长", instruction="请住建局抓紧办理。")
    point = ConsultSession.objects.get().consensus_points.get()
    clerk.press(
        outcome,
        "outcomes:issue",
        matter="改造错接管网",
        fulfils=[point.uuid],
        lead_unit=cast.works.uuid,
        issued_by="县政府办公室",
    )
    handle(liaison, second, clerk)
    clerk.press(
        outcome,
        "outcomes:record_satisfaction",
        process_satisfied=7,
        process_basically=1,
        result_satisfied=7,
        result_basically=1,
        raiser_result="satisfied",
    )
    notices = reverse("outcomes:notices")
    clerk.follow(notices, "outcomes:draft_notice", title=f"{TITLE}协商成果公示", text="形成一条共识，区住建局已办结。")
    notice = PublicNotice.objects.get()
    second.press(notice, "outcomes:review_notice", secrecy="open")
    second.press(notice, "outcomes:post_notice")
    cast.followed()


def hold(cast: Cast, clerk: Person, approver: Person, topic: Topic) -> None:
    """Planned from the matter's page, run at the recorder's desk, written up and signed."""
    start = timezone.localtime(make.soon())
    clerk.press(
        topic,
        "sessions:plan",
        form="formal",
        venue_kind="room",
        room=cast.room.name,
        title=f"{TITLE}协商议事会",
        starts_at=start.strftime("%Y-%m-%dT%H:%M"),
        ends_at=(start + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        convenor_name="同乐街道召集人",
        lead_name="委员小组组长",
        moderator_name="分管副主席",
        recorder=cast.clerk.display_name,
        p0_name="居民代表",
        p0_count=8,
        p1_organisation_name="区住建局",
    )
    session = ConsultSession.objects.get()
    clerk.press(session, "sessions:invite", category="expert", name="给排水工程师")
    clerk.press(session, "sessions:announce", short_notice_reason="汛期将至")
    clerk.press(session, "sessions:open")
    record = reverse("sessions:record", args=[session.uuid])
    for line in session.participants.all():
        clerk.click(record, reverse("sessions:mark_attendance", args=[session.uuid, line.uuid]), mark="present")
    clerk.fill(record, by="居民代表", category="resident", text="先把错接的改了。")
    clerk.fill(record, **{"c-text": POINT, "c-level": "agreed"})
    clerk.fill(record, **{"d-text": DISSENT, "d-by": "物业"})
    clerk.press(session, "sessions:close")
    clerk.press(session, "sessions:draft_minutes")
    minutes = Minutes.objects.get()
    clerk.press(minutes, "sessions:file_minutes")
    approver.press(minutes, "sessions:sign_minutes")


def handle(liaison: Person, second: Person, clerk: Person) -> None:
    task = Assignment.objects.get()
    liaison.press(task, "outcomes:sign_for")
    liaison.press(task, "outcomes:add_progress", text="完成勘察，12 处全部定位。", spent="20000")
    liaison.press(
        task,
        "outcomes:reply",
        reply_class="A",
        measures="改造错接管网 12 处。",
        result=RESULT,
        contact_on=DAY,
        contact_method="phone",
    )
    second.press(task, "outcomes:verify", method="site", finding="雨后现场查看，不再积水。")
    clerk.press(task, "outcomes:close")
