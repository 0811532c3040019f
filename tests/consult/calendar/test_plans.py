"""A year's plan as people write it, and what is refused."""

from datetime import date

import pytest

from consult import calendar
from consult.calendar.models import CalendarOverride
from consult.calendar.reading import read_days
from consult.errors import Missing
from tests.factories import people

FEBRUARY = [date(2027, 2, day) for day in range(5, 12)]


@pytest.mark.parametrize(
    "text",
    [
        "2027-02-05 至 2027-02-11",
        "2027年2月5日至2027年2月11日",
        "2月5日（农历除夕）至11日",
        "2 月 5 日 ~ 2 月 11 日",
        "2-5\n2-6\n2-7、2-8，2-9；2月10日\n11日",
        "2027-02-05—2027-02-11\n\n2月7日",
    ],
)
def test_days_and_spans_are_read(text):
    assert read_days(text, 2027, field="off") == FEBRUARY


@pytest.mark.parametrize(
    "text", ["二月五日", "2月30日", "2月11日至2月5日", "2月5日至8月5日", "2月5日至6日至7日", "=1+1"]
)
def test_what_is_no_day_is_named(text):
    with pytest.raises(Missing) as refused:
        read_days(f"2月1日\n{text}", 2027, field="off")
    assert text in refused.value.fields["off"][0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("off", "worked", "source", "field"),
    [
        ([], [], "样例", "off"),
        (FEBRUARY, [date(2027, 2, 6)], "样例", "worked"),  # stands in both
        (FEBRUARY, [date(2027, 2, 15)], "样例", "worked"),  # a Monday
        ([date(2026, 12, 31)], [], "样例", "off"),
        (FEBRUARY, [date(2028, 1, 1)], "样例", "worked"),
        (FEBRUARY, [], "  ", "source"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(off, worked, source, field):
    host = people.host()
    with pytest.raises(Missing) as refused:
        calendar.load_plan(2027, off=off, worked=worked, source=source, actor=people.office(host), host_id=host.pk)
    assert list(refused.value.fields) == [field]
    assert not CalendarOverride.objects.exists()


@pytest.mark.django_db
def test_a_plan_makes_the_year_final_for_its_own_cppcc():
    host, other = people.host(), people.host(people.LANGYA)
    keeper = people.office(host)
    calendar.load_plan(2027, off=FEBRUARY, worked=[date(2027, 2, 20)], source="样例", actor=keeper, host_id=host.pk)
    assert (calendar.is_provisional(2027, host.pk), calendar.is_provisional(2027, other.pk)) == (False, True)
    assert calendar.is_workday(date(2027, 2, 20), host.pk) is True
    assert calendar.is_workday(date(2027, 2, 11), host.pk) is False
    assert calendar.add_working_days(date(2027, 2, 4), 1, host.pk) == date(2027, 2, 12)


@pytest.mark.django_db
def test_entered_again_it_replaces_itself_and_a_correction_is_taken_back():
    host = people.host()
    keeper = people.office(host)
    for off in (FEBRUARY, FEBRUARY[-3:]):
        calendar.load_plan(2027, off=off, worked=[], source="样例", actor=keeper, host_id=host.pk)
    assert [row.day for row in calendar.corrections_of(host.pk, 2027)] == FEBRUARY[-3:]
    assert [plan.source for plan in calendar.plans_of(host.pk)] == ["样例"]
    calendar.clear_day(FEBRUARY[-1], actor=keeper, host_id=host.pk)
    assert calendar.is_workday(FEBRUARY[-1], host.pk) is True
