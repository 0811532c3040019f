"""A due date counted before the year's holidays were known is settled once: later if need be, never earlier."""

from datetime import date

import pytest

from consult import calendar
from consult.audit.models import Entry
from consult.calendar import services as services_of_calendar
from consult.delivery.models import InboxItem
from consult.errors import NotAllowed
from consult.outbox import relay
from members.states import Role
from outcomes import services
from outcomes.models import Assignment
from tests.factories import outcomes as make
from tests.factories import people, topics

pytestmark = pytest.mark.django_db
OFF = [date(2027, 2, day) for day in range(5, 12)]
WORKED = [date(2027, 2, 20)]


def promised(day, **more):
    assignment = make.issued(due_on=day, **more)
    assignment.refresh_from_db()
    return assignment


def enter(host, **more):
    return services.enter_holiday_plan(
        host, 2027, **{"off": OFF, "worked": WORKED, "source": "样例通知", "actor": topics.clerk(host), **more}
    )


def test_a_day_that_turned_out_to_be_off_moves_to_the_next_working_day():
    assignment = promised(date(2027, 2, 10))
    assert assignment.due_provisional is True

    enter(assignment.host)
    relay()

    assignment.refresh_from_db()
    assert (assignment.due_on, assignment.first_due_on) == (date(2027, 2, 12), date(2027, 2, 12))
    assert assignment.due_provisional is False
    entry = Entry.objects.get(verb="assignment.settle_due")
    assert entry.data == {"from": "2027-02-10", "to": "2027-02-12"}


@pytest.mark.parametrize("day", [date(2027, 2, 3), date(2027, 2, 20), date(2027, 3, 1)])
def test_a_day_that_is_worked_stays_and_is_final(day):
    assignment = promised(day)
    enter(assignment.host)
    assert services.settle_promises(assignment.host_id, 2027) == 1
    assignment.refresh_from_db()
    assert (assignment.due_on, assignment.due_provisional) == (day, False)


def test_it_happens_once_whatever_is_entered_later():
    assignment = promised(date(2027, 2, 10))
    enter(assignment.host)
    assert services.settle_promises(assignment.host_id, 2027) == 1
    enter(assignment.host, off=[*OFF, date(2027, 2, 12)])
    assert services.settle_promises(assignment.host_id, 2027) == 0
    assert Assignment.objects.get().due_on == date(2027, 2, 12)


def test_a_worker_that_remembers_the_calendar_of_before_settles_by_the_new_one():
    assignment = promised(date(2027, 2, 10))
    before = calendar.calendar_of(assignment.host_id)
    enter(assignment.host)
    services_of_calendar.memo.start_afresh()  # as in another process
    services_of_calendar.memo.recall(assignment.host_id, lambda: before)
    assert services.settle_promises(assignment.host_id, 2027) == 1
    assignment.refresh_from_db()
    assert (assignment.due_on, assignment.due_provisional) == (date(2027, 2, 12), False)


def test_another_cppcc_and_another_year_wait_for_their_own_plan():
    ours, theirs = promised(date(2027, 2, 10)), promised(date(2028, 3, 1))
    enter(ours.host)
    relay()
    theirs.refresh_from_db()
    assert theirs.due_provisional is True
    assert calendar.is_provisional(2027, people.host(people.LANGYA).pk) is True


def test_the_unit_hears_of_a_moved_day_and_of_no_other():
    assignment = promised(date(2027, 2, 10))
    liaison = people.account(Role.LIAISON, assignment.host, organisation=assignment.lead_unit)
    enter(assignment.host)
    relay()
    relay()
    told = InboxItem.objects.filter(account=liaison, key__startswith="assignment.settle_due")
    assert [item.key.split(":")[0] for item in told] == ["assignment.settle_due"]


@pytest.mark.parametrize("role", [Role.APPROVER, Role.LIAISON, Role.SUPERVISOR, Role.MEMBER])
def test_only_office_and_registrar_enter_a_plan(role):
    host = people.host()
    with pytest.raises(NotAllowed):
        enter(host, actor=people.account(role, host))
