"""The outcome of a round: drafted, submitted, adopted or noted; and when nothing is to be assigned."""

import pytest
from django.core.exceptions import ValidationError

from consult.audit.models import Entry
from consult.errors import DomainError, LostRace, Missing, NotAllowed, WrongState
from members.models import Account
from outcomes import services
from outcomes.models import Outcome
from outcomes.services.closing import close_if_finished
from tests.factories import outcomes as make
from tests.factories import people, topics
from topics import services as topic_services

pytestmark = pytest.mark.django_db


def test_a_draft_needs_signed_minutes():
    topic = make.matter()
    clerk = topics.clerk(topic.host)
    session = make.held_session(topic, on=topic.moved_on, form="formal")
    with pytest.raises(Missing):
        services.draft_outcome(topic, actor=clerk)
    make.signed_minutes(session, topic.moved_on)
    outcome = services.draft_outcome(topic, actor=clerk)
    assert (outcome.state, outcome.round, outcome.drafted_by) == ("drafted", 1, clerk)


def test_a_bench_session_needs_none_and_a_micro_session_does():
    topic = make.matter()
    make.held_session(topic, on=topic.moved_on, form="micro")
    with pytest.raises(Missing):
        services.draft_outcome(topic, actor=topics.clerk(topic.host))
    topic.sessions.filter(form="micro").update(form="bench")
    assert services.draft_outcome(topic, actor=topics.clerk(topic.host)).state == "drafted"


def test_a_matter_still_to_be_consulted_has_no_outcome():
    with pytest.raises(WrongState):
        services.draft_outcome(topics.scheduled(), actor=topics.clerk(people.host()))


def test_one_outcome_per_round():
    outcome = make.drafted()
    with pytest.raises(LostRace):
        services.draft_outcome(outcome.topic, actor=topics.clerk(outcome.host))
    topic = topic_services.schedule_topic(
        outcome.topic, actor=topics.clerk(outcome.host), reason="还有一户不同意", on=make.day(30)
    )
    make.held_session(topic, on=make.day(30))
    topic = topic_services.conclude_topic(topic, actor=topics.clerk(outcome.host), on=make.day(30))
    second = services.draft_outcome(topic, actor=topics.clerk(outcome.host))
    assert (outcome.round, second.round) == (1, 2)


def test_submitting_takes_a_number_and_names_recipients():
    outcome = make.drafted(on=make.day(9))
    clerk = topics.clerk(outcome.host)
    with pytest.raises(Missing) as refused:
        services.submit_outcome(outcome, actor=clerk, submitted_to=[" "])
    assert list(refused.value.fields) == ["submitted_to"]
    submitted = services.submit_outcome(outcome, actor=clerk, submitted_to=["县委", "县政府", "县委"], on=make.day(8))
    assert submitted.submitted_to == ["县委", "县政府"]
    assert submitted.number == f"南谯协商报〔{make.day(8).year}〕1号"
    assert (submitted.submitted_on, submitted.moved_on) == (make.day(8), make.day(8))


def test_adoption_records_instruction_by_whom_and_when():
    outcome = make.submitted()
    clerk = topics.clerk(outcome.host)
    for words, field in (({"instruction": "请办理"}, "adopted_by"), ({"adopted_by": "县长"}, "instruction")):
        with pytest.raises(Missing) as refused:
            services.adopt_outcome(outcome, actor=clerk, **words)
        assert list(refused.value.fields) == [field]
    adopted = services.adopt_outcome(outcome, actor=clerk, adopted_by="县长", instruction="请办理", on=make.day(3))
    assert (adopted.state, adopted.adopted_on) == ("adopted", make.day(3))
    assert Entry.objects.about(adopted).get(verb="outcome.adopt_outcome").on_behalf_of == "县长"
    assert services.adopt_outcome(make.submitted(), actor=Account.objects.system()).state == "adopted"


def test_the_draft_is_edited_and_the_submitted_words_stand():
    outcome = make.drafted()
    clerk = topics.clerk(outcome.host)
    product = {"kind": "village_rules", "title": "用水公约", "text": "一户一表。"}
    services.edit_outcome(
        outcome,
        actor=clerk,
        effects=["resolved", "calmed"],
        summary="改过的话",
        benefits=[{"what": "充电口", "amount": 120, "unit": "个"}, {"what": "租金", "amount": "3.5", "unit": "万元"}],
        products=[product],
    )
    edited = services.edit_outcome(outcome, actor=clerk, products=[product | {"text": "一户一表，按月抄表。"}])
    assert (edited.effects, edited.summary) == (["resolved", "calmed"], "改过的话")
    assert [str(benefit.amount) for benefit in edited.benefits.all()] == ["120.00", "3.50"]
    assert [(product.title, product.version) for product in edited.products.all()] == [("用水公约", 2)]
    services.submit_outcome(edited, actor=clerk, submitted_to=["县政府"])
    with pytest.raises(WrongState):
        services.edit_outcome(outcome, actor=clerk, summary="再改")


@pytest.mark.parametrize("wrong", [{"effects": ["win"]}, {"benefits": [{"what": "证", "amount": "NaN", "unit": "本"}]}])
def test_nonsense_in_an_outcome_is_refused(wrong):
    outcome = make.drafted()
    with pytest.raises(ValidationError):
        services.edit_outcome(outcome, actor=topics.clerk(outcome.host), **wrong)


def test_benefits_are_known_when_the_work_is_done():
    outcome = make.submitted()
    benefits = [{"what": "不动产权证", "amount": 1000, "about": "over", "unit": "本"}]
    services.record_benefits(outcome, actor=topics.clerk(outcome.host), benefits=benefits)
    assert [(b.what, b.about) for b in outcome.benefits.all()] == [("不动产权证", "over")]


def test_nothing_to_assign_closes_the_matter_with_its_reason():
    outcome = make.submitted(on=make.day(9))
    clerk = topics.clerk(outcome.host)
    with pytest.raises(Missing):
        services.nothing_to_assign(outcome, actor=clerk, reason="")
    said = services.nothing_to_assign(outcome, actor=clerk, reason="当场说清楚了政策", on=make.day(3))
    said.topic.refresh_from_db()
    assert (said.topic.state, said.topic.closed_on) == ("closed", make.day(3))
    assert said.survey is None


def test_nothing_to_assign_waits_for_what_is_still_worked_on():
    assignment = make.in_progress()
    clerk = topics.clerk(assignment.host)
    with pytest.raises(DomainError):
        services.nothing_to_assign(assignment.outcome, actor=clerk, reason="没有了")
    services.annul(assignment, actor=clerk, reason="并入他件")
    assignment.topic.refresh_from_db()
    assert assignment.topic.state == "consulted"  # everything annulled is not something done: the office says so
    services.nothing_to_assign(assignment.outcome, actor=clerk, reason="没有了")
    assignment.topic.refresh_from_db()
    assert assignment.topic.state == "closed"


def test_the_last_closing_closes_the_matter():
    first = make.verified(on=make.day(30))
    second = make.issued(outcome=first.outcome)
    clerk = topics.clerk(first.host)
    services.close_assignment(first, actor=clerk, on=make.day(5))
    first.topic.refresh_from_db()
    assert first.topic.state == "consulted"
    services.annul(second, actor=clerk, reason="已由第一件一并解决", on=make.day(4))
    first.topic.refresh_from_db()
    assert (first.topic.state, first.topic.closed_on) == ("closed", make.day(4))
    assert Outcome.objects.get().survey.asked_on == make.day(4)


def test_an_earlier_round_that_is_not_done_keeps_the_matter_open():
    early = make.in_progress(on=make.day(60))
    clerk = topics.clerk(early.host)
    topic = topic_services.schedule_topic(early.topic, actor=clerk, reason="第二批住户", on=make.day(30))
    make.held_session(topic, on=make.day(30))
    topic = topic_services.conclude_topic(topic, actor=clerk, on=make.day(30))
    second = services.draft_outcome(topic, actor=clerk, on=make.day(29))
    second = services.submit_outcome(second, actor=clerk, submitted_to=["街道"], on=make.day(29))
    late = make.issued(outcome=second, lead=early.lead_unit)
    late = services.sign_for(late, actor=make.liaison(late.lead_unit))
    services.close_assignment(make.verify(make.reply(late)), actor=clerk)
    topic.refresh_from_db()
    assert topic.state == "consulted"
    services.close_assignment(make.verify(make.reply(early)), actor=clerk)
    topic.refresh_from_db()
    assert topic.state == "closed"


def test_a_further_session_called_off_closes_what_is_done():
    assignment = make.verified(on=make.day(30))
    clerk = topics.clerk(assignment.host)
    topic = topic_services.schedule_topic(assignment.topic, actor=clerk, reason="再议", on=make.day(9))
    services.close_assignment(assignment, actor=clerk, on=make.day(5))
    topic.refresh_from_db()
    assert topic.state == "scheduled"
    topic = topic_services.unschedule_topic(topic, actor=clerk, on=make.day(4))
    assert topic.state == "consulted"
    assert close_if_finished(topic, actor=Account.objects.system()) is True
    assert close_if_finished(topic, actor=Account.objects.system()) is False
    topic.refresh_from_db()
    assert topic.state == "closed"


def test_reopening_an_assignment_opens_the_matter_in_the_same_transaction():
    assignment = make.closed(on=make.day(30))
    clerk = topics.clerk(assignment.host)
    with pytest.raises(Missing):
        services.reopen_assignment(assignment, actor=clerk, reason="")
    again = services.reopen_assignment(assignment, actor=clerk, reason="雨天又积水")
    topic = again.topic
    topic.refresh_from_db()
    assert (again.state, again.closed_on, topic.state) == ("in_progress", None, "consulted")
    assert again.due_on > make.day()
    services.close_assignment(make.verify(make.reply(again)), actor=clerk)
    topic.refresh_from_db()
    assert topic.state == "closed"


def test_a_closed_matter_is_reopened_before_more_is_assigned():
    assignment = make.closed(on=make.day(30))
    with pytest.raises(WrongState):
        make.issued(outcome=assignment.outcome)
    paper = make.issued(outcome=assignment.outcome, actor=Account.objects.system(), on=assignment.closed_on)
    paper.topic.refresh_from_db()
    assert (paper.state, paper.topic.state) == ("issued", "consulted")


def test_planned_or_impossible_gets_a_day_to_look_again():
    assignment = make.verified(reply_class="C")
    clerk = topics.clerk(assignment.host)
    for wrong in (None, make.day()):
        with pytest.raises(Missing) as refused:
            services.close_assignment(assignment, actor=clerk, next_review_on=wrong)
        assert list(refused.value.fields) == ["next_review_on"]
    closed = services.close_assignment(assignment, actor=clerk, next_review_on=make.day(-90))
    assert closed.next_review_on == make.day(-90)


def test_only_the_office_submits():
    outcome = make.drafted()
    with pytest.raises(NotAllowed):
        services.submit_outcome(outcome, actor=people.approver(outcome.host), submitted_to=["县政府"])
