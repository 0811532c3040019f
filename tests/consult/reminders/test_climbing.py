"""The ladder 提催督报 as dates: which rung an item stands on, on which day."""

from datetime import date, timedelta

import pytest

from consult.calendar.workdays import WorkCalendar
from consult.reminders.climbing import rungs_to_send
from consult.reminders.ladder import LADDER, Due

CALENDAR = WorkCalendar()
DUE = date(2026, 11, 24)  # a Tuesday; no holiday near


def names(today, *, due_on=DUE, recorded_on=date(2026, 9, 1), settings=None):
    due = Due("assignment", 1, 1, due_on, recorded_on, lambda rung: [], "交办事项")
    steps = rungs_to_send(due, LADDER, today=date.fromisoformat(str(today)), calendar=CALENDAR, settings=settings or {})
    return [rung.name for rung, _day in steps]


@pytest.mark.parametrize(
    ("today", "rung"),
    [
        ("2026-11-12", None),
        ("2026-11-13", "T-7"),
        ("2026-11-18", "T-7"),
        ("2026-11-19", "T-3"),
        ("2026-11-23", "T-3"),
        ("2026-11-24", "due"),
        ("2026-11-25", "+1"),
        ("2026-11-30", "+1"),
        ("2026-12-01", "+5"),
        ("2026-12-14", "+5"),
        ("2026-12-15", "+15"),
        ("2026-12-21", "+15"),
        ("2026-12-22", "weekly-1"),
        ("2026-12-29", "weekly-2"),
        ("2027-01-05", "weekly-3"),
    ],
)
def test_the_rung_of_the_day(today, rung):
    assert names(today)[:1] == ([rung] if rung else [])


def test_rungs_count_working_days_across_the_spring_festival():
    due_on = date(2026, 2, 24)  # the first working day after the holidays
    assert names("2026-02-06", due_on=due_on, recorded_on=date(2026, 1, 4))[0] == "T-7"
    assert names("2026-02-05", due_on=due_on, recorded_on=date(2026, 1, 4)) == []
    assert names("2026-02-12", due_on=due_on, recorded_on=date(2026, 1, 4))[0] == "T-3"


def test_a_rung_before_the_recording_is_never_sent():
    recorded = date(2026, 11, 20)  # after T-7 and T-3
    assert names("2026-11-20", recorded_on=recorded) == []
    assert names("2026-11-23", recorded_on=recorded) == []
    assert names("2026-11-24", recorded_on=recorded) == ["due"]


@pytest.mark.parametrize(
    ("recorded", "today", "rungs"),
    [
        ("2026-11-25", "2026-11-25", ["+1"]),
        ("2026-11-27", "2026-11-27", ["+1"]),  # its day lies before the recording, but it stands there
        ("2026-12-04", "2026-12-04", ["+5"]),
        ("2026-12-04", "2026-12-15", ["+15"]),
        ("2026-12-30", "2026-12-30", ["weekly-2"]),
        ("2027-06-01", "2027-06-01", ["weekly-24"]),
    ],
)
def test_an_item_recorded_late_gets_its_current_rung_and_none_before(recorded, today, rungs):
    assert names(today, recorded_on=date.fromisoformat(recorded)) == rungs


def test_recorded_on_the_weekend_after_it_was_due_waits_for_the_first_working_day():
    friday = date(2026, 11, 20)
    assert names("2026-11-21", due_on=friday, recorded_on=date(2026, 11, 21)) == []
    assert names("2026-11-23", due_on=friday, recorded_on=date(2026, 11, 21)) == ["+1"]


def test_after_an_outage_missed_rungs_follow_the_current_one_back_to_the_recording():
    assert names("2026-11-25") == ["+1", "due", "T-3", "T-7"]
    assert names("2026-12-01") == ["+5", "+1", "due", "T-3", "T-7"]
    assert names("2026-12-22") == ["weekly-1", "+15", "+5", "+1", "due", "T-3", "T-7"]
    assert names("2027-06-01", recorded_on=date(2026, 11, 20))[-5:] == ["weekly-1", "+15", "+5", "+1", "due"]


def test_a_cppcc_moves_the_rungs_and_the_names_stay():
    own = {"ladder.first_days": 10, "ladder.urge_days": 2, "ladder.weekly_days": 14}
    assert names("2026-11-10", settings=own) == ["T-7"]
    assert names("2026-11-25", settings=own)[0] == "due"
    assert names("2026-11-26", settings=own)[0] == "+1"
    assert names("2026-12-22", settings=own)[0] == "+15"
    assert names("2026-12-29", settings=own)[0] == "weekly-1"


def test_every_day_of_a_year_has_one_current_rung():
    seen = []
    for n in range(-30, 365):
        current = names(DUE + timedelta(days=n), recorded_on=date(2026, 1, 4))[:1]
        if current and current != seen[-1:]:
            seen += current
    weekly = [f"weekly-{n}" for n in range(1, len(seen) - 5)]
    assert seen == ["T-7", "T-3", "due", "+1", "+5", "+15", *weekly]
    assert len(set(seen)) == len(seen)
