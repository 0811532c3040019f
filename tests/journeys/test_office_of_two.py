"""A year of an office of two clerks and a leader who never signs in: every move of every table is made.

Nobody else has an account: residents hand in at the counter, the group, the units and the leader put on paper what they
do, and the clerks write it down in their names. Four eyes hold between the two of them. Unattended moves are beat's.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from consult.audit.models import Entry
from consult.delivery.models import InboxItem
from members.models import Account
from outcomes import services as outcomes
from outcomes.models import Assignment, Outcome, PublicNotice
from sessions import services as sessions
from sessions.models import ConsultSession
from sessions.services import asking, remark_links, sign_in, sign_ups, slips
from sessions.states import RECORD_WORKFLOW
from tests.consult.files import samples
from tests.factories import people
from tests.journeys.year import TABLES, OfficeOfTwo, Year, begin, broken, verbs_made, verbs_of
from topics import services as topics
from topics.models import Topic

pytestmark = pytest.mark.django_db

WANQIAO = "341103005001"
CHECKS = {"small_cut": True, "wide_reach": True, "vital_interest": True}
#: Everything that can be done stands in the record, but for what a CPPCC above says and is answered, and due dates of
#: a year whose holidays were not published (2025's were).
UNRECORDED = {
    *("topic.urge_note", "topic.answer_note", "assignment.urge_note", "assignment.answer_note"),
    "assignment.settle_due",
}
#: What beat does, and what comes in from old paper (one assignment, so that its reminders can be confirmed).
BY_THE_CLOCK = {
    "topic.lapse",
    "notice.expire_notice",
    "assignment.reopen",
    "topic.return_to_consulted",
    "assignment.issue",
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def traveller():
    with begin() as moving:
        yield moving


def test_a_year_of_two_clerks_and_a_leader_who_never_signs_in(traveller):
    office, year = OfficeOfTwo(), Year(traveller)
    screening(office, year)
    formal = formal_session(office, year)
    outcome = formal_outcome(office, year, formal)
    handling(office, year, outcome)
    notices(office, year, formal)
    afterwards(office, year, outcome)
    micro(office, year)
    bench(office, year)
    old_paper(office, year)
    year.day(12, 30)

    assert verbs_of(*TABLES, RECORD_WORKFLOW) - verbs_made() == UNRECORDED
    acted = set(Entry.objects.values_list("actor__username", flat=True))
    assert acted == {"clerk-one", "clerk-two", "system"}
    assert Account.objects.exclude(username__in=acted).count() == 0
    assert set(Entry.objects.filter(actor=office.clock).values_list("verb", flat=True)) >= BY_THE_CLOCK
    assert broken() == []
    assert InboxItem.objects.exists()


# what comes over the counter


def slip(office: OfficeOfTwo, title: str, **changes) -> Topic:
    changes.setdefault("raiser", {"category": "resident", "name": "张桂兰", "on_behalf": True})
    return topics.hand_in(
        **{
            "actor": office.one,
            "host": office.host,
            "region_code": WANQIAO,
            "source": "resident",
            "title": title,
            "problem": f"{title}，居民出行和生活受影响，多次反映。",
            "stakeholders": ["resident", "department"],
            **changes,
        }
    )


def pool(office: OfficeOfTwo, topic: Topic, profile: str) -> Topic:
    return topics.pool_topic(topic, actor=office.two, profile=profile, category="公共设施", **CHECKS)


def screening(office: OfficeOfTwo, year: Year) -> None:
    """Slips that end early: not taken up, transferred, merged, split, withdrawn, never completed."""
    year.day(1, 3)
    street = slip(office, "背街小巷下雨积水", draft=True)
    street = topics.submit_topic(street, actor=office.one)
    twin = slip(office, "小巷积水没人管")
    lamp = slip(office, "路灯坏了三盏")
    lawsuit = slip(office, "宅基地判决不服")
    many = slip(office, "停车、垃圾和噪声")
    withdrawn = slip(office, "楼道堆物")
    silent = slip(office, "有人占道")

    year.day(1, 6)
    assert topics.merge_topic(twin, actor=office.two, into=street).state == "merged"
    assert topics.reconsider_topic(twin, actor=office.one, reason="不是同一条巷子").state == "submitted"
    assert topics.merge_topic(twin, actor=office.two, into=street).state == "merged"
    lamp = topics.transfer_topic(lamp, actor=office.two, to_unit="12345 热线", reason="报修", reply_text="已转热线。")
    assert lamp.state == "transferred"
    lawsuit = topics.decline_topic(lawsuit, actor=office.two, reason="已进入诉讼", reply_text="请等待法院裁判。")
    assert lawsuit.state == "declined"
    parts = topics.split_topic(many, actor=office.two, parts=[{"title": "垃圾分类亭太远"}]).parts
    assert [part.state for part in parts.all()] == ["submitted"]
    assert topics.withdraw_topic(withdrawn, actor=office.one, reason="物业已清走").state == "withdrawn"
    topics.return_topic(silent, actor=office.two, reason="请写清在哪条路")
    year.day(2, 10)
    assert topics.lapse_due(actor=office.clock) == 1


def formal_session(office: OfficeOfTwo, year: Year) -> Topic:
    """The whole record of one formal consultation, from the slip to signed and amended minutes."""
    year.day(2, 11)
    topic = Topic.objects.get(title="背街小巷下雨积水")
    topic = topics.return_topic(topic, actor=office.two, reason="请写清涉及几户")
    year.day(2, 12)
    topic = topics.resubmit_topic(topic, actor=office.one, changes={"households": 260})
    year.day(2, 13)
    topic = pool(office, topic, "micro")
    topic = topics.change_profile(topic, actor=office.one, profile="formal")
    committee = people.organisation(office.host, "committee", "社会法制委员会")
    paper = {
        "council_on": date(2025, 2, 20),
        "party_on": date(2025, 2, 24),
        "party_text": "同意列入年度协商计划。",
        "plan_year": 2025,
        "lead_committee": committee,
        "on_paper": True,
        "on_behalf_of": office.leader,
    }
    year.day(2, 25)
    topic = topics.approve_topic(topic, actor=office.one, **paper)
    topic = topics.drop_topic(topic, actor=office.one, reason="年度计划调整", on_behalf_of=office.leader)
    topic = topics.approve_topic(topic, actor=office.two, **paper)
    assert (topic.state, topic.approved_by) == ("approved", None)
    year.day(3, 5)
    day = timezone.localdate()
    topics.study_topic(
        topic, actor=office.one, date_from=day, places=["万桥社区"], method="入户", findings=["管网错接 12 处"]
    )
    return consult(office, year, topic)


def plan(office: OfficeOfTwo, topic: Topic, starts_at: datetime, **changes) -> ConsultSession:
    return sessions.plan_session(
        **{
            "actor": office.one,
            "host": office.host,
            "topics": [topic],
            "form": "formal",
            "venue_kind": "room",
            "region_code": WANQIAO,
            "title": f"{topic.title}协商议事会",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "convenor_name": "同乐街道召集人",
            "lead_name": "委员小组组长",
            "moderator_name": office.leader,
            "recorder": office.one,
            "agenda": [{"text": "说明来意", "minutes": 5}, {"text": "群众发言", "minutes": 60}],
            "participants": [
                {"category": "resident", "name": "居民代表", "count": 8},
                {"category": "department", "organisation_name": "区住建局", "name": "股室负责人"},
            ],
            **changes,
        }
    )


def consult(office: OfficeOfTwo, year: Year, topic: Topic) -> Topic:
    room = sessions.create_room(actor=office.one, host=office.host, name="万桥协商议事室", region_code=WANQIAO)
    now = timezone.now()
    session = plan(office, topic, now + timedelta(days=9), room=room)
    topic.refresh_from_db()
    assert topic.state == "scheduled"
    session = sessions.change_plan(session, actor=office.two, lead_name="委员小组副组长")
    session = sessions.set_agenda(session, actor=office.one, agenda=["说明来意", "群众发言", "部门回应", "归纳共识"])
    guest = sessions.add_participant(session, actor=office.one, category="expert", name="给排水工程师")
    slips.renew_slip(guest, actor=office.two)
    sessions.offer_seats(session, actor=office.two, seats=1)
    token = sign_ups.sign_up_token(session)
    comes = [sign_ups.sign_up(token, key=uuid4(), name=f"网上报名{n}", category="resident") for n in (1, 2)]
    assert [(place.state, place.number) for place in comes] == [("seated", 1), ("waiting", 1)]
    for place in comes:
        sessions.withdraw_sign_up(place.row, actor=office.one)
    sessions.mend_line(guest, actor=office.two, version=1, name="给排水高级工程师", phone="13800005566")
    sessions.remove_participant(guest, actor=office.one)
    session = sessions.announce_session(session, actor=office.one)
    session = sessions.postpone_session(
        session,
        actor=office.two,
        starts_at=now + timedelta(days=14),
        ends_at=now + timedelta(days=14, hours=2),
        reason="主持人另有会议",
    )
    session = sessions.announce_session(session, actor=office.one)
    residents, department = session.participants.order_by("position")
    sessions.reply_invitation(residents, actor=office.two, reply="attending")

    year.day(3, 19)
    session = sessions.open_session(session, actor=office.one)
    sessions.mark_attendance(residents, "present", actor=office.one, came=6)
    sessions.mark_attendance(department, "present", actor=office.one)
    late = sign_in.check_in(session, key=uuid4(), how="code", name="后到的居民", category="resident")
    asking.ask_by_link(late.uuid)
    sessions.mark_left(department, actor=office.one)
    sessions.mark_left(department, actor=office.one, back=True)
    passer_by = sessions.add_participant(session, actor=office.one, category="resident", name="路过的居民")
    assert passer_by.attendance == "present"
    sessions.count_among(passer_by, actor=office.two, line=residents)
    sessions.next_item(session, actor=office.one)
    sessions.ask_to_speak(residents, actor=office.one)
    sessions.give_floor(residents, actor=office.one)
    said = sessions.add_statement(session, "居民代表", "resident", "下雨就倒灌。", actor=office.one, topic=topic)
    sessions.change_statement(said, actor=office.two, text="一下雨污水就倒灌。")
    slip_of_pen = sessions.add_statement(session, "居民代表", "resident", "重复了。", actor=office.one)
    struck = sessions.remove_statement(slip_of_pen, actor=office.one)
    sessions.remove_statement(sessions.restore_line(struck, actor=office.two), actor=office.one)
    sessions.set_languages(session, actor=office.one, languages=["普通话", "滁州话"])
    point = sessions.agree_point(session, topic, "6月底前改完错接的 12 处管网。", actor=office.one)
    sessions.change_point(point, actor=office.one, unit_name="区住建局", due_on=date(2025, 6, 30))
    sessions.agree_point(session, topic, "巷口加装两个雨水口。", "mostly", actor=office.one)
    doubled = sessions.agree_point(session, topic, "写重了。", actor=office.one)
    sessions.remove_point(doubled, actor=office.one)
    kept = sessions.keep_dissent(session, topic, "费用由谁出会后再核。", "物业", actor=office.one)
    sessions.remove_dissent(kept, actor=office.one)
    kept = sessions.keep_dissent(session, topic, "维护费由谁出会后再核。", "物业公司", actor=office.one, point=point)
    sessions.change_dissent(kept, actor=office.one, by="物业")
    sessions.read_back(point, actor=office.two)
    year.hours(2)
    session = sessions.close_session(session, actor=office.one)
    assert (session.state, Topic.objects.get(pk=topic.pk).state) == ("held", "consulted")
    minutes(office, year, session)
    return Topic.objects.get(pk=topic.pk)


def minutes(office: OfficeOfTwo, year: Year, session: ConsultSession) -> None:
    """Drafted by one clerk, signed on paper by the leader, recorded by the other; amended once."""
    year.day(3, 21)
    sessions.add_photo(session, actor=office.two, upload=SimpleUploadedFile("会场.jpg", samples.jpeg()))
    paper = sessions.draft_minutes(session, actor=office.one)
    paper = sessions.revise_minutes(paper, actor=office.two, body=paper.body + "\n附：会议照片", version=1)
    paper = sessions.circulate_minutes(paper, actor=office.one)
    link = remark_links.make_remark_link(paper, actor=office.two)[0]
    link = remark_links.renew_remark_link(paper, actor=office.one, link=link)
    remark_links.revoke_remark_link(paper, actor=office.two, link=link)
    first = paper.body.split("\n")[0]
    remark = sessions.comment_minutes(
        paper, actor=office.two, text="写全称。", line_number=1, proposed=f"{first}（全称）"
    )
    remark = sessions.answer_comment(remark, actor=office.one, answer="照改。")
    paper = sessions.adopt_comment(remark, actor=office.one).minutes
    paper = sessions.file_minutes(paper, actor=office.one)
    paper = sessions.return_minutes(paper, actor=office.two, reason="照片不附")
    body = paper.body.replace("\n附：会议照片", "")
    paper = sessions.revise_minutes(paper, actor=office.one, body=body, version=paper.version)
    paper = sessions.file_minutes(paper, actor=office.one)
    paper = sessions.sign_minutes(paper, actor=office.two, on_paper=True, signed_name=office.leader)
    assert (paper.state, paper.signed_by) == ("signed", None)
    year.day(3, 24)
    fresh = sessions.amend_minutes(paper, actor=office.one, reason="人数写错")
    fresh = sessions.file_minutes(fresh, actor=office.one)
    # Whoever recorded the signature has not signed: the drafter may record it as well.
    fresh = sessions.sign_minutes(fresh, actor=office.one, on_paper=True, signed_name=office.leader)
    assert fresh.amends == paper


def formal_outcome(office: OfficeOfTwo, year: Year, topic: Topic) -> Outcome:
    year.day(3, 26)
    outcome = outcomes.draft_outcome(topic, actor=office.one, effects=["consensus"], summary="两条共识")
    outcome = outcomes.edit_outcome(outcome, actor=office.two, summary="形成两条共识，一条保留意见")
    outcome = outcomes.submit_outcome(outcome, actor=office.one, submitted_to=["县政府"])
    year.day(4, 2)
    return outcomes.adopt_outcome(outcome, actor=office.one, adopted_by="分管副县长", instruction="请住建局抓紧办理。")


def handling(office: OfficeOfTwo, year: Year, outcome: Outcome) -> None:
    """No unit has an account: what they sign, report, ask for and answer reaches the office on paper."""
    year.day(4, 3)
    works = people.organisation(office.host, name="区住建局")
    town = people.organisation(office.host, "township", "同乐街道办事处")
    points = list(outcome.topic.consensus_points.order_by("number"))
    wrong = issue(office, outcome, points[1], town)
    wrong = outcomes.send_back(wrong, actor=office.two, reason="巷口归住建局管", proper_unit="区住建局")
    wrong = outcomes.reassign(wrong, actor=office.one, lead_unit=works, reason="按退办意见改派")
    wrong = outcomes.annul(wrong, actor=office.one, reason="并入管网改造一并实施")

    task = issue(office, outcome, points[0], works)
    task = outcomes.sign_for(task, actor=office.two, signed_for_by="股室负责人")
    year.day(4, 8)
    task = outcomes.start(task, actor=office.one)
    outcomes.add_progress(task, actor=office.one, text="完成勘察，错接 12 处已全部定位。")
    pursue(office, task)
    year.day(6, 20)
    asked = outcomes.ask_extension(
        task, actor=office.one, due_wanted=task.due_on + timedelta(days=60), reason="连续降雨"
    )
    assert asked.state == "asked"
    outcomes.refuse_extension(task, actor=office.two, reason="不能跨过汛期")
    outcomes.ask_extension(task, actor=office.one, due_wanted=task.due_on + timedelta(days=15), reason="连续降雨")
    outcomes.grant_extension(task, actor=office.two)
    year.day(7, 10)
    answer(office, task)
    task = outcomes.rework_assignment(task, actor=office.two, reason="两处没有回填", due_on=date(2025, 7, 31))
    year.day(7, 25)
    answer(office, task)
    outcomes.verify_assignment(task, actor=office.one, method="site", finding="雨后现场查看，不再积水。")
    year.day(7, 28)
    Assignment.objects.get(pk=outcomes.close_assignment(task, actor=office.one).pk)
    assert Topic.objects.get(pk=outcome.topic_id).state == "closed"


def pursue(office: OfficeOfTwo, task: Assignment) -> None:
    """Steps from the unit's paper, a link for its clerk, letters, a visit called off and one that was made."""
    outcomes.set_milestones(task, actor=office.one, names=["勘察", "施工", "验收"])
    link = outcomes.make_link(task, actor=office.one, name="股室负责人")
    outcomes.renew_link(task, actor=office.two, link=link)
    outcomes.revoke_link(task, actor=office.two, link=link)
    outcomes.urge(task, actor=office.one, text="请在汛期前完工。")
    outcomes.escalate(task, actor=office.two, text="汛期将近，请过问。")
    today = timezone.localdate()
    visit = outcomes.plan_check(task, actor=office.one, planned_on=today, people=[office.two])
    outcomes.drop_check(task, actor=office.one, check=visit, reason="下雨改期")
    outcomes.record_check(task, actor=office.two, verdict="ok", method="site", finding="正在开挖。")


def issue(office: OfficeOfTwo, outcome: Outcome, point, unit, **changes) -> Assignment:
    return outcomes.issue_assignment(
        outcome,
        **{
            "actor": office.one,
            "matter": point.text[:50],
            "fulfils": [point],
            "lead_unit": unit,
            "issued_by": "县政府办公室",
            **changes,
        },
    )


def answer(office: OfficeOfTwo, task: Assignment) -> None:
    reply = outcomes.reply_assignment(
        task,
        actor=office.one,
        reply_class="A",
        measures="改造错接管网 12 处。",
        result="错接管网已全部改完，巷道不再积水。",
        contact_on=timezone.localdate(),
        contact_method="phone",
        on_paper=True,
    )
    assert reply.on_paper


def notices(office: OfficeOfTwo, year: Year, topic: Topic) -> None:
    """Drafted by one, reviewed by the other; contested, corrected, taken down."""
    year.day(7, 29)
    words = {
        "title": "背街小巷积水协商成果公示",
        "text": "形成两条共识，错接管网已改完。",
        "places": ["万桥社区公示栏"],
    }
    notice = outcomes.draft_notice(actor=office.one, host=office.host, kind="outcome", topic=topic, **words)
    notice = outcomes.edit_notice(notice, actor=office.one, summary="小巷不再积水")
    notice = outcomes.review_notice(notice, actor=office.two)
    notice = outcomes.return_notice(notice, actor=office.two, reason="写明办理单位")
    notice = outcomes.edit_notice(notice, actor=office.one, text="形成两条共识，区住建局已改完错接管网。")
    notice = outcomes.post_notice(outcomes.review_notice(notice, actor=office.two), actor=office.two)
    year.day(7, 30)
    objection = outcomes.record_objection(notice, actor=office.one, text="三号巷口还有一处。", contact="13800001234")
    outcomes.answer_objection(notice, actor=office.two, answer="已安排复查，当日修好。", objection=objection)
    fresh = outcomes.correct_notice(notice, actor=office.two, reason="共识条数写错")
    fresh = outcomes.review_notice(fresh, actor=office.one)
    fresh = outcomes.post_notice(fresh, actor=office.one)
    notice.refresh_from_db()
    assert notice.corrected_by_number == fresh.number
    year.day(8, 20)
    assert outcomes.expire_notices() == 2
    gone = outcomes.withdraw_notice(PublicNotice.objects.get(pk=notice.pk), actor=office.one, reason="已有更正公示")
    assert gone.state == "withdrawn"


def afterwards(office: OfficeOfTwo, year: Year, outcome: Outcome) -> None:
    """Asked how satisfied they are: the raiser is not, is explained to; is not again, and the work reopens."""
    year.day(8, 21)
    outcomes.record_benefits(
        outcome, actor=office.one, benefits=[{"what": "受益居民", "amount": 260, "unit": "户", "about": "over"}]
    )
    outcomes.enter_forms(outcome, actor=office.two, process=(3, 0, 0), result=(2, 1, 0))
    outcomes.record_satisfaction(
        outcome, actor=office.one, process=(8, 1, 0), result=(7, 1, 1), raiser_result="unsatisfied"
    )
    outcomes.explain_dissatisfaction(outcome, actor=office.two, explanation="剩下一处列入九月计划。")
    year.day(9, 1)
    topic = topics.reopen_topic(Topic.objects.get(pk=outcome.topic_id), actor=office.one, reason="回访看到一处又堵")
    assert topic.state == "consulted"
    task = outcome.assignments.get(state="closed")
    task = outcomes.reopen_assignment(task, actor=office.one, reason="三号巷口又堵")
    year.day(9, 3)
    answer(office, task)
    outcomes.verify_assignment(task, actor=office.two, method="phone", finding="居民说通了。")
    outcomes.close_assignment(task, actor=office.one)
    outcomes.record_satisfaction(
        outcome, actor=office.one, process=(8, 1, 0), result=(7, 1, 1), raiser_result="unsatisfied"
    )
    year.day(9, 20)
    assert outcomes.reopen_unexplained() == 1
    assert Topic.objects.get(pk=outcome.topic_id).state == "consulted"
    year.day(9, 22)
    answer(office, task)
    outcomes.verify_assignment(task, actor=office.one, method="site", finding="全部疏通。")
    outcomes.close_assignment(task, actor=office.two)


def micro(office: OfficeOfTwo, year: Year) -> None:
    """点单 → 接单 → 解单 → 查单, with a group that only exists on paper."""
    year.day(9, 23)
    topic = pool(office, Topic.objects.get(title="垃圾分类亭太远"), "micro")
    promise = {"promised_on": date(2025, 10, 30), "claimed_name": "万桥社区委员小组"}
    topic = topics.claim_topic(topic, actor=office.one, **promise)
    topic = topics.release_claim(topic, actor=office.one, reason="小组换届")
    topic = topics.claim_topic(topic, actor=office.two, **promise)
    start = timezone.now() + timedelta(days=1)
    free = {"form": "micro", "venue_kind": "courtyard", "place": "三号楼前"}
    session = plan(office, topic, start, **free)
    sessions.cancel_session(session, actor=office.two, reason="大雨")
    assert Topic.objects.get(pk=topic.pk).state == "claimed"
    session = plan(office, topic, start, **free)
    session = sessions.announce_session(session, actor=office.one, short_notice_reason="居民约好了日子")
    year.day(9, 24)
    session = sessions.open_session(session, actor=office.one)
    sessions.agree_point(session, topic, "在三号楼前加设一处。", actor=office.one)
    session = sessions.close_session(session, actor=office.one, no_statements=True)
    paper = sessions.draft_minutes(session, actor=office.two)
    paper = sessions.file_minutes(paper, actor=office.two)
    sessions.sign_minutes(paper, actor=office.one, on_paper=True, signed_name=office.leader)
    outcome = outcomes.draft_outcome(Topic.objects.get(pk=topic.pk), actor=office.one, summary="加设一处")
    outcome = outcomes.submit_outcome(outcome, actor=office.one, submitted_to=["同乐街道"])
    outcome = outcomes.note_outcome(outcome, actor=office.one)
    outcomes.nothing_to_assign(outcome, actor=office.two, reason="社区当场装好")
    assert Topic.objects.get(pk=topic.pk).state == "closed"


def bench(office: OfficeOfTwo, year: Year) -> None:
    """A session noted after the fact; one noted with a wrong clock waits for a decision, one is struck out."""
    year.day(10, 10)
    noted = {"actor": office.one, "host": office.host, "region_code": WANQIAO, "place": "大树下"}
    topic = pool(office, slip(office, "楼道照明"), "micro")
    topic = topics.claim_topic(topic, actor=office.one, promised_on=date(2025, 11, 1), claimed_name="万桥社区委员小组")
    sessions.log_session(**noted, title="小板凳议楼道照明", agreed=["周末换成声控灯"], topic=topic)
    assert Topic.objects.get(pk=topic.pk).state == "consulted"
    future = {"starts_at": timezone.now() + timedelta(days=3)}
    kept = sessions.log_session(**noted, title="手机时间不对", agreed=["清走杂物"], **future)
    assert kept.state == "needs_decision"
    sessions.accept_log(kept, actor=office.two, starts_at=timezone.now() - timedelta(hours=3))
    stray = sessions.log_session(**noted, title="记重了", agreed=["清走杂物"], **future)
    assert sessions.cancel_session(stray, actor=office.two, reason="同一场记了两次").state == "cancelled"


def old_paper(office: OfficeOfTwo, year: Year) -> None:
    """Last year's assignment is brought in from paper; the office confirms that it is still owed."""
    year.day(10, 20)
    outcome = outcomes.draft_outcome(Topic.objects.get(title="楼道照明"), actor=office.one, summary="换灯")
    outcome = outcomes.submit_outcome(outcome, actor=office.one, submitted_to=["同乐街道"])
    unit = people.organisation(office.host, "village", "万桥社区居委会")
    point = outcome.topic.consensus_points.get()
    task = issue(office, outcome, point, unit, actor=office.clock)
    assert task.ladder_from is None
    assert outcomes.confirm_reminders(task, actor=office.one).ladder_from == date(2025, 10, 20)
