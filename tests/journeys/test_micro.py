"""One micro matter, 点单 → 接单 → 解单 → 查单: a villager's slip, a member group, a yard, a check visit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.audit.models import Entry
from members.states import Role
from outcomes.models import Assignment, Outcome, PublicNotice
from sessions.models import ConsultSession, Minutes
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import TONGLE, WANQIAO
from tests.journeys.following import follow_by_receipt, follow_from_board
from tests.journeys.person import Person
from tests.journeys.program import Program
from tests.journeys.year import broken
from topics.models import Raiser, Topic

pytestmark = pytest.mark.django_db

TITLE, PROBLEM = "晨练找不到厕所", "建好的公厕一直锁着，晨练的老人很不方便。"
POINT, RESULT = "月底前办完移交，开门使用。", "移交已办完，公厕每天早六点开门。"
NAME, PHONE = "李秀英", "13955007788"
FACTS = [PROBLEM, POINT, "区城管局", RESULT, "早上七点去看，门开着。"]
TODAY = timezone.localdate()


class Cast:
    """Each has one mandate: the village liaison enters, the convenor screens and signs, a group takes it up."""

    def __init__(self) -> None:
        self.host = people.host()
        self.village = people.account(Role.VILLAGE_LIAISON, self.host, region_code=WANQIAO)
        self.convenor = people.account(Role.CONVENOR, self.host, region_code=TONGLE)
        self.leader, self.member = people.account(Role.GROUP_LEADER, self.host), people.account(Role.MEMBER, self.host)
        leader = people.member(self.host, self.leader)
        self.group = people.group(self.host, leader, people.member(self.host, self.member), leader=leader)
        self.office, self.approver = people.office(self.host), people.approver(self.host)
        self.unit = people.organisation(self.host, name="区城管局")
        self.liaison = people.liaison(self.unit)

    def followed(self) -> None:
        topic = Topic.objects.get()
        assert (topic.state, topic.claimed_group) == ("closed", self.group)
        follow_from_board(self.host, f"{TITLE}协商成果公示", [*FACTS, topic.number, self.group.name], [NAME, PHONE])
        follow_by_receipt(Raiser.objects.get(topic=topic).receipt, PHONE[-4:], [POINT, RESULT])
        acted = dict(Entry.objects.order_by("pk").values_list("verb", "actor__username"))
        assert acted["topic.pool"] == acted["minutes.sign_minutes"] == self.convenor.username
        assert acted["topic.claim"] == acted["session.plan"] == self.leader.username
        assert acted["assignment.verify"] == self.member.username
        assert acted["notice.post_notice"] == self.approver.username
        assert broken() == []


def test_a_micro_matter_through_the_api():
    cast = Cast()
    village, convenor, leader = Program(cast.village), Program(cast.convenor), Program(cast.leader)
    member, office, liaison = Program(cast.member), Program(cast.office), Program(cast.liaison)
    topic = village.create(
        "topics",
        host=str(cast.host.uuid),
        region_code=WANQIAO,
        source="resident",
        title=TITLE,
        problem=PROBLEM,
        raiser={"category": "resident", "name": NAME, "phone": PHONE, "consented": True},
    )["uuid"]
    checks = {"small_cut": True, "wide_reach": True, "vital_interest": True}
    convenor.move("topics", topic, "pool", profile="micro", category="公共设施", **checks)
    leader.move("topics", topic, "claim", promised_on=str(TODAY + timedelta(days=20)))
    start = make.soon()
    session = leader.create(
        "sessions",
        host=str(cast.host.uuid),
        topics=[topic],
        form="micro",
        venue_kind="courtyard",
        place="三号楼前",
        region_code=WANQIAO,
        title="公厕开门微协商",
        starts_at=start.isoformat(),
        ends_at=(start + timedelta(hours=1)).isoformat(),
        convenor_name="同乐街道召集人",
        lead_name="委员小组组长",
        moderator=str(cast.convenor.uuid),
        recorder=str(cast.member.uuid),
        agenda=[{"text": "群众发言"}],
        participants=[{"category": "resident", "name": "居民代表", "count": 5}],
    )["uuid"]
    leader.move("sessions", session, "announce")
    line = convenor.move("sessions", session, "open")["participants"][0]["uuid"]
    member.move("sessions", session, "mark_attendance", participant=line, attendance="present", came=4)
    member.move("sessions", session, "add_statement", participant=line, text="最急的是先把门打开。")
    member.move("sessions", session, "agree_point", text=POINT, level="agreed")
    member.move("sessions", session, "close")
    member.move("sessions", session, "draft_minutes")
    member.move("sessions", session, "file_minutes")
    convenor.move("sessions", session, "sign_minutes")
    outcome = member.create("outcomes", topic=topic, effects=["resolved"], summary="议定开门")["uuid"]
    office.move("outcomes", outcome, "submit_outcome", submitted_to=["同乐街道"])
    point = ConsultSession.objects.get().consensus_points.get()
    task = office.create(
        "assignments",
        outcome=outcome,
        matter="公厕移交开门",
        fulfils=[str(point.uuid)],
        lead_unit=str(cast.unit.uuid),
        issued_by="同乐街道办事处",
    )["uuid"]
    liaison.move("assignments", task, "sign_for")
    liaison.move(
        "assignments",
        task,
        "reply",
        reply_class="A",
        measures="与建设单位办理移交。",
        result=RESULT,
        contact_on=str(TODAY),
        contact_method="site",
    )
    member.move("assignments", task, "verify", method="site", finding="早上七点去看，门开着。")
    office.move("assignments", task, "close")
    answers = {"satisfied": 4, "basically": 0, "unsatisfied": 0}
    office.move("outcomes", outcome, "record_satisfaction", process=answers, result=answers, raiser_result="satisfied")
    words = {"title": f"{TITLE}协商成果公示", "text": "公厕已经开门。"}
    notice = convenor.create("notices", kind="outcome", topic=topic, **words)["uuid"]
    office.move("notices", notice, "review_notice", secrecy="open")
    Program(cast.approver).move("notices", notice, "post_notice")
    cast.followed()


def test_a_micro_matter_through_the_pages():
    cast = Cast()
    village, convenor, leader = Person(cast.village), Person(cast.convenor), Person(cast.leader)
    member, office, liaison = Person(cast.member), Person(cast.office), Person(cast.liaison)
    slip = {"title": TITLE, "problem": PROBLEM, "region_code": WANQIAO, "name": NAME, "phone": PHONE}
    village.follow(reverse("topics:list"), "topics:hand_in", consented="on", **slip)
    topic = Topic.objects.get()
    checks = {"small_cut": "on", "wide_reach": "on", "vital_interest": "on", "consultable": "on"}
    convenor.press(topic, "topics:pool", profile="micro", category="公共设施", **checks)
    leader.press(topic, "topics:claim", promised_on=TODAY + timedelta(days=20))
    meet(cast, topic)
    member.follow(reverse("outcomes:outcomes"), "outcomes:draft_outcome", effects=["resolved"], summary="议定开门")
    outcome = Outcome.objects.get()
    office.press(outcome, "outcomes:submit_outcome", submitted_to="同乐街道")
    point = ConsultSession.objects.get().consensus_points.get()
    office.press(
        outcome,
        "outcomes:issue",
        matter="公厕移交开门",
        fulfils=[point.uuid],
        lead_unit=cast.unit.uuid,
        issued_by="同乐街道办事处",
    )
    task = Assignment.objects.get()
    liaison.press(task, "outcomes:sign_for")
    liaison.press(
        task,
        "outcomes:reply",
        reply_class="A",
        measures="与建设单位办理移交。",
        result=RESULT,
        contact_on=TODAY,
        contact_method="site",
    )
    member.press(task, "outcomes:verify", method="site", finding="早上七点去看，门开着。")
    office.press(task, "outcomes:close")
    office.press(
        outcome, "outcomes:record_satisfaction", process_satisfied=4, result_satisfied=4, raiser_result="satisfied"
    )
    words = {"title": f"{TITLE}协商成果公示", "text": "公厕已经开门。"}
    convenor.follow(reverse("outcomes:notices"), "outcomes:draft_notice", **words)
    notice = PublicNotice.objects.get()
    office.press(notice, "outcomes:review_notice", secrecy="open")
    Person(cast.approver).press(notice, "outcomes:post_notice")
    cast.followed()


def meet(cast: Cast, topic: Topic) -> None:
    leader, member, convenor = Person(cast.leader), Person(cast.member), Person(cast.convenor)
    start = timezone.localtime(make.soon())
    leader.press(
        topic,
        "sessions:plan",
        form="micro",
        venue_kind="courtyard",
        place="三号楼前",
        title="公厕开门微协商",
        starts_at=start.strftime("%Y-%m-%dT%H:%M"),
        ends_at=(start + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        convenor_name="同乐街道召集人",
        lead_name="委员小组组长",
        moderator=cast.convenor.display_name,
        recorder=cast.member.display_name,
        p0_category="resident",
        p0_name="居民代表",
        p0_count=5,
    )
    session = ConsultSession.objects.get()
    leader.press(session, "sessions:announce")
    convenor.press(session, "sessions:open")
    record = reverse("sessions:record", args=[session.uuid])
    line = session.participants.get()
    member.click(record, reverse("sessions:mark_attendance", args=[session.uuid, line.uuid]), mark="present")
    member.fill(record, participant="居民代表", text="最急的是先把门打开。")
    member.fill(record, **{"c-text": POINT, "c-level": "agreed"})
    member.press(session, "sessions:close")
    member.press(session, "sessions:draft_minutes")
    minutes = Minutes.objects.get()
    member.press(minutes, "sessions:file_minutes")
    convenor.press(minutes, "sessions:sign_minutes")
