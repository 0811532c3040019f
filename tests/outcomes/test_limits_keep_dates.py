"""Every limit and every rung of the ladder is a setting; changed on Monday, it moves no date given on Monday or before.

What is promised on Tuesday follows the new value. The days below were counted on a wall calendar of 2026: no holiday
between 9 March and 3 April, the 6th of April is off.
"""

from datetime import date, datetime, time

import pytest
import time_machine
from django.utils import timezone

from consult import options
from consult.dbclock import database_now
from consult.options import DEFAULTS
from consult.reminders import ladders
from consult.reminders.ladder import Due
from consult.reminders.services import Climb
from members.models import Account
from members.reach import Reach
from outcomes import services
from outcomes.models import SatisfactionSurvey
from outcomes.services.assignments import last_day_to_send_back
from sessions.reminders import read_deciding, to_decide
from sessions.services.minutes import minutes_due
from tests.factories import notices, people, sessions, topics
from tests.factories import outcomes as make

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)


def march(day):
    return date(2026, 3, day)


def april(day):
    return date(2026, 4, day)


# Each makes something on the day the clock shows, and says how its date is read ---------------------------------------


def owed(kind, item):
    return lambda: next(due.due_on for due in ladders()[kind].dues(timezone.localdate()) if due.item_id == item.pk)


def field(item, name):
    def read():
        item.refresh_from_db()
        return getattr(item, name)

    return read


def screened(host):
    return owed("screening", topics.slip(host))


def lapsing(host):
    return owed("returned", topics.returned(host))


def sent_back(host):
    assignment = make.issued(host, on=make.day(0))
    return lambda: last_day_to_send_back(assignment)


def replied(host):
    return field(make.issued(host, on=make.day(0)), "due_on")


def satisfied(host):
    return field(survey_of(host), "due_on")


def rated(host):
    return field(survey_of(host), "closes_on")


def explained(host):
    survey = survey_of(host)
    said = {"process": [1, 0, 0], "result": [0, 0, 1], "raiser_result": "unsatisfied"}
    services.record_satisfaction(survey.outcome, actor=topics.clerk(host), **said)
    return field(survey, "explain_by")


def survey_of(host):
    return SatisfactionSurvey.objects.get(outcome=make.closed(host, on=make.day(0)).outcome)


def written(form):
    """Of a session held on the day the clock shows."""

    def made(host):
        day = timezone.localdate()
        return lambda: minutes_due(host.pk, form, day)

    return made


def decided(host):
    """Its day is the one the database wrote it down; the row is read as if that were the day of the test."""
    session, at = sessions.needs_decision(host), timezone.now()
    row = next(row for row in to_decide(timezone.localdate()) if row.pk == session.pk)._replace(recorded=at)
    return lambda: read_deciding(Reach(), row).due_on


def posted(host):
    return field(notices.running(host), "expires_on")


def objected(host):
    notice = notices.running(host)
    services.record_objection(notice, actor=topics.clerk(host), text="数目不对")
    return owed("objection", notice.objections.get())


LIMITS = [
    # key, value from Monday afternoon on, what is made, its date on Monday, the date of the same made on Tuesday
    ("screening_days", 9, screened, march(12), march(23)),
    ("send_back_days", 1, sent_back, march(16), march(11)),
    ("minutes_days_formal", 20, written("formal"), march(18), april(8)),
    ("minutes_days_micro", 20, written("micro"), march(12), april(8)),
    ("reply_months", 12, replied, date(2026, 6, 9), date(2027, 3, 10)),
    ("satisfaction_days", 20, satisfied, march(30), april(8)),
    ("rating_days", 10, rated, april(8), march(20)),
    ("posting_days", 8, posted, march(16), march(20)),
    ("objection_days", 9, objected, march(16), march(23)),
    ("decide_days", 9, decided, march(12), march(23)),
    ("explain_days", 9, explained, march(16), march(23)),
    ("returned_lapse_days", 5, lapsing, april(8), march(15)),
]
NO_DATE = {
    "notice_days_formal": "a warning when a session is announced; nothing is promised before",
    "notice_days_micro": "the same",
    "share_minimum": "a number of answers",
    "idle_room_months": "a list of rooms, looked at today",
    "link_days": "stands in the row of the link, by the clock of the database; tried below",
}
LADDER = {
    # due on 20 April: rung, days by default, days from Monday afternoon on, its date recorded on Monday, on Tuesday
    "first_days": ("T-7", 7, 10, april(9), april(3)),
    "second_days": ("T-3", 3, 5, april(15), april(13)),
    "urge_days": ("+1", 1, 2, april(21), april(22)),
    "supervise_days": ("+5", 5, 6, april(27), april(28)),
    "report_days": ("+15", 15, 16, date(2026, 5, 13), date(2026, 5, 14)),
    "weekly_days": ("weekly-1", 7, 14, date(2026, 5, 20), date(2026, 5, 28)),
}
SHORT = {
    "before_days": ("T-1", 1, 3, april(17), april(15)),
    "office_days": ("+1", 1, 2, april(21), april(22)),
    "approver_days": ("+5", 5, 6, april(27), april(28)),
}


def test_the_tables_know_every_limit():
    known = {key for key, *_rest in LIMITS} | set(NO_DATE)
    assert {key for key in DEFAULTS if key.startswith("limits.")} == {f"limits.{key}" for key in known}
    assert {key for key in DEFAULTS if key.startswith("ladder.")} == {f"ladder.{key}" for key in (*LADDER, *SHORT)}


def at(day, hour=9):
    return time_machine.travel(timezone.make_aware(datetime.combine(day, time(hour))), tick=False)


def change(host, key, value):
    options.set_option(host.pk, key, value, actor=Account.objects.system())


@pytest.mark.parametrize(("key", "value", "make_one", "before", "later"), LIMITS, ids=[row[0] for row in LIMITS])
def test_a_changed_limit_moves_nothing_that_was_promised(key, value, make_one, before, later):
    host = people.host()
    with at(MONDAY):
        earlier = make_one(host)
        assert earlier() == before
    with at(MONDAY, 15):
        change(host, f"limits.{key}", value)
        assert earlier() == before
    with at(TUESDAY):
        assert earlier() == before
        assert make_one(host)() == later
        assert earlier() == before
    assert [row.value for row in options.services.history(host.pk, f"limits.{key}")] == [value]


@pytest.mark.parametrize("ladder", [("assignment", LADDER), ("screening", SHORT)], ids=["long", "short"])
def test_a_changed_ladder_moves_no_rung_of_what_was_recorded_before(ladder):
    kind, table = ladder
    host = people.host()
    with at(MONDAY):
        assert days_of(kind, host, MONDAY, table) == {key: row[3] for key, row in table.items()}
    with at(MONDAY, 15):
        for key in sorted(table, key=lambda key: -table[key][1]):  # the outer ones first, or they would cross
            change(host, f"ladder.{key}", table[key][2])
        assert days_of(kind, host, MONDAY, table) == {key: row[3] for key, row in table.items()}
    with at(TUESDAY):
        assert days_of(kind, host, MONDAY, table) == {key: row[3] for key, row in table.items()}
        assert days_of(kind, host, TUESDAY, table) == {key: row[4] for key, row in table.items()}


def days_of(kind, host, recorded_on, table):
    """The day of each rung, seen from the end of the year."""
    due = Due(kind, 1, host.pk, april(20), recorded_on, lambda rung: [], "一件")
    days = {rung.name: day for rung, day in Climb(ladders()[kind], date(2026, 12, 31)).steps(due)}
    return {key: days[row[0]] for key, row in table.items()}


def test_a_link_is_good_as_long_as_it_was_said():
    host = people.host()
    assignment = make.issued(host)
    first = services.make_link(assignment, actor=topics.clerk(host), name="老李")
    change(host, "limits.link_days", 3)
    second = services.make_link(assignment, actor=topics.clerk(host), name="老王")
    first.refresh_from_db()
    left = [round((link.expires_at - database_now()).total_seconds() / 86400) for link in (first, second)]
    assert left == [14, 3]
