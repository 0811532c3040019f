"""Working days as published, make-up days included; corrections win; unpublished years are provisional."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from consult import calendar
from consult.calendar.models import CalendarOverride
from consult.calendar.workdays import WorkCalendar
from consult.errors import NotAllowed
from tests.factories import people

PUBLISHED = WorkCalendar()


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-02-13", True),  # Friday
        ("2026-02-14", True),  # Saturday, made up for the Spring Festival
        ("2026-02-15", False),  # Sunday
        ("2026-02-16", False),
        ("2026-02-20", False),  # Friday, off
        ("2026-02-23", False),  # Monday, off
        ("2026-02-24", True),
        ("2026-02-28", True),  # Saturday, made up
        ("2026-03-01", False),
        ("2026-09-20", True),  # Sunday, made up
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday, made up
        ("2020-01-31", False),  # prolonged in the epidemic year
        ("2019-05-05", True),  # Sunday, made up
    ],
)
def test_days_are_worked_as_published(day, worked):
    assert PUBLISHED.is_workday(date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-21", 0, "2026-11-21"),  # a Saturday stays itself
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-23", -1, "2026-11-20"),
        ("2026-02-12", 2, "2026-02-14"),  # the make-up Saturday counts
        ("2026-02-12", 15, "2026-03-11"),  # 15 working days across the Spring Festival
        ("2026-10-08", -1, "2026-09-30"),
        ("2025-12-31", 1, "2026-01-04"),  # a Sunday worked after New Year
    ],
)
def test_adding_working_days(start, count, end):
    assert PUBLISHED.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-20", "2026-11-22", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-23", "2026-11-20", -1),
        ("2026-02-12", "2026-03-11", 15),
        ("2026-03-11", "2026-02-12", -15),
    ],
)
def test_counting_working_days(first, last, count):
    assert PUBLISHED.working_days_between(date.fromisoformat(first), date.fromisoformat(last)) == count


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-07-03", 3, "2026-10-08"),  # 3 October lies in the holidays
        ("2026-11-30", 3, "2027-03-01"),  # 28 February 2027 is a Sunday
        ("2026-11-23", 3, "2027-02-23"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-12-01", 12, "2027-12-01"),
    ],
)
def test_months_end_on_the_next_working_day(start, months, end):
    assert PUBLISHED.add_months_workday(date.fromisoformat(start), months) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("year", "provisional"), [(2014, True), (2015, False), (2020, False), (2026, False), (2027, True), (2099, True)]
)
def test_years_without_published_make_up_days_are_provisional(year, provisional):
    assert PUBLISHED.is_provisional(year) is provisional


def test_a_year_becomes_final_when_its_plan_is_entered():
    assert WorkCalendar({date(2027, 2, 20): True}, frozenset({2027})).is_provisional(2027) is False
    assert WorkCalendar({}, frozenset({2027})).is_provisional(2028) is True
    # one day corrected by hand says nothing of the others
    assert WorkCalendar({date(2027, 2, 20): True}).is_provisional(2027) is True


def test_far_years_neither_break_nor_guess():
    assert PUBLISHED.is_workday(date(9999, 12, 31)) is True  # a Friday
    assert PUBLISHED.is_workday(date(1, 1, 6)) is False  # a Saturday


@pytest.mark.django_db
def test_a_cppcc_corrects_its_own_calendar_only():
    ours, theirs = people.host(people.NANQIAO), people.host(people.LANGYA)
    registrar = people.account("registrar", ours)
    local_festival = date(2026, 11, 23)
    calendar.override_day(local_festival, is_workday=False, actor=registrar, host_id=ours.pk, note="地方节日")
    assert calendar.is_workday(local_festival, ours.pk) is False
    assert calendar.is_workday(local_festival, theirs.pk) is True
    assert calendar.is_workday(local_festival) is True
    assert calendar.add_working_days(date(2026, 11, 20), 1, ours.pk) == date(2026, 11, 24)


@pytest.mark.django_db
def test_a_correction_may_be_corrected():
    ours = people.host()
    office = people.office(ours)
    for worked in (False, True):
        calendar.override_day(date(2026, 11, 23), is_workday=worked, actor=office, host_id=ours.pk)
    assert CalendarOverride.objects.count() == 1
    assert calendar.is_workday(date(2026, 11, 23), ours.pk) is True


@pytest.mark.django_db
def test_the_hosts_own_word_is_stronger_than_everybodys():
    ours = people.host()
    system = people.Account.objects.system()
    calendar.override_day(date(2027, 2, 20), is_workday=True, actor=system)
    calendar.override_day(date(2027, 2, 20), is_workday=False, actor=people.office(ours), host_id=ours.pk)
    assert calendar.is_workday(date(2027, 2, 20)) is True
    assert calendar.is_workday(date(2027, 2, 20), ours.pk) is False


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["approver", "liaison", "supervisor", "member"])
def test_others_do_not_touch_the_calendar(role):
    ours = people.host()
    with pytest.raises(NotAllowed):
        calendar.override_day(date(2026, 11, 23), is_workday=False, actor=people.account(role, ours), host_id=ours.pk)
    with pytest.raises(NotAllowed):
        calendar.override_day(date(2026, 11, 23), is_workday=False, actor=people.office(ours))


@pytest.mark.django_db
def test_days_beyond_the_calendar_are_refused():
    ours = people.host()
    with pytest.raises(ValidationError):
        calendar.override_day(date(2100, 1, 1), is_workday=False, actor=people.office(ours), host_id=ours.pk)


@pytest.mark.django_db
def test_a_long_list_asks_once(django_assert_num_queries):
    ours = people.host()
    calendar.calendar_of()  # another host's calendar does not serve
    with django_assert_num_queries(1):
        for n in range(30):
            calendar.add_working_days(date(2026, 11, 1 + n % 28), 5, ours.pk)
