"""A clock that a test winds on through a year, an office of two, and what must hold whatever they did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from unittest import mock

import time_machine
from django.utils import timezone

from consult.audit.models import Entry
from consult.desk.invariants import violations
from consult.outbox.services import relay
from consult.workflow import Workflow
from members.models import Account
from outcomes.services.notices import check_boards
from outcomes.states import ASSIGNMENT_WORKFLOW, NOTICE_WORKFLOW, OUTCOME_WORKFLOW
from sessions.services import clock, moves, record
from sessions.states import MINUTES_WORKFLOW, RECORD_WORKFLOW, SESSION_WORKFLOW
from tests.factories import people
from topics.states import TOPIC_WORKFLOW

TABLES: tuple[Workflow, ...] = (
    TOPIC_WORKFLOW,
    SESSION_WORKFLOW,
    MINUTES_WORKFLOW,
    OUTCOME_WORKFLOW,
    ASSIGNMENT_WORKFLOW,
    NOTICE_WORKFLOW,
)
NOUNS = {
    "topics.topic": TOPIC_WORKFLOW,
    "consult_sessions.consultsession": SESSION_WORKFLOW,
    "consult_sessions.minutes": MINUTES_WORKFLOW,
    "outcomes.outcome": OUTCOME_WORKFLOW,
    "outcomes.assignment": ASSIGNMENT_WORKFLOW,
    "outcomes.publicnotice": NOTICE_WORKFLOW,
}


class Year:
    """It is whatever day the test says, nine in the morning; whoever is told something is told before the day ends."""

    def __init__(self, traveller: Any):
        self._traveller = traveller

    def day(self, month: int, day: int, hour: int = 9) -> date:
        while relay():
            pass
        self._traveller.move_to(timezone.make_aware(datetime(2025, month, day, hour)))
        return timezone.localdate()

    def hours(self, hours: float) -> datetime:
        self._traveller.shift(timedelta(hours=hours))
        return timezone.now()


@contextmanager
def begin() -> Iterator[Any]:
    """``with begin() as traveller``: the first working morning of 2025, a year whose calendar is published.

    Moves of a session ask the database for the time; its clock is wound on with ours.
    """
    start = timezone.make_aware(datetime(2025, 1, 2, 9))
    with time_machine.travel(start, tick=False) as traveller, ExitStack() as clocks:
        for module in (moves, clock, record):
            clocks.enter_context(mock.patch.object(module, "database_now", timezone.now))
        yield traveller


class OfficeOfTwo:
    """Two clerks, and a leader who never signs in."""

    leader = "分管副主席"

    def __init__(self) -> None:
        self.host = people.host()
        self.one = people.office(self.host, username="clerk-one", display_name="办公室甲")
        self.two = people.office(self.host, username="clerk-two", display_name="办公室乙")

    @property
    def clock(self) -> Account:
        """The account by which beat makes its moves."""
        return Account.objects.system()


def verbs_made() -> set[str]:
    return set(Entry.objects.values_list("verb", flat=True).distinct())


def verbs_of(*tables: Workflow) -> set[str]:
    """As the record writes them; what is written into a session stands there as a move of the session."""
    nouns = {RECORD_WORKFLOW.noun: "session"}
    return {f"{nouns.get(table.noun, table.noun)}.{step.verb}" for table in tables for step in table}


def broken_steps() -> list[str]:
    """Every state has a move that led to it: the entries of one thing form a chain, and each link is in its table."""
    found = []
    last: dict[tuple[str, int], str] = {}
    for entry in Entry.objects.filter(subject_type__in=NOUNS).order_by("pk"):
        key, table = (entry.subject_type, entry.subject_id), NOUNS[entry.subject_type]
        verb = entry.verb.partition(".")[2]
        if entry.verb.startswith("file."):
            continue  # a paper put beside it moves nothing
        if entry.before != last.get(key, ""):
            found.append(f"{entry.verb} of {key} began in {entry.before!r}, but it was {last.get(key, '')!r}")
        if verb in table and entry.before != entry.after and entry.before:
            step = table.step(verb)
            if entry.before not in step.sources or entry.after not in step.leads_to:
                found.append(f"{entry.verb} of {key}: {entry.before} to {entry.after} is in no table")
        last[key] = entry.after
    return found


def broken() -> list[str]:
    """What manage.py check_invariants would print, and links that are missing in the chain of moves."""
    return [*broken_steps(), *check_boards(), *map(str, violations())]
