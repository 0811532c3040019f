"""`./run bench --sign-ins 10000`: a hall signs in while web workers are killed; each once, and how many a second."""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils import timezone

from consult.audit.models import Entry
from consult.dbclock import database_now
from consult.outbox.models import Event
from members.models import Account, Organisation
from members.states import OrganisationKind
from sessions import services
from sessions.heads import heads
from sessions.models import CheckIn, ConsultSession, Participant
from sessions.services import sign_in
from sessions.states import SessionState

INVITED = 280  # on the list beforehand; the others walk in
PHONES = 16
AGAIN = 5  # every so many is sent twice


@dataclass
class Outcome:
    """What the hall saw, and what is in the tables."""

    asked: int
    sent: int
    kills: int
    seconds: float = 0.0
    sent_again: int = 0
    wrong: list[str] = field(default_factory=list)
    load: tuple[float, float, float] = (0.0, 0.0, 0.0)
    own_cpu: float = 0.0

    @property
    def per_second(self) -> float:
        """People, not requests: what was sent twice counts once."""
        return self.asked / self.seconds if self.seconds else 0.0

    def as_text(self) -> str:
        lines = [
            f"{self.asked:,} people signed in, {self.sent - self.asked:,} of them sent twice,"
            f" {self.kills} workers killed: {self.seconds:.1f} s",
            f"{self.per_second:,.0f} people a second ({self.sent / self.seconds:,.0f} requests),"
            f" {self.sent_again} requests cut off and sent again",
            f"processors {os.cpu_count()}, load of the machine before {self.load[0]:.1f}",
        ]
        return "\n".join([*lines, *(f"WRONG {one}" for one in self.wrong)])


def name_of(n: int) -> str:
    """The first of them are on the list."""
    return f"居民 {n:05d}"


def a_sitting(host: Organisation, state: str, *, begins: timedelta, **more: Any) -> ConsultSession:
    """The bare row of a session of two hours, written by the system."""
    now = timezone.now()
    return ConsultSession.objects.create(
        host=host,
        region_code=host.region_code,
        state=state,
        moved_at=now,
        form="micro",
        venue_kind="courtyard",
        place="院坝",
        title="院坝协商",
        starts_at=now + begins,
        ends_at=now + begins + timedelta(hours=2),
        created_by=Account.objects.system(),
        **more,
    )


def a_session() -> ConsultSession:
    """A hall with a list, in progress; written by the system, so that nothing else has to be there."""
    host = Organisation.objects.filter(kind=OrganisationKind.CPPCC).first()
    if host is None:
        host = Organisation.objects.create(
            kind=OrganisationKind.CPPCC, region_code="341103000000", name="政协南谯区委员会", short_name="南谯"
        )
        Organisation.objects.filter(pk=host.pk).update(host=host)
    session = a_sitting(host, SessionState.IN_PROGRESS, begins=-timedelta(minutes=10), opened_at=timezone.now())
    lines = [Participant(session=session, category="resident", name=name_of(n), position=n + 1) for n in range(INVITED)]
    Participant.objects.bulk_create(lines)
    services.sign_in.give_code(session)
    return session


def orders_for(session: ConsultSession, people: int, *, seed: int = 7) -> list[dict[str, str]]:
    """Who comes, in some order; every fifth is in it twice, close behind himself or far."""
    ticket = sign_in.ticket_for(sign_in.admit(sign_in.screen_token(session)), database_now())
    everybody = [
        {"token": ticket, "key": str(uuid4()), "name": name_of(n), "category": "resident"} for n in range(people)
    ]
    dice = random.Random(seed)  # noqa: S311  chance, no secret
    dice.shuffle(everybody)
    places = [(float(n), order) for n, order in enumerate(everybody)]
    places += [(n + dice.choice((0.5, 3.5, 400.5)), order) for n, order in enumerate(everybody) if n % AGAIN == 0]
    return [order for _place, order in sorted(places, key=lambda one: one[0])]


def sign_all_in(
    address: Any, session: ConsultSession, people: int, kills: int, kill: Callable[[], None], *, phones: int = PHONES
) -> Outcome:
    """Send everything, kill now and then, count afterwards."""
    orders = orders_for(session, people)
    outcome = Outcome(people, len(orders), kills, load=os.getloadavg())
    script = str(Path(__file__).with_name("crowd.py"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    crowd = subprocess.Popen(
        [sys.executable, "-I", "-S", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    bodies = [json.dumps(order, ensure_ascii=False) for order in orders]
    sending = {"address": address, "path": "/s/check-in/", "bodies": bodies, "phones": phones}
    with crowd.stdin as orders_in:
        orders_in.write(json.dumps(sending))
    killed, told = 0, ""
    for line in crowd.stdout:
        if not line.strip().isdigit():
            told = line
            continue
        if killed < kills and int(line) >= (killed + 1) * len(orders) // (kills + 1):
            killed += 1
            kill()
    if crowd.wait(60) or not told:
        raise RuntimeError("The hall was not answered.")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome.own_cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = json.loads(told)
    outcome.seconds, outcome.sent_again, outcome.kills = said["seconds"], said["sent_again"], killed
    outcome.wrong = list(_wrong(session, orders, said["answers"]))
    return outcome


def _wrong(session: ConsultSession, orders: list[dict[str, str]], answers: list[Any]) -> Any:
    """What does not hold: everything acknowledged is there, nothing is there twice."""
    people = len({order["key"] for order in orders})
    statuses = {status for status, _body in answers}
    if not statuses <= {200, 201}:
        yield f"answers {sorted(statuses)}"
    by_key: dict[str, set[str]] = {}
    for order, (_status, body) in zip(orders, answers, strict=True):
        by_key.setdefault(order["key"], set()).add(body)
    if several := sum(len(bodies) > 1 for bodies in by_key.values()):
        yield f"{several} people were given two different answers"
    rows = list(CheckIn.objects.filter(session=session).values_list("key", "participant_id"))
    if {str(key) for key, _line in rows} != set(by_key) or len(rows) != people:
        yield f"{len(rows)} rows of signing in for {people} people"
    if len({line for _key, line in rows}) != people:
        yield "two signed in on one line"
    lines = list(session.participants.all())
    if sum(heads(line) for line in lines) != people:
        yield f"{sum(heads(line) for line in lines)} heads on the roster for {people} people"
    if len(lines) != max(people, sum(not line.is_walk_in for line in lines)):
        yield f"{len(lines)} lines on the roster"
    for what, count in (
        ("entries in the record", Entry.objects.about(session).filter(verb="session.sign_in").count()),
        ("events", Event.objects.filter(name="session.sign_in", payload__session_id=session.pk).count()),
    ):
        if count != people:
            yield f"{count} {what} for {people} people"


def kill_one(workers: Callable[[], list[int]]) -> Callable[[], None]:
    """kill -9 of one web worker, another each time."""

    def kill() -> None:
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(random.choice(workers()), signal.SIGKILL)  # noqa: S311  chance, no secret

    return kill
