"""2026 day by day: what is told equals what is computed on paper, whatever fails on the way.

The clock moves through the Spring Festival and National Day with their make-up workdays. Two beats ring for every slot,
workers die at any instruction, sometimes somebody climbs the ladder at the same moment, beat is down for a few days,
the broker forgets everything (FLUSHALL on the embedded one, also in the middle of a day), the mail server is away for
three days and the clock once jumps back. ``paper`` below is written without the code it checks: its own table of days,
its own ladder, its own loop.

By default 120 assignments and the weeks around both festivals; CONSULT_YEAR_ITEMS=2000 plays as many through
them, CONSULT_FULL_YEAR=1 plays 2,000 through all of 2026.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from consult.delivery import channels, leases, sending
from consult.delivery.models import InboxItem, Outgoing
from consult.launcher.servers import Broker
from consult.outbox import nudging, publish
from consult.reminders import ladder, run_ladders, services, tasks
from consult.reminders.checks import doubles
from consult.reminders.models import Reminder
from members.states import Role
from outcomes.models import Assignment
from tests.factories import outcomes as make
from tests.factories import people
from tests.outcomes.mishaps import Fate, Gateway, Wire

FULL = bool(os.environ.get("CONSULT_FULL_YEAR"))
ITEMS = int(os.environ.get("CONSULT_YEAR_ITEMS") or (2000 if FULL else 120))
SEED = 2026


def span(first, last):
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


DAYS = (
    span("2026-01-05", "2026-12-31") if FULL else [*span("2026-02-06", "2026-03-13"), *span("2026-09-19", "2026-10-20")]
)
BEAT_IS_DOWN = {*span("2026-02-24", "2026-02-26"), *span("2026-10-12", "2026-10-13")}
MAIL_IS_AWAY = {*span("2026-02-10", "2026-02-12"), *span("2026-10-08", "2026-10-10")}
CLOCK_JUMPS_BACK = {date(2026, 3, 3), date(2026, 9, 29)}
#: Between the ringing and the work: nobody is woken by what was rung for.
BROKER_FORGETS = {*span("2026-02-03", "2026-12-31")[::9]}

# On paper -------------------------------------------------------------------------------------------------------------

#: 国务院办公厅关于2026年部分节假日安排的通知
OFF = {
    *span("2026-01-01", "2026-01-03"),
    *span("2026-02-15", "2026-02-23"),
    *span("2026-04-04", "2026-04-06"),
    *span("2026-05-01", "2026-05-05"),
    *span("2026-06-19", "2026-06-21"),
    *span("2026-09-25", "2026-09-27"),
    *span("2026-10-01", "2026-10-07"),
}
MADE_UP = {date(2026, m, d) for m, d in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}


def is_worked(day):
    return day in MADE_UP or (day.weekday() < 5 and day not in OFF)


def worked_days_on(day, n):
    step = timedelta(days=1 if n > 0 else -1)
    while n:
        day += step
        n -= step.days if is_worked(day) else 0
    return day


def rungs_of(due_on, until):
    """(name, day), in order."""
    found = [
        (name, worked_days_on(due_on, n))
        for name, n in (("T-7", -7), ("T-3", -3), ("due", 0), ("+1", 1), ("+5", 5), ("+15", 15))
    ]
    week = 0
    while (day := found[5][1] + timedelta(days=7 * (week + 1))) <= until:
        week += 1
        while not is_worked(day):
            day += timedelta(days=1)
        found.append((f"weekly-{week}", day))
    return [(name, day) for name, day in found if day <= until]


@dataclass
class Promise:
    """This item is owed by ``due_on``: recorded on ``since``, over on ``until`` (in the morning)."""

    item: int
    unit: int
    due_on: date
    since: date
    until: date | None

    def stands_on(self, day):
        return self.since <= day and (self.until is None or day < self.until)


def paper(promises, told_people, days_of_beat):
    """(item, rung, person, due date) -> the day on which the notice is written."""
    notices = {}
    for promise in promises:
        told = []
        for day in days_of_beat:
            if not promise.stands_on(day):
                continue
            come = rungs_of(promise.due_on, day)
            if not come or come[-1][0] in told:
                continue
            name, its_day = come[-1]
            if its_day < promise.since:
                is_late_rung = name not in ("T-7", "T-3", "due")
                fresh = [come[-1]] if promise.since > promise.due_on and is_late_rung else []
            else:
                last = max((n for n, (rung, _day) in enumerate(come) if rung in told), default=-1)
                fresh = [(rung, when) for rung, when in come[last + 1 :] if when >= promise.since]
            reached = set()
            for rung, _when in reversed(fresh):
                for person in told_people(promise.unit, rung) - reached:
                    notices[promise.item, rung, person, promise.due_on] = day
                    reached.add(person)
                told.append(rung)
    return notices


# In the house ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def gateway(settings, monkeypatch):
    settings.DELIVERY_QUIET_HOURS = None
    made = Gateway()
    monkeypatch.setattr(channels, "channel", lambda name: made)
    monkeypatch.setattr(channels, "is_configured", lambda name: name == "email")
    return made


@pytest.fixture
def dice():
    return random.Random(SEED)


@pytest.fixture
def fate(monkeypatch, dice):
    """Many small batches, and only the ladder of assignments; slots and days are the simulated clock's."""
    monkeypatch.setattr(services, "BATCH", 20)
    monkeypatch.setattr(ladder, "_ladders", {"assignment": ladder.ladders()["assignment"]})
    monkeypatch.setattr(tasks, "database_now", timezone.now)
    return Fate(dice)


@pytest.fixture
def wire(tmp_path, monkeypatch):
    """A broker of our own: emptying it disturbs nobody."""
    broker = Broker(tmp_path, careless=True)
    broker.start()
    made = Wire(broker)
    monkeypatch.setattr(nudging, "_send", lambda: made.ring(nudging.TASK))
    yield made
    broker.stop()


class County:
    """Twenty units with one or two liaisons and a chief each, one without any account; an office of two."""

    def __init__(self):
        self.host = people.host()
        self.outcome = make.submitted(self.host, on=date(2026, 1, 4))
        self.units, self.liaisons, self.chiefs = [], {}, {}
        self.office = {people.office(self.host, email=f"office{n}@example.org").pk for n in range(2)}
        self.office.add(self.outcome.drafted_by_id)
        self.upwards = {
            people.approver(self.host, email="approver@example.org").pk,
            people.supervisor(email="supervisor@example.org").pk,
        }
        for n in range(20):
            unit = people.organisation(self.host)
            self.units.append(unit)
            self.liaisons[unit.pk] = {
                people.account(Role.LIAISON, self.host, organisation=unit, email=f"u{n}-{m}@example.org").pk
                for m in range((n + 1) % 3 or 1 if n else 0)
            }
            self.chiefs[unit.pk] = {people.account(Role.UNIT_CHIEF, self.host, organisation=unit).pk} if n else set()

    def told_people(self, unit, rung):
        """As PROCEDURE has it: 提 the unit; 催 unit and chief; 督 unit, chief, office; 报 approver and supervisor."""
        if rung.startswith(("T-", "due")):
            return self.liaisons[unit] or self.office
        if rung in ("+1", "+5"):
            own = self.liaisons[unit] | self.chiefs[unit] or self.office
            return own | self.office if rung == "+5" else own
        return self.upwards

    def lay_in(self, dice):
        """Items recorded in time, late, or never confirmed; answered early, late or not at all; given more time."""
        promises, moves = [], {}
        for n in range(ITEMS):
            due_on = dice.choice(DAYS)
            kind = dice.choices(["plain", "late", "backfilled", "extended"], [70, 12, 6, 12])[0]
            since = due_on - timedelta(days=dice.choice((5, 20, 90)))
            if kind == "late":
                since = due_on + timedelta(days=dice.randint(1, 40))
            until = due_on + timedelta(days=dice.randint(-12, 45)) if dice.random() < 0.75 else None
            unit = dice.choice(self.units)
            row = self._assignment(n, unit, due_on, since, kind)
            if kind == "backfilled":
                continue
            until = until if until and until > since else None
            if kind == "extended" and until:
                later = dice.choice([day for day in DAYS if day > until] or [until + timedelta(days=9)])
                promises += [
                    Promise(row.pk, unit.pk, due_on, since, until),
                    Promise(row.pk, unit.pk, later, until, None),
                ]
                moves.setdefault(until, []).append((row.pk, later))
            else:
                promises.append(Promise(row.pk, unit.pk, due_on, since, until))
                if until:
                    moves.setdefault(until, []).append((row.pk, None))
        return promises, moves

    def _assignment(self, n, unit, due_on, since, kind):
        issued = min(since, due_on)
        return Assignment.objects.create(
            outcome=self.outcome,
            topic=self.outcome.topic,
            host=self.host,
            region_code=self.outcome.region_code,
            ordinal=n + 1,
            number=f"测〔2026〕{n + 1}号",
            state="in_progress",
            moved_on=issued,
            matter=f"第 {n + 1} 件：排水沟清淤",
            lead_unit=unit,
            issued_by="县政府办公室",
            issued_on=issued,
            due_on=due_on,
            first_due_on=due_on,
            ladder_from=None if kind == "backfilled" else since,
        )


def move(changes, today, dice):
    """In the morning, before beat rings; half of the moves are heard of by the outbox, the others at the next look."""
    for pk, later in changes:
        new = {"due_on": later, "ladder_from": today} if later else {"state": "replied"}
        with transaction.atomic():
            Assignment.objects.filter(pk=pk).update(moved_on=today, **new)
            if dice.random() < 0.5:
                publish("assignment.grant" if later else "assignment.reply", assignment_id=pk, actor_id=0)


def climb(day, clock, wire, fate, dice):
    """Beat rings every ten minutes, and both beats ring; a day is over when a slot has passed without a mishap."""
    for slot in range(40):
        wire.ring("outbox.relay", "reminders.run", "reminders.run")
        lost = wire.flush() if slot == 0 and day in BROKER_FORGETS else 0
        by_hand = [run_ladders] if dice.random() < 0.3 else []
        if fate.meets(wire.work, wire.work, *by_hand) and not lost:
            return
        clock.shift(timedelta(minutes=10))
    raise AssertionError("it never came through")


def climb_again_in_the_hour_that_comes_again(day, fate):
    while not fate.meets(lambda: run_ladders(day - timedelta(days=1))):
        pass
    while not fate.meets(run_ladders):
        pass


def send(gateway, fate):
    """Every queued letter has its hour today; senders die too, and what they held is taken over."""

    def round_of_letters():
        leases.free_the_dead()
        while sending.send_due_mail(limit=2000):
            pass

    Outgoing.objects.filter(state="queued").update(due_at=Now())
    while not fate.meets(round_of_letters, round_of_letters):
        pass
    round_of_letters()  # what the one held that died while the other was looking for the dead
    if not gateway.is_away:
        sending.probe()
        while sending.send_due_mail(limit=2000):
            Outgoing.objects.filter(state="queued").update(due_at=Now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600 if ITEMS > 200 else 480)
def test_the_notices_of_the_year_are_those_on_paper(gateway, wire, fate, dice, caplog):
    county = County()
    promises, moves = county.lay_in(dice)
    known = {promise.item for promise in promises}
    for day in DAYS:
        due = [change for when in sorted(moves) if when <= day for change in moves.pop(when)]
        with time_machine.travel(timezone.make_aware(datetime.combine(day, time(9))), tick=False) as clock:
            move(due, day, dice)
            gateway.is_away = day in MAIL_IS_AWAY
            if day not in BEAT_IS_DOWN:
                climb(day, clock, wire, fate, dice)
                if day in CLOCK_JUMPS_BACK:
                    climb_again_in_the_hour_that_comes_again(day, fate)
                send(gateway, fate)
    troubles = [record.getMessage() for record in caplog.records if record.name == "consult.reminders.services"]
    assert not troubles, troubles[:3]
    compare(county, promises, known, gateway)
    assert gateway.repeated <= fate.deaths
    assert len(fate.places) > 30, fate.places
    assert len({file for file, _line in fate.places}) > 5, fate.places


def compare(county, promises, known, gateway):
    days_of_beat = [day for day in DAYS if day not in BEAT_IS_DOWN]
    wanted = paper(_as_seen(promises), county.told_people, days_of_beat)
    rows = list(Reminder.objects.filter(kind="assignment").values_list("item_id", "rung", "account_id", "due_on"))
    assert doubles() == []
    assert len(rows) == len(set(rows)), "twice"
    assert set(rows) - set(wanted) == set(), "told, but not on paper"
    assert set(wanted) - set(rows) == set(), "on paper, but not told"
    assert {item for item, *_rest in rows} <= known
    inbox = InboxItem.objects.filter(key__startswith="reminder:assignment:")
    assert inbox.count() == len(wanted)
    # letters: each once; what had moved before the mail server came back never left
    left = [day for day in days_of_beat if day not in MAIL_IS_AWAY]
    gone = {promise_key(p): p.until for p in _as_seen(promises)}
    letters = set()
    for (item, rung, person, due_on), written in wanted.items():
        leaves = next((day for day in left if day >= written), None)
        until = gone[item, due_on]
        if leaves and (until is None or leaves < until):
            letters.add((item, rung, person, due_on))
    addressed = set(_addressed())
    wanted_letters = {key for key in letters if key[2] in addressed}
    sent = Outgoing.objects.filter(state="sent", item__key__startswith="reminder:assignment:")
    found = {_read(key, person) for key, person in sent.values_list("item__key", "account_id")}
    assert found == wanted_letters
    assert max(gateway.taken.values()) == 1
    assert {str(uuid) for uuid in sent.values_list("uuid", flat=True)} <= set(gateway.taken)
    assert not Outgoing.objects.filter(state="dead").exists()


def promise_key(promise):
    return promise.item, promise.due_on


def _as_seen(promises):
    """A move on a day that the clock skips happens on the next day it shows."""
    return [
        Promise(p.item, p.unit, p.due_on, _next_shown(p.since), p.until and _next_shown(p.until))
        if p.since not in DAYS and p.since > DAYS[0] and _is_second(p, promises)
        else Promise(p.item, p.unit, p.due_on, p.since, p.until and _next_shown(p.until))
        for p in promises
    ]


def _is_second(promise, promises):
    return any(other.item == promise.item and other.until == promise.since for other in promises)


def _next_shown(day):
    return next((shown for shown in DAYS if shown >= day), date(2027, 12, 31))


def _addressed():
    return InboxItem.objects.exclude(account__email="").values_list("account_id", flat=True).distinct()


def _read(key, person):
    _word, _kind, item, rung, due_on = key.split(":")
    return int(item), rung, person, date.fromisoformat(due_on)
