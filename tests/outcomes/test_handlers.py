"""Who is told of what; every event delivered twice tells once."""

from datetime import timedelta

import pytest

from consult.delivery.models import InboxItem
from consult.outbox.models import Event
from consult.outbox.registry import handlers_of
from members.models import Account
from outcomes import services
from tests.factories import outcomes as make
from tests.factories import topics
from topics import services as topic_services

pytestmark = pytest.mark.django_db


def deliver(cast, name):
    """Every event of this name, twice; the letters of those who were told."""
    InboxItem.objects.all().delete()
    for event in Event.objects.filter(name=name):
        for handler in (*handlers_of(name), *handlers_of(name)):
            handler(event)
    letters = {account.pk: letter for letter, account in vars(cast).items() if isinstance(account, Account)}
    return "".join(sorted(letters.get(item.account_id, "") for item in InboxItem.objects.all()))


@pytest.fixture
def running(cast, assignment_in):
    return assignment_in("in_progress")


def test_units_are_told_what_they_are_assigned(cast, assignment_in):
    assignment = assignment_in("issued")
    assert deliver(cast, "assignment.issue") == "AL"
    item = InboxItem.objects.get(account=cast.L)
    assert (assignment.number in item.title, item.url) == (True, assignment.get_absolute_url())


def test_a_unit_without_an_account_is_the_offices_errand(cast):
    make.issued(cast.host, lead=make.unit(cast.host))
    assert deliver(cast, "assignment.issue") == "O"


def test_the_office_hears_what_is_sent_back(cast, assignment_in):
    assignment_in("sent_back")
    assert deliver(cast, "assignment.send_back") == "O"
    assert "县交通运输局" in InboxItem.objects.filter(account=cast.O).get().body


def test_who_may_verify_hears_of_the_reply(cast, assignment_in):
    assignment_in("replied")
    assert deliver(cast, "assignment.reply") == "CO"


def test_a_raiser_with_an_account_hears_of_reply_and_closing(cast, assignment_in):
    assignment = assignment_in("closed")
    assignment.topic.raisers.update(account=cast.M)
    assert deliver(cast, "assignment.reply") == "CMO"
    assert deliver(cast, "assignment.close") == "LM"


def test_extensions_go_back_and_forth(cast, running):
    services.ask_extension(running, actor=cast.L, due_wanted=running.due_on + timedelta(days=9), reason="下雨")
    services.grant_extension(running, actor=cast.O)
    assert deliver(cast, "assignment.ask_extension") == "O"
    assert deliver(cast, "assignment.grant") == "L"


def test_rework_and_reopening_go_to_unit_and_chief(cast, assignment_in):
    services.rework_assignment(assignment_in("replied"), actor=cast.O, reason="没换盖板", due_on=make.day(-9))
    assert deliver(cast, "assignment.rework") == "ALU"
    services.reopen_assignment(assignment_in("closed"), actor=Account.objects.system(), reason="群众不满意")
    assert deliver(cast, "assignment.reopen") == "ALOU"


def test_what_is_verified_is_told_to_who_closes(cast, assignment_in):
    assignment_in("verified")
    assert deliver(cast, "assignment.verify") == "OS"


def test_outcomes_are_told_to_who_acts_on_them(cast):
    outcome = make.adopted(cast.host)
    outcome.topic.raisers.update(account=cast.M)
    assert deliver(cast, "outcome.draft_outcome") == "O"
    assert deliver(cast, "outcome.submit_outcome") == "MPS"
    assert deliver(cast, "outcome.adopt_outcome") == "OPS"


def test_the_office_is_told_to_ask_and_to_explain(cast, assignment_in):
    assignment = assignment_in("closed")
    assert deliver(cast, "outcome.ask_satisfaction") == "O"
    services.record_satisfaction(
        assignment.outcome, actor=cast.O, process=(1, 0, 0), result=(0, 0, 1), raiser_result="unsatisfied"
    )
    assert deliver(cast, "outcome.record_satisfaction") == "OP"


def test_a_called_off_session_closes_what_is_done(cast, assignment_in):
    assignment = assignment_in("verified")
    clerk = topics.clerk(cast.host)
    topic = topic_services.schedule_topic(assignment.topic, actor=clerk, reason="再议")
    services.close_assignment(assignment, actor=cast.O)
    topic_services.unschedule_topic(topic, actor=clerk)
    deliver(cast, "topic.unschedule")
    topic.refresh_from_db()
    assert topic.state == "closed"
