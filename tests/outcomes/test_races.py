"""Two clerks at once, in threads of their own: one wins, nothing is done twice, nobody waits for ever."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from consult.audit.models import Entry
from consult.errors import DomainError, LostRace, WrongState
from members.models import Account
from outcomes import services
from outcomes.models import Assignment, Outcome
from outcomes.services import links
from tests.factories import outcomes as make
from tests.factories import people, topics
from topics.models import Topic

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Every piece of work in its own thread and connection; results in order, refusals among them."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(n: int, work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[n] = work()
        except DomainError as refusal:
            results[n] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return results


def fresh(account: Account) -> Account:
    """Each thread has its own instance, as each request has."""
    return Account.objects.get(pk=account.pk)


def test_eight_slips_at_once_have_eight_numbers_in_a_row():
    outcome = make.submitted()
    lead, clerk = make.unit(), topics.clerk(people.host())
    point = outcome.topic.consensus_points.first()

    def issue():
        return services.issue_assignment(
            outcome, actor=fresh(clerk), matter="清淤", fulfils=[point], lead_unit=lead, issued_by="街道"
        )

    made = at_once(*[issue] * 8)
    assert sorted(one.ordinal for one in made) == list(range(1, 9))
    assert sorted(int(one.number.partition("〕")[2].rstrip("号")) for one in made) == list(range(1, 9))


def test_two_clerks_draft_one_outcome():
    topic = make.matter()
    clerk = topics.clerk(topic.host)
    results = at_once(*[lambda: services.draft_outcome(topic, actor=fresh(clerk), summary="议定")] * 2)
    assert sorted(type(result) for result in results if isinstance(result, DomainError)) == [LostRace]
    assert Outcome.objects.count() == 1


@pytest.mark.parametrize("move", ["verify", "annul"])
def test_of_two_on_one_move_one_wins(move):
    assignment = make.replied()
    clerk = topics.clerk(assignment.host)

    def go():
        if move == "verify":
            return services.verify_assignment(assignment, actor=fresh(clerk), method="site", finding="看过了")
        return services.annul(assignment, actor=fresh(clerk), reason="重复")

    results = at_once(go, go, go)
    assert [type(result) for result in results].count(WrongState) == 2
    assert Entry.objects.about(assignment).filter(verb=f"assignment.{move}").count() == 1


def test_the_last_two_closings_at_once_close_the_matter_once():
    first = make.verified()
    second = make.verify(make.reply(make.in_progress(outcome=first.outcome)))
    clerk = topics.clerk(first.host)
    results = at_once(
        lambda: services.close_assignment(first, actor=fresh(clerk)),
        lambda: services.close_assignment(second, actor=fresh(clerk)),
    )
    assert [result.state for result in results] == ["closed", "closed"]
    topic = Topic.objects.get(pk=first.topic_id)
    assert topic.state == "closed"
    assert Entry.objects.about(topic).filter(verb="topic.close").count() == 1
    assert Entry.objects.about(first.outcome).filter(verb="outcome.ask_satisfaction").count() == 1


def test_closing_one_while_reopening_the_other_leaves_the_matter_open():
    closed = make.closed()
    again = make.issued(outcome=closed.outcome, actor=Account.objects.system(), on=closed.closed_on)
    other = make.verify(make.reply(services.sign_for(again, actor=topics.clerk(again.host))))
    clerk = topics.clerk(closed.host)
    at_once(
        lambda: services.close_assignment(other, actor=fresh(clerk)),
        lambda: services.reopen_assignment(closed, actor=fresh(clerk), reason="又积水"),
    )
    assert Topic.objects.get(pk=closed.topic_id).state == "consulted"
    states = dict(Assignment.objects.values_list("pk", "state"))
    assert (states[other.pk], states[closed.pk]) == ("closed", "in_progress")


def test_two_clocks_reopen_once():
    assignment = make.closed(on=make.day(60))
    services.record_satisfaction(
        assignment.outcome,
        actor=topics.clerk(assignment.host),
        process=(1, 0, 0),
        result=(0, 0, 1),
        raiser_result="unsatisfied",
        on=make.day(30),
    )
    assert sorted(at_once(*[services.reopen_unexplained] * 3)) == [0, 0, 1]
    assert Entry.objects.about(assignment).filter(verb="assignment.reopen").count() == 1


def test_twenty_four_clicks_issue_one_slip():
    outcome = make.submitted()
    lead, clerk = make.unit(), topics.clerk(people.host())
    browser = Client()
    browser.force_login(clerk)
    form = {
        "_once": str(uuid.uuid4()),
        "matter": "清淤",
        "fulfils": str(outcome.topic.consensus_points.first().uuid),
        "lead_unit": str(lead.uuid),
        "due_on": str(make.day(-30)),
        "issued_by": "街道",
    }

    def click():
        twin = Client()
        twin.cookies = browser.cookies
        response = twin.post(reverse("outcomes:issue", args=[outcome.uuid]), form)
        return response.status_code, response.headers.get("Location")

    answers = at_once(*[click] * 24)
    assignment = Assignment.objects.get()
    assert set(answers) == {(302, assignment.get_absolute_url())}


def test_two_clerks_urge_at_once_and_one_letter_goes_out():
    assignment = make.issued(outcome=make.submitted(on=make.day(200)), on=make.day(120))
    clerk = topics.clerk(assignment.host)

    def urge():
        return services.urge_all(
            [assignment], actor=fresh(clerk), letters={assignment.lead_unit_id: "请抓紧办理并书面答复"}
        )

    results = at_once(urge, urge)
    assert sorted(len(one.sent) for one in results) == [0, 1]
    assert sorted(len(one.already) for one in results) == [0, 1]
    assert assignment.urgings.count() == 1
    assert Entry.objects.about(assignment).filter(verb="assignment.urge").count() == 1


def test_a_link_taken_back_while_it_answers_answers_first_or_not_at_all():
    assignment = make.accepted()
    clerk = topics.clerk(assignment.host)
    link = services.make_link(assignment, actor=clerk, name="李工")
    token = links.path_of_link(link).strip("/").rpartition("/")[2]
    report = {"text": "清淤 120 米，还差 140 米"}
    taken, said = at_once(
        lambda: services.revoke_link(assignment, actor=fresh(clerk), link=link),
        lambda: links.answer_by_link(token, "add_progress", **report),
    )
    assert not isinstance(taken, DomainError)
    assert assignment.progress.count() == (0 if isinstance(said, DomainError) else 1)
