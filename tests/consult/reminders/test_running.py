"""One notice per item, rung, person and due date, however often clocks ring and workers die."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from consult.delivery.models import InboxItem, Outgoing, SendState
from consult.reminders import LADDER, Due, claim_slot, ladder, register_ladder, run_ladders, services
from consult.reminders.checks import doubles, forgotten
from consult.reminders.models import JobSlot, Reminder
from consult.reminders.tasks import run_reminders
from tests.factories import people

pytestmark = pytest.mark.django_db

DUE = date(2026, 11, 24)
RUNG_DAYS = {
    "T-7": date(2026, 11, 13),
    "T-3": date(2026, 11, 19),
    "due": date(2026, 11, 24),
    "+1": date(2026, 11, 25),
    "+5": date(2026, 12, 1),
    "+15": date(2026, 12, 15),
    "weekly-1": date(2026, 12, 22),
    "weekly-2": date(2026, 12, 29),
}


@pytest.fixture(autouse=True)
def _no_other_ladders(monkeypatch):
    monkeypatch.setattr(ladder, "_ladders", {})


class Desk:
    """Items that are owed, and who is told on which rung."""

    def __init__(self):
        self.host = people.host()
        self.liaison, self.chief = people.account(email="liaison@example.org"), people.account()
        self.office, self.approver = people.account(), people.account()
        self.items = {1: (DUE, date(2026, 9, 1))}
        register_ladder("assignment", LADDER, self.dues)

    def dues(self, today):
        for item_id, (due_on, recorded_on) in self.items.items():
            yield Due(
                "assignment", item_id, self.host.pk, due_on, recorded_on, self.recipients, "公厕移交", url="/a/1/"
            )

    def recipients(self, rung):
        if rung in ("T-7", "T-3", "due"):
            return [self.liaison]
        if rung == "+1":
            return [self.liaison, self.chief]
        if rung == "+5":
            return [self.liaison, self.office]
        return [self.approver]


def told():
    return sorted(Reminder.objects.values_list("rung", "account__username"))


def test_each_rung_tells_its_people_once_on_its_day():
    desk = Desk()
    for day in (date(2026, 11, 1) + timedelta(days=n) for n in range(65)):
        run_ladders(day)
        run_ladders(day)
    expected = {(rung, account.username) for rung in RUNG_DAYS for account in desk.recipients(rung)}
    assert set(told()) == expected
    assert len(told()) == len(set(told())) == InboxItem.objects.count()
    assert dict(Reminder.objects.values_list("rung", "fires_on")) == RUNG_DAYS


def test_a_notice_says_the_step_and_leads_to_the_item():
    desk = Desk()
    run_ladders(RUNG_DAYS["+1"])
    item = InboxItem.objects.visible_to(desk.chief).get()
    assert item.title.endswith("公厕移交") and item.title != "公厕移交"
    assert item.url == "/a/1/"
    assert Outgoing.objects.filter(to="liaison@example.org").count() == 1


def test_after_an_outage_each_person_gets_his_latest_rung_only():
    desk = Desk()
    run_ladders(date(2026, 12, 1))  # +5 today; due and +1 were missed
    assert told() == sorted([("+1", desk.chief.username), ("+5", desk.liaison.username), ("+5", desk.office.username)])
    run_ladders(date(2026, 12, 2))
    assert Reminder.objects.count() == 3


def test_an_item_recorded_late_gets_its_current_rung_once():
    desk = Desk()
    desk.items = {1: (DUE, date(2026, 12, 4))}
    for day in range(4, 12):
        run_ladders(date(2026, 12, day))
    assert told() == sorted([("+5", desk.liaison.username), ("+5", desk.office.username)])


def test_an_item_that_moves_takes_its_notices_with_it():
    desk = Desk()
    run_ladders(RUNG_DAYS["T-3"])
    assert InboxItem.objects.visible_to(desk.liaison).unread().count() == 1
    desk.items = {}
    run_ladders(RUNG_DAYS["due"])
    assert InboxItem.objects.visible_to(desk.liaison).unread().count() == 0
    assert Outgoing.objects.get().state == SendState.RECALLED
    assert Reminder.objects.get().cancelled_at is not None


def test_a_new_due_date_begins_the_ladder_anew():
    desk = Desk()
    run_ladders(RUNG_DAYS["due"])
    later = date(2026, 12, 24)
    desk.items = {1: (later, date(2026, 11, 24))}
    run_ladders(date(2026, 11, 25))
    assert Reminder.objects.standing("assignment").count() == 0
    run_ladders(date(2026, 12, 15))
    assert list(Reminder.objects.standing("assignment").values_list("rung", "due_on")) == [("T-7", later)]


def test_nobody_to_tell_today_is_told_when_there_is_somebody():
    desk = Desk()
    liaison, desk.liaison = desk.liaison, None
    desk.recipients = lambda rung: [desk.liaison] if desk.liaison else []
    run_ladders(RUNG_DAYS["T-3"])
    assert told() == []
    desk.liaison = liaison
    run_ladders(date(2026, 11, 20))
    assert told() == [("T-3", liaison.username)]


def test_one_item_that_cannot_be_served_does_not_stop_the_others(caplog):
    desk = Desk()

    def broken(rung):
        raise RuntimeError("broken")

    def dues(today):
        yield Due("assignment", 1, desk.host.pk, DUE, date(2026, 9, 1), broken, "坏的")
        yield Due("assignment", 2, desk.host.pk, DUE, date(2026, 9, 1), desk.recipients, "好的")

    register_ladder("assignment", LADDER, dues)
    run_ladders(RUNG_DAYS["T-7"])
    assert Reminder.objects.values_list("item_id", flat=True).get() == 2
    assert "item 1" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_tell_once():
    desk = Desk()
    desk.items = {n: (DUE, date(2026, 9, 1)) for n in range(1, 31)}
    barrier = threading.Barrier(3)

    def run():
        barrier.wait()
        run_ladders(RUNG_DAYS["+1"])
        connection.close()

    threads = [threading.Thread(target=run) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Reminder.objects.filter(rung="+1").count() == 60
    assert Reminder.objects.count() == InboxItem.objects.count() == 60


def test_the_constraint_holds_whoever_writes():
    desk = Desk()
    row = {"kind": "a", "item_id": 1, "rung": "due", "account": desk.office, "due_on": DUE, "fires_on": DUE}
    Reminder.objects.create(**row)
    with pytest.raises(IntegrityError, match="reminded_once"):
        Reminder.objects.create(**row)


def test_the_cost_does_not_grow_with_items_that_wait(django_assert_max_num_queries):
    desk = Desk()
    desk.items = {n: (DUE, date(2026, 9, 1)) for n in range(1, 31)}
    run_ladders(RUNG_DAYS["T-3"])
    with django_assert_max_num_queries(3):
        run_ladders(date(2026, 11, 20))


def test_a_slot_is_taken_once_and_the_next_is_free():
    now = timezone.now().replace(minute=0, second=0)
    hour = timedelta(hours=1)
    taken = [claim_slot("job", every=hour, now=now + timedelta(minutes=n)) for n in (0, 1, 59, 60, 61)]
    assert taken == [True, False, False, True, False]
    assert claim_slot("other job", every=hour, now=now) is True


def test_old_slots_are_swept():
    long_ago = datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone())
    claim_slot("job", every=timedelta(hours=1), now=long_ago)
    claim_slot("job", every=timedelta(hours=1))
    assert JobSlot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_beats_run_a_job_once_per_slot():
    taken = []
    now = timezone.now()
    barrier = threading.Barrier(8)

    def ring():
        barrier.wait()
        taken.append(claim_slot("job", every=timedelta(minutes=5), now=now))
        connection.close()

    threads = [threading.Thread(target=ring) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True]


def test_the_task_runs_the_ladders_once_per_slot(monkeypatch):
    runs = []
    monkeypatch.setattr("consult.reminders.tasks.run_ladders", lambda today: runs.append(today))
    monkeypatch.setattr("consult.reminders.tasks.database_now", lambda: datetime(2026, 11, 24, 1, tzinfo=UTC))
    run_reminders()
    run_reminders()
    assert runs == [date(2026, 11, 24)]


def test_what_was_forgotten_is_found():
    Desk()
    assert len(forgotten(RUNG_DAYS["+1"])) == 1
    run_ladders(RUNG_DAYS["+1"])
    assert forgotten(RUNG_DAYS["+1"]) == doubles() == []


@pytest.mark.django_db(transaction=True)
def test_several_who_recall_the_same_do_not_block_each_other(caplog):
    """Rows changed in the opposite order of their keys: the later look and the event that heard of the move."""
    desk = Desk()
    desk.items = {n: (DUE, date(2026, 9, 1)) for n in range(1, 41)}
    run_ladders(RUNG_DAYS["+1"])
    for row in Reminder.objects.order_by("-pk"):  # now the table is written the other way round
        Reminder.objects.filter(pk=row.pk).update(fires_on=row.fires_on)
    desk.items = {}
    barrier = threading.Barrier(4)
    counts, trouble = [], []

    def recall(numbers):
        barrier.wait()
        try:
            counts.append(services._recall("assignment", {(n, DUE) for n in numbers}))
        except Exception as error:
            trouble.append(error)
        connection.close()

    orders = [range(1, 41), range(40, 0, -1), range(1, 41), range(40, 20, -1)]
    threads = [threading.Thread(target=recall, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    assert sum(counts) == Reminder.objects.count()
    assert not InboxItem.objects.unread().exists()
