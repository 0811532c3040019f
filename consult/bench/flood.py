"""`./run bench --reminders 1000,100000`: so many assignments fall due; how long until all are told, with kills."""

from __future__ import annotations

import os
import random
import resource
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from django.db import connection, connections
from django.urls import get_resolver
from django.utils import timezone

from consult.bench.gateway import PORT, Gateway
from consult.celery import settle
from consult.delivery import leases, sending
from consult.delivery.models import InboxItem, Outgoing
from consult.reminders import run_ladders
from consult.reminders.models import Reminder
from members.models import Account, Mandate, Organisation
from members.states import OrganisationKind, Role
from outcomes.models import Assignment, Outcome
from topics.models import Topic

WORKERS, UNITS, MATTERS = 2, 200, 10
CODE = "341103000000"
PATIENCE = 900  # seconds


@dataclass
class Flood:
    """What reached the gateway, and what did not hold."""

    items: int
    kills: int
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    load: float = 0.0
    cpu: float = 0.0

    def as_text(self) -> str:
        first = (
            f"{self.items:,} reminders at the gateway after {self.seconds:.1f} s"
            f" ({self.items / self.seconds:,.0f} a second), {self.kills} of {WORKERS} workers killed on the way,"
            f" {self.cpu:.1f} s of processor in the workers, load of the machine before {self.load:.1f}"
        )
        return "\n".join([first, *(f"WRONG {one}" for one in self.wrong)])


def lay_in(items: int) -> None:
    """One matter, its outcome, and so many assignments of two hundred units that fall due today; nothing else."""
    with connection.cursor() as cursor:
        tables = ", ".join(
            model._meta.db_table
            for model in (Outgoing, InboxItem, Reminder, Assignment, Assignment.assisting_units.through)
        )
        cursor.execute(f"TRUNCATE {tables} CASCADE")
    host, outcomes = _matters()
    units = _units(host)
    today = timezone.localdate()
    issued = today - timedelta(days=90)
    rows = (
        Assignment(
            outcome=outcomes[n % MATTERS],
            topic=outcomes[n % MATTERS].topic,
            host=host,
            region_code=CODE,
            ordinal=n // MATTERS + 1,
            number=f"测〔{today.year}〕{n}号",
            state="in_progress",
            moved_on=issued,
            matter=f"第 {n} 件：排水沟清淤",
            lead_unit=units[n % len(units)],
            issued_by="县政府办公室",
            issued_on=issued,
            due_on=today,
            first_due_on=today,
            ladder_from=issued,
        )
        for n in range(1, items + 1)
    )
    while batch := list(_take(rows, 2000)):
        Assignment.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE outcomes_assignment")


def _take(rows: Iterator[Assignment], count: int) -> Iterator[Assignment]:
    for _n, row in zip(range(count), rows, strict=False):
        yield row


def _matters() -> tuple[Organisation, list[Outcome]]:
    if found := list(Outcome.objects.select_related("topic", "host").order_by("pk")):
        return found[0].host, found
    host = Organisation.objects.create(
        kind=OrganisationKind.CPPCC, region_code=CODE, name="政协南谯区委员会", short_name="南谯"
    )
    Organisation.objects.filter(pk=host.pk).update(host=host)
    for n in range(MATTERS):
        _matter(host, n)
    return _matters()


def _matter(host: Organisation, n: int) -> None:
    """Consulted on and handed on: nothing else is owed about it."""
    clerk, today = Account.objects.system(), timezone.localdate()
    common = {"host": host, "region_code": CODE, "moved_on": today}
    topic = Topic.objects.create(
        state="consulted",
        profile="micro",
        source="resident",
        title=f"第 {n} 组排水沟",
        problem="堵了三年",
        raised_on=today,
        entered_by=clerk,
        **common,
    )
    Outcome.objects.create(topic=topic, state="submitted", drafted_by=clerk, drafted_on=today, **common)


def _units(host: Organisation) -> list[Organisation]:
    known = list(Organisation.objects.filter(host=host, kind=OrganisationKind.DEPARTMENT).order_by("pk"))
    if known:
        return known
    for n in range(UNITS):
        unit = Organisation.objects.create(
            kind=OrganisationKind.DEPARTMENT, region_code=CODE, name=f"第 {n} 局", host=host
        )
        account = Account.objects.create(
            username=f"bench{n}", display_name=f"{n} 号联络员", email=f"unit{n}@example.org", home=host
        )
        Mandate.objects.create(
            account=account,
            role=Role.LIAISON,
            organisation=unit,
            host=host,
            region_code=CODE,
            valid_from=timezone.localdate() - timedelta(days=300),
        )
    return _units(host)


def pour(items: int, kills: int, *, seed: int = 7, today: date | None = None) -> Flood:
    """Two workers climb and send until everything is at the gateway; some of them are killed and replaced.

    They are forked as Celery's are: the one that replaces a killed one need not load everything again.
    """
    lay_in(items)
    get_resolver()._populate()  # before the fork, as a worker that has been up for a while
    flood = Flood(items, kills, load=os.getloadavg()[0])
    gateway, dice = Gateway(), random.Random(seed)  # noqa: S311  chance, no secret
    marks = sorted(dice.uniform(0.05, 0.9) * items for _kill in range(kills))
    os.environ[PORT] = str(gateway.port)
    workers: list[BaseProcess] = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    killed, began = 0, time.monotonic()
    try:
        workers += [_worker(today) for _n in range(WORKERS)]
        while (done := gateway.told()[0]) < items and time.monotonic() - began < PATIENCE:
            if killed < kills and done >= marks[killed]:
                os.kill(dice.choice(workers).pid or 0, signal.SIGKILL)
                killed += 1
            for n, worker in enumerate(workers):
                if not worker.is_alive():
                    workers[n] = _worker(today)
            time.sleep(0.05)
        flood.seconds, flood.kills = time.monotonic() - began, killed
        for worker in workers:
            worker.join(120)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        flood.cpu = spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime
        flood.wrong = list(_wrong(items, gateway))
    finally:
        for worker in workers:
            worker.kill()
        gateway.close()
    return flood


def _worker(today: date | None) -> BaseProcess:
    """A child of ours, with a connection of its own."""
    connections.close_all()
    worker = get_context("fork").Process(target=_work, args=(today,), daemon=True)
    worker.start()
    return worker


def _work(today: date | None) -> None:
    """What the tasks of beat do, until nothing is left: climb, send, and take over from who has died."""
    settle()
    run_ladders(today or timezone.localdate())
    leases.free_the_dead()
    while sending.send_due_mail(limit=5000):
        leases.free_the_dead()
    connections.close_all()


def _wrong(items: int, gateway: Gateway) -> Iterator[str]:
    """None lost, none double: in the tables and at the gateway."""
    keys, refused, addresses = gateway.told()
    for what, count, wanted in (
        ("reminders", Reminder.objects.count(), items),
        ("notices in inboxes", InboxItem.objects.count(), items),
        ("messages", Outgoing.objects.count(), items),
        ("messages marked as sent", Outgoing.objects.filter(state="sent").count(), items),
        ("messages at the gateway", keys, items),
        ("units reached", addresses, min(items, UNITS)),
    ):
        if count != wanted:
            yield f"{count} {what} for {items} items"
