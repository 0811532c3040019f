"""What happens to an assignment, sentence by sentence."""

from datetime import timedelta

import pytest

from consult import calendar
from consult.audit.models import Entry
from consult.errors import Missing, NotAllowed, WrongState
from consult.outbox.models import Event
from members.models import Account
from outcomes import services
from outcomes.models import Assignment
from outcomes.states import ExtensionState
from tests.factories import outcomes as make
from tests.factories import people, topics

pytestmark = pytest.mark.django_db


def test_issue_takes_a_number_and_a_due_date_of_three_months():
    outcome = make.submitted(on=make.day(30))
    lead, aide = make.unit(), make.unit()
    point = outcome.topic.consensus_points.first()

    assignment = services.issue_assignment(
        outcome,
        actor=topics.clerk(outcome.host),
        matter="排水沟改造",
        fulfils=[point],
        lead_unit=lead,
        assisting_units=[aide],
        issued_by="县政府办公室",
        on=make.day(20),
    )

    due = calendar.add_months_workday(make.day(20), 3, outcome.host_id)
    assert (assignment.state, assignment.ordinal) == ("issued", 1)
    assert assignment.number == f"南谯协商交〔{make.day(20).year}〕1号"
    assert (assignment.due_on, assignment.first_due_on, assignment.ladder_from) == (due, due, make.day())
    assert assignment.requirement == point.text
    assert assignment.handling_unit_ids == {lead.pk, aide.pk}
    entry = Entry.objects.about(assignment).get()
    assert (entry.verb, entry.before, entry.after, entry.matter_id) == (
        "assignment.issue",
        "",
        "issued",
        outcome.topic_id,
    )
    event = Event.objects.get(name="assignment.issue")
    assert event.payload["assignment_id"] == assignment.pk
    assert (event.host_id, event.matter_id) == (outcome.host_id, outcome.topic_id)


def test_issue_needs_a_consensus_point_of_the_same_matter():
    outcome = make.submitted()
    other = make.matter().consensus_points.first()
    for points in ([], [other]):
        with pytest.raises(Missing) as refused:
            make.issued(outcome=outcome, fulfils=points)
        assert list(refused.value.fields) == ["fulfils"]
    assert Assignment.objects.count() == 0


@pytest.mark.parametrize("wrong", ["host", "committee", "foreign", "closed", "twice"])
def test_units_are_known_to_the_host_and_exist(wrong):
    outcome = make.submitted()
    good = make.unit()
    lead, assisting = {
        "host": lambda: (outcome.host, []),
        "committee": lambda: (topics.committee(outcome.host), []),
        "foreign": lambda: (make.unit(people.host(people.LANGYA)), []),
        "closed": lambda: (people.organisation(outcome.host, closed_on=make.day(1)), []),
        "twice": lambda: (good, [good]),
    }[wrong]()
    with pytest.raises(Missing) as refused:
        make.issued(outcome=outcome, lead=lead, assisting_units=assisting)
    assert list(refused.value.fields) == ["assisting_units" if wrong == "twice" else "lead_unit"]


def test_formal_is_assigned_from_when_adopted_and_micro_when_submitted():
    for wrong in (make.drafted, make.submitted, make.noted):
        with pytest.raises(WrongState):
            make.issued(outcome=wrong(profile="formal"))
    with pytest.raises(WrongState):
        make.issued(outcome=make.drafted())
    assert make.issued(outcome=make.adopted()).state == "issued"
    assert make.issued(outcome=make.submitted()).state == "issued"


def test_dates_are_not_in_the_future_and_not_before_the_move_before():
    assignment = make.issued(on=make.day(10))
    liaison = make.liaison(assignment.lead_unit)
    for wrong in (make.day(-1), make.day(11)):
        with pytest.raises(Missing) as refused:
            services.sign_for(assignment, actor=liaison, on=wrong)
        assert list(refused.value.fields) == ["on"]
    assert services.sign_for(assignment, actor=liaison, on=make.day(9)).signed_for_on == make.day(9)


def test_the_liaison_signs_for_himself_and_the_office_records_the_paper():
    own, paper = make.issued(), make.issued()
    liaison = make.liaison(own.lead_unit)
    clerk = topics.clerk(paper.host)
    assert services.sign_for(own, actor=liaison).signed_for_by == liaison.display_name
    assert services.sign_for(paper, actor=clerk, signed_for_by="办公室收文").signed_for_by == "办公室收文"
    assert Entry.objects.about(own).get(verb="assignment.sign_for").on_behalf_of == ""
    assert Entry.objects.about(paper).get(verb="assignment.sign_for").on_behalf_of == paper.lead_unit.name


def test_send_back_needs_a_reason_and_the_proper_unit():
    assignment = make.issued()
    liaison = make.liaison(assignment.lead_unit)
    with pytest.raises(Missing) as refused:
        services.send_back(assignment, actor=liaison, reason=" ", proper_unit="县交通局", on=assignment.moved_on)
    assert list(refused.value.fields) == ["reason"]
    with pytest.raises(Missing) as refused:
        services.send_back(assignment, actor=liaison, reason="不归我管", proper_unit="", on=assignment.moved_on)
    assert list(refused.value.fields) == ["proper_unit"]


def test_sending_back_is_possible_for_five_working_days():
    early, late = make.issued(on=make.day(40)), make.issued(on=make.day(40))
    last = calendar.add_working_days(make.day(40), 5)
    words = {"reason": "不归我管", "proper_unit": "县交通局"}
    assert services.send_back(early, actor=make.liaison(early.lead_unit), on=last, **words).state == "sent_back"
    with pytest.raises(Missing) as refused:
        services.send_back(late, actor=make.liaison(late.lead_unit), on=last + timedelta(days=1), **words)
    assert list(refused.value.fields) == ["on"]


def test_reassign_keeps_the_number_and_promises_a_new_day():
    assignment = make.sent_back(on=make.day(20))
    number, first = assignment.number, assignment.first_due_on
    other = make.unit()
    moved = services.reassign(
        assignment, actor=topics.clerk(assignment.host), lead_unit=other, reason="归交通局", on=make.day(5)
    )
    due = calendar.add_months_workday(make.day(5), 3, assignment.host_id)
    assert (moved.state, moved.lead_unit, moved.number) == ("issued", other, number)
    assert (moved.due_on, moved.first_due_on) == (due, first)
    assert (moved.proper_unit, moved.send_back_reason) == ("", "")


def test_annul_keeps_the_number():
    assignment = make.in_progress()
    number = assignment.number
    annulled = services.annul(assignment, actor=topics.clerk(assignment.host), reason="重复交办")
    assert (annulled.state, annulled.number) == ("annulled", number)
    assert make.issued().number.endswith("〕2号")


def test_the_first_progress_extension_or_reply_starts_the_work():
    for first in ("progress", "extension", "reply"):
        assignment = make.accepted(on=make.day(3))
        liaison = make.liaison(assignment.lead_unit)
        if first == "progress":
            services.add_progress(assignment, actor=liaison, text="已清淤 120 米，还差 140 米。")
        elif first == "extension":
            wanted = assignment.due_on + timedelta(days=10)
            services.ask_extension(assignment, actor=liaison, due_wanted=wanted, reason="连续阴雨")
        else:
            make.reply(assignment)
        assignment.refresh_from_db()
        assert assignment.state == ("replied" if first == "reply" else "in_progress")
        implied = Entry.objects.about(assignment).get(verb="assignment.start")
        assert (implied.implied, implied.before, implied.after) == (True, "accepted", "in_progress")


def test_what_was_not_signed_for_cannot_be_reported_on():
    assignment = make.issued()
    with pytest.raises(WrongState):
        services.add_progress(assignment, actor=make.liaison(assignment.lead_unit), text="清淤 120 米。")


def test_the_office_brings_a_paper_reply_to_its_end_without_the_unit():
    assignment = make.issued()
    clerk = topics.clerk(assignment.host)
    services.sign_for(assignment, actor=clerk, signed_for_by="办公室收文")
    answered = make.reply(assignment, actor=clerk)
    paper = answered.replies.get()
    assert (answered.state, paper.on_paper, paper.recorded_by) == ("replied", True, clerk)
    assert Entry.objects.about(answered).get(verb="assignment.reply").on_behalf_of == answered.lead_unit.name
    # recording for somebody else makes one no handler: the same clerk may go and look
    assert make.verify(answered, actor=clerk).state == "verified"


@pytest.mark.parametrize(
    "text", ["正在推进", "正在推进中。", "目前正在积极推进相关工作", "正在办理", "按计划有序推进，持续跟进", "已研究"]
)
def test_a_reply_says_what_was_done(text):
    assignment = make.in_progress()
    liaison = make.liaison(assignment.lead_unit)
    with pytest.raises(Missing) as refused:
        services.reply_assignment(
            assignment,
            actor=liaison,
            reply_class="B",
            measures="清淤",
            result=text,
            contact_on=make.day(),
            contact_method="phone",
        )
    assert list(refused.value.fields) == ["result"]
    with pytest.raises(Missing) as refused:
        services.add_progress(assignment, actor=liaison, text=text)
    assert list(refused.value.fields) == ["text"]
    assignment.refresh_from_db()
    assert assignment.state == "in_progress"


@pytest.mark.parametrize(
    "text", ["已清淤 260 米", "盖板已换好", "正在换盖板，还差 14 块", "公厕已完成移交。", "税费已缴清。"]
)
def test_plain_facts_are_taken(text):
    assignment = make.in_progress()
    services.add_progress(assignment, actor=make.liaison(assignment.lead_unit), text=text)
    assert assignment.progress.get().text == text


def test_a_reply_tells_of_the_contact_with_the_raiser():
    assignment = make.in_progress()
    with pytest.raises(Missing) as refused:
        services.reply_assignment(
            assignment,
            actor=make.liaison(assignment.lead_unit),
            reply_class="A",
            measures="清淤 260 米。",
            result="排水沟已通。",
        )
    assert set(refused.value.fields) == {"contact_on", "contact_method"}


def test_an_extension_moves_the_day_and_the_first_day_stays():
    assignment = make.in_progress()
    first = assignment.due_on
    liaison, clerk = make.liaison(assignment.lead_unit), topics.clerk(assignment.host)
    wanted = first + timedelta(days=20)
    services.ask_extension(assignment, actor=liaison, due_wanted=wanted, reason="材料未到")
    with pytest.raises(WrongState):
        services.ask_extension(assignment, actor=liaison, due_wanted=wanted, reason="材料未到")
    with pytest.raises(Missing):
        services.grant_extension(assignment, actor=clerk, due_on=wanted + timedelta(days=1))
    granted = services.grant_extension(assignment, actor=clerk)
    assert (granted.state, granted.due_on, granted.first_due_on) == ("in_progress", wanted, first)
    assert granted.extensions.get().state == ExtensionState.GRANTED
    with pytest.raises(WrongState):
        services.grant_extension(assignment, actor=clerk)


def test_a_refused_extension_leaves_the_day():
    assignment = make.in_progress()
    services.ask_extension(
        assignment,
        actor=make.liaison(assignment.lead_unit),
        due_wanted=assignment.due_on + timedelta(days=9),
        reason="人手不够",
    )
    refused = services.refuse_extension(assignment, actor=topics.clerk(assignment.host), reason="群众等着用水")
    assert refused.due_on == refused.first_due_on
    assert refused.extensions.get().state == ExtensionState.REFUSED


def test_a_reply_overtakes_the_question_for_more_time():
    assignment = make.in_progress()
    services.ask_extension(
        assignment,
        actor=make.liaison(assignment.lead_unit),
        due_wanted=assignment.due_on + timedelta(days=9),
        reason="人手不够",
    )
    make.reply(assignment)
    assert assignment.extensions.get().state == ExtensionState.LAPSED


def test_the_assisting_unit_reports_progress_and_nothing_else():
    aide = make.unit()
    assignment = make.accepted(assisting_units=[aide])
    liaison = make.liaison(aide)
    services.add_progress(assignment, actor=liaison, text="市场方已腾出摊位 12 个。")
    for move in (
        lambda: services.reply_assignment(assignment, actor=liaison, reply_class="A", result="已通水。"),
        lambda: services.ask_extension(assignment, actor=liaison, due_wanted=make.day(-400), reason="晚"),
    ):
        with pytest.raises(NotAllowed):
            move()


def test_backfill_is_not_asked_for_what_the_paper_does_not_say():
    system = Account.objects.system()
    assignment = make.issued(actor=system, on=make.day(40))
    assert (assignment.requirement, assignment.ladder_from) == ("", None)
    services.sign_for(assignment, actor=system, on=make.day(30), implied=True)
    services.add_progress(assignment, actor=system, text="正在推进", date=make.day(30))
    services.reply_assignment(assignment, actor=system, reply_class="A", result="完成。", on=make.day(20))
    services.verify_assignment(
        assignment, actor=system, method="site", finding="已完成。", verified_name="万桥社区委员小组", date=make.day(10)
    )
    closed = services.close_assignment(assignment, actor=system, on=make.day(9))
    assert (closed.state, closed.closed_on) == ("closed", make.day(9))
    entry = Entry.objects.about(closed).get(verb="assignment.verify")
    assert entry.on_behalf_of == "万桥社区委员小组"


def test_reminders_of_backfilled_work_wait_for_the_office():
    assignment = make.issued(actor=Account.objects.system(), on=make.day(40))
    confirmed = services.confirm_reminders(assignment, actor=topics.clerk(assignment.host))
    assert (confirmed.ladder_from, confirmed.moved_on) == (make.day(), make.day(40))
    with pytest.raises(WrongState):
        services.confirm_reminders(assignment, actor=topics.clerk(assignment.host))


def test_a_refused_move_leaves_nothing():
    assignment = make.issued()
    stranger = people.office(people.host(people.LANGYA))
    entries, events = Entry.objects.count(), Event.objects.count()
    with pytest.raises(NotAllowed):
        services.annul(assignment, actor=stranger, reason="不办了")
    assignment.refresh_from_db()
    assert assignment.state == "issued"
    assert (Entry.objects.count(), Event.objects.count()) == (entries, events)
