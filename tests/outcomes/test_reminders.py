"""The ladder 提催督报 on assignments: who, on which rung, and when it stays silent."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from consult import calendar
from consult.delivery.models import InboxItem
from consult.reminders import run_ladders
from consult.reminders.models import Reminder
from members.models import Account
from members.states import Role
from outcomes import services
from outcomes.reminders.assignments import recipients
from tests.factories import outcomes as make
from tests.factories import people, topics

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(cast):
    return make.in_progress(cast.host, lead=cast.lead, assisting_units=[cast.aide], on=make.day(0))


#: letters as in conftest.cast
RECIPIENTS = {
    "T-7": {"L"},
    "T-3": {"L"},
    "due": {"L"},
    "+1": {"L", "U"},
    "+5": {"L", "U", "O"},
    "+15": {"P", "X"},
    "weekly-1": {"P", "X"},
    "weekly-9": {"P", "X"},
}


@pytest.mark.parametrize("rung", RECIPIENTS)
def test_who_is_told_on_which_rung(cast, running, rung):
    told = {account.pk for account in recipients(running, rung)} - {topics.clerk(cast.host).pk}
    assert told == {getattr(cast, letter).pk for letter in RECIPIENTS[rung]}


def test_a_unit_without_an_account_is_reached_by_the_office(cast):
    silent = make.unit(cast.host)
    assignment = make.issued(cast.host, lead=silent)
    told = {account.pk for account in recipients(assignment, "T-7")} - {topics.clerk(cast.host).pk}
    assert told == {cast.O.pk}


def test_the_people_of_another_host_are_never_told(cast, running):
    people.approver(people.host(people.LANGYA))
    people.account(Role.UNIT_CHIEF, cast.host, organisation=cast.other)
    assert {a.pk for a in recipients(running, "+15")} == {cast.P.pk, cast.X.pk}


def days_of_rungs(due_on, host):
    steps = {"T-7": -7, "T-3": -3, "due": 0, "+1": 1, "+5": 5, "+15": 15}
    return {name: calendar.add_working_days(due_on, n, host.pk) for name, n in steps.items()}


def test_each_rung_is_climbed_once_for_each_person(cast, running):
    for day in days_of_rungs(running.due_on, cast.host).values():
        with time_machine.travel(timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9)), tick=False):
            run_ladders()
            run_ladders()
    sent = Reminder.objects.filter(item_id=running.pk).exclude(account=topics.clerk(cast.host))
    letters = {account.pk: letter for letter, account in vars(cast).items() if isinstance(account, Account)}
    assert sorted((row.rung, letters[row.account_id]) for row in sent) == sorted(
        (rung, letter) for rung in ("T-7", "T-3", "due", "+1", "+5", "+15") for letter in RECIPIENTS[rung]
    )
    item = InboxItem.objects.get(account=cast.P)
    assert running.matter in item.title
    assert item.url == running.get_absolute_url()


@pytest.mark.parametrize("state", ["replied", "sent_back", "annulled", "verified", "closed"])
def test_it_stops_where_the_unit_owes_nothing(cast, assignment_in, state):
    assignment_in(state, on=make.day(0))
    run_ladders(make.day(-400))
    assert not Reminder.objects.filter(kind="assignment").exists()


def test_backfilled_work_is_silent_until_the_office_confirms(cast):
    assignment = make.issued(cast.host, lead=cast.lead, actor=Account.objects.system(), on=make.day(300))
    assert run_ladders() == 0
    services.confirm_reminders(assignment, actor=cast.O)
    # late already when it was confirmed: its current rung only, once
    assert run_ladders() > 0
    assert run_ladders() == 0
    assert len(set(Reminder.objects.values_list("rung", flat=True))) == 1


def test_a_new_due_date_starts_the_ladder_anew(cast, running):
    run_ladders(running.due_on)
    first = Reminder.objects.count()
    services.ask_extension(running, actor=cast.L, due_wanted=running.due_on + timedelta(days=60), reason="下雨")
    granted = services.grant_extension(running, actor=cast.O)
    assert run_ladders(running.due_on) == 0
    assert Reminder.objects.filter(cancelled_at=None).count() == 0
    assert first > 0
    assert run_ladders(granted.due_on) > 0
