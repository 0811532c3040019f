"""The raiser's own word weighs; everybody else's answer is counted."""

import pytest
from django.core.exceptions import ValidationError

from consult import calendar
from consult.audit.models import Entry
from consult.errors import DomainError, Missing, WrongState
from members.models import Account
from outcomes import services
from tests.factories import outcomes as make
from tests.factories import topics

pytestmark = pytest.mark.django_db

GOOD = {"process": (28, 2, 0), "result": (28, 1, 1)}


@pytest.fixture
def done():
    """Everything assigned is closed; the survey was asked."""
    assignment = make.closed(on=make.day(60))
    assignment.clerk = topics.clerk(assignment.host)
    return assignment


def unsatisfied(assignment, on, **changes):
    return services.record_satisfaction(
        assignment.outcome, actor=assignment.clerk, raiser_result="unsatisfied", on=on, **(GOOD | changes)
    )


def test_it_is_asked_when_the_last_assignment_closes(done):
    survey = done.outcome.survey
    assert survey.asked_on == done.closed_on
    assert survey.due_on == calendar.add_working_days(done.closed_on, 15, done.host_id)
    assert survey.answered_on is None


def test_not_before():
    assignment = make.replied()
    with pytest.raises(WrongState):
        services.record_satisfaction(assignment.outcome, actor=topics.clerk(assignment.host), **GOOD)


def test_totals_of_process_and_result_are_kept_apart(done):
    survey = services.record_satisfaction(done.outcome, actor=done.clerk, on=make.day(3), **GOOD)
    assert (survey.process, survey.result) == ((28, 2, 0), (28, 1, 1))
    assert (survey.answered_on, survey.explain_by) == (make.day(3), None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"process": (1, 2)},
        {"process": (1, 2, -1)},
        {"result": (1, 2, 4.5)},
        {"result": ("五", 0, 0)},
        {"result": (True, 0, 0)},
        {"process": (10**9, 0, 0)},
        {"raiser_result": "angry"},
    ],
)
def test_nonsense_is_refused(done, wrong):
    with pytest.raises(ValidationError):
        services.record_satisfaction(done.outcome, actor=done.clerk, **(GOOD | wrong))
    assert done.outcome.survey.answered_on is None


def test_no_answers_are_no_answers(done):
    with pytest.raises(Missing):
        services.record_satisfaction(done.outcome, actor=done.clerk, process=(0, 0, 0), result=(0, 0, 0))


def test_twice_is_refused(done):
    services.record_satisfaction(done.outcome, actor=done.clerk, **GOOD)
    with pytest.raises(DomainError) as refused:
        services.record_satisfaction(done.outcome, actor=done.clerk, **GOOD)
    assert (refused.value.code, refused.value.status) == ("answered_already", 409)


def test_an_unsatisfied_raiser_is_owed_an_explanation_in_five_working_days(done):
    survey = unsatisfied(done, make.day(20))
    assert survey.explain_by == calendar.add_working_days(make.day(20), 5, done.host_id)


def test_without_an_explanation_the_work_is_reopened(done):
    survey = unsatisfied(done, make.day(20))
    assert services.reopen_unexplained(survey.explain_by) == 0
    assert services.reopen_unexplained() == 1
    assert services.reopen_unexplained() == 0
    done.refresh_from_db()
    done.topic.refresh_from_db()
    assert (done.state, done.topic.state) == ("in_progress", "consulted")
    assert Entry.objects.about(done).get(verb="assignment.reopen").actor == Account.objects.system()


def test_an_explanation_in_time_stops_that(done):
    survey = unsatisfied(done, make.day(20))
    with pytest.raises(Missing):
        services.explain_dissatisfaction(done.outcome, actor=done.clerk, explanation="")
    with pytest.raises(Missing):
        services.explain_dissatisfaction(done.outcome, actor=done.clerk, explanation="已说明", on=make.day())
    services.explain_dissatisfaction(
        done.outcome, actor=done.clerk, explanation="管网明年改造，已当面说明。", on=survey.explain_by
    )
    assert services.reopen_unexplained() == 0
    done.refresh_from_db()
    assert done.state == "closed"
    with pytest.raises(WrongState):
        services.explain_dissatisfaction(done.outcome, actor=done.clerk, explanation="再说一次")


def test_others_answers_force_nothing(done):
    survey = services.record_satisfaction(
        done.outcome, actor=done.clerk, process=(0, 0, 9), result=(0, 0, 9), raiser_result="basically", on=make.day(20)
    )
    assert survey.explain_by is None
    assert services.reopen_unexplained() == 0


def test_totals_from_old_paper_force_nothing(done):
    survey = services.record_satisfaction(
        done.outcome,
        actor=Account.objects.system(),
        process=(0, 0, 9),
        result=(0, 0, 9),
        raiser_result="unsatisfied",
        date=make.day(20),
    )
    assert survey.explain_by is None
    assert services.reopen_unexplained() == 0


def test_after_the_reopening_it_is_asked_anew_and_the_record_keeps_the_first_answers(done):
    unsatisfied(done, make.day(20))
    services.reopen_unexplained()
    done.refresh_from_db()
    services.close_assignment(make.verify(make.reply(done)), actor=done.clerk)
    survey = type(done.outcome).objects.get(pk=done.outcome_id).survey
    assert (survey.asked_on, survey.answered_on, survey.raiser_result) == (make.day(), None, "")
    assert (survey.result, survey.forced_on) == ((0, 0, 0), None)
    asked = Entry.objects.about(done.outcome).filter(verb="outcome.ask_satisfaction").order_by("pk").last()
    assert asked.data["earlier"]["result"] == [28, 1, 1]
    assert services.reopen_unexplained() == 0
