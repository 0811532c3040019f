"""Running the ladders: look, write the rows that can exist once, tell. Safe to run twice, late, or at once.

Items are read in pages. Those that stand on a rung nobody was told of are locked (what another worker has, or a move
holds, is left for later), read again, and told in one transaction per batch: a worker that dies leaves a whole batch
or none of it, and what has moved in the meantime is not told.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice, takewhile
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from consult import calendar, options
from consult.delivery import Note, bulk_tell, recall_all
from consult.delivery.kinds import kind_of
from consult.delivery.sql import among
from consult.options.defaults import LADDER as LADDER_OPTIONS

from .climbing import rungs_to_send
from .ladder import Due, Ladder, Rung, ladders
from .models import Reminder, inbox_key

log = logging.getLogger(__name__)

LADDER_KEYS = [option.key for option in LADDER_OPTIONS]
#: Items looked at together, and items told in one transaction.
PAGE, BATCH = 5000, 1000
Steps = list[tuple[Rung, date]]
Told = dict[tuple[int, date], dict[str, date]]


class Notice(NamedTuple):
    """One row to be: this item, this rung, this person."""

    due: Due
    rung: Rung
    fires_on: date
    account: Any

    @property
    def place(self) -> tuple[int, str, int, date]:
        return (self.due.item_id, self.rung.name, self.account.pk, self.due.due_on)


def run_ladders(today: date | None = None) -> int:
    """Remind everybody of what stands on a rung today, and recall what stands no longer; the number of notices."""
    today = today or timezone.localdate()
    return sum(_run(ladder, today) for ladder in ladders().values())


def _run(ladder: Ladder, today: date) -> int:
    """A ladder that cannot be read at all is logged and does not keep the others from being climbed."""
    try:
        return Climb(ladder, today).run()
    except Exception:
        log.exception("ladder %s", ladder.kind)
        return 0


def recheck(kind: str, item_id: int, *, today: date | None = None) -> int:
    """The item has moved: what nobody has read of notices that hold no longer falls silent at once."""
    today = today or timezone.localdate()
    standing = set(Reminder.objects.standing(kind).filter(item_id=item_id).values_list("item_id", "due_on"))
    return _recall(kind, standing - _owed(ladders()[kind], [item_id], today)) if standing else 0


class Climb:
    """One look at one ladder."""

    def __init__(self, ladder: Ladder, today: date):
        self.ladder, self.today = ladder, today
        self._known: dict[tuple[int | None, date, date], Steps] = {}

    def run(self) -> int:
        notices, seen = 0, set()
        dues = self.ladder.dues(self.today)
        while page := list(islice(dues, PAGE)):
            seen |= {(due.item_id, due.due_on) for due in page}
            told = _told(self.ladder.kind, page)
            waiting = [due for due in page if self._to_send(due, told)]
            for first in range(0, len(waiting), BATCH):
                notices += self._tell(waiting[first : first + BATCH])
        self._recall_moved(seen)
        return notices

    def steps(self, due: Due) -> Steps:
        """The same for all items of a host with these days, of which there are many."""
        key = (due.host_id, due.due_on, due.recorded_on)
        if key not in self._known:
            steps = rungs_to_send(
                due,
                self.ladder.rungs,
                today=self.today,
                calendar=calendar.calendar_of(due.host_id),
                settings=self._settings(due),
                weekly=self.ladder.weekly,
            )
            self._known[key] = [(replace(rung, label=str(rung.label)), day) for rung, day in steps]
        return self._known[key]

    def _settings(self, due: Due) -> dict[str, Any]:
        """The days of the ladder as they were when the item was recorded: a change binds what is recorded later."""
        return {key: options.promised(due.host_id, key, due.recorded_on) for key in LADDER_KEYS}

    def _to_send(self, due: Due, told: Told) -> Steps:
        """The rungs since the last that was told; with that one the earlier ones were made up for.

        By their days as well as their names: a clock that has jumped back stands on an earlier rung.
        """
        settled = told.get((due.item_id, due.due_on))
        if not settled:
            return self.steps(due)
        last = max(settled.values())
        return list(takewhile(lambda step: step[0].name not in settled and step[1] > last, self.steps(due)))

    def _tell(self, dues: list[Due]) -> int:
        """All at once; if that fails, one by one, so that one bad item does not keep the others from being told."""
        try:
            return self._tell_batch(dues)
        except Exception:
            if len(dues) == 1:
                log.exception("ladder %s: item %s", self.ladder.kind, dues[0].item_id)
                return 0
        return sum(self._tell([due]) for due in dues)

    @transaction.atomic
    def _tell_batch(self, dues: list[Due]) -> int:
        """What somebody else has told meanwhile is not even read again."""
        free = self._locked(dues)
        told = _told(self.ladder.kind, free)
        dues = self._as_they_stand([due for due in free if self._to_send(due, told)])
        wanted = [notice for due in dues for notice in _to_each_once(due, self._to_send(due, told))]
        fresh = _write(self.ladder.kind, wanted)
        bulk_tell(map(_note, fresh))
        return len(fresh)

    def _locked(self, dues: list[Due]) -> list[Due]:
        """Those that are now ours: what somebody else holds waits for the next run."""
        if self.ladder.rows is None:
            return dues
        table = self.ladder.rows(self.today).model._default_manager
        wanted = table.filter(pk__in=among(due.item_id for due in dues)).order_by("pk")
        locked = set(wanted.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
        return [due for due in dues if due.item_id in locked]

    def _as_they_stand(self, dues: list[Due]) -> list[Due]:
        """Read again under lock: what has moved since is dropped."""
        if self.ladder.rows is None or not dues:
            return dues
        return list(self.ladder.dues(self.today, of=[due.item_id for due in dues]))

    def _recall_moved(self, seen: set[tuple[int, date]]) -> None:
        """Answered, sent back, annulled or given another day: what is unread about it falls silent."""
        kind = self.ladder.kind
        standing = set(Reminder.objects.standing(kind).values_list("item_id", "due_on").distinct())
        moved = sorted(standing - seen)
        for first in range(0, len(moved), BATCH):
            some = moved[first : first + BATCH]
            _recall(kind, set(some) - _owed(self.ladder, [item_id for item_id, _due_on in some], self.today))


def _owed(ladder: Ladder, item_ids: Iterable[int], today: date) -> set[tuple[int, date]]:
    return {(due.item_id, due.due_on) for due in ladder.dues(today, of=item_ids)}


def _told(kind: str, dues: Iterable[Due]) -> Told:
    """Rungs on which somebody has been told, with their days, by item and due date; one query for all."""
    told: Told = defaultdict(dict)
    rows = Reminder.objects.filter(kind=kind, item_id__in=among(due.item_id for due in dues))
    for item_id, due_on, rung, day in rows.values_list("item_id", "due_on", "rung", "fires_on").distinct():
        told[item_id, due_on][rung] = day
    return told


@transaction.atomic
def _recall(kind: str, moved: set[tuple[int, date]]) -> int:
    """Locked in one order, so that of two who recall the same at once the second waits and finds nothing left."""
    if not moved:
        return 0
    rows = Reminder.objects.standing(kind).filter(item_id__in=among({item_id for item_id, _due_on in moved}))
    locked = rows.order_by("pk").select_for_update(no_key=True).only("item_id", "due_on", "rung")
    gone = [row for row in locked if (row.item_id, row.due_on) in moved]
    Reminder.objects.filter(pk__in=among(row.pk for row in gone)).update(cancelled_at=Now())
    recall_all({inbox_key(kind, row.item_id, row.rung, row.due_on) for row in gone})
    return len(gone)


def _to_each_once(due: Due, steps: Steps) -> Iterator[Notice]:
    """The current rung to its people; after an outage a missed one only to those whom no later rung reaches."""
    told: set[int] = set()
    for rung, fires_on in steps:
        people = {account.pk: account for account in due.recipients(rung.name)}
        for pk in sorted(people.keys() - told):
            yield Notice(due, rung, fires_on, people[pk])
        told |= people.keys()


_INSERT = """
INSERT INTO reminders_reminder (kind, item_id, host_id, rung, account_id, due_on, fires_on)
SELECT %s, * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::date[], %s::date[])
ON CONFLICT DO NOTHING
RETURNING item_id, rung, account_id, due_on
"""


def _write(kind: str, notices: Iterable[Notice]) -> list[Notice]:
    """Write the rows, all by one statement and always in the same order; those that were not there before."""
    by_place = {notice.place: notice for notice in notices}
    rows = [by_place[place] for place in sorted(by_place)]
    if not rows:
        return []
    columns: list[list[Any]] = [
        [row.due.item_id for row in rows],
        [row.due.host_id for row in rows],
        [row.rung.name for row in rows],
        [row.account.pk for row in rows],
        [row.due.due_on for row in rows],
        [row.fires_on for row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [kind, *columns])
        return [by_place[place] for place in cursor.fetchall()]


def _note(notice: Notice) -> Note:
    due, rung = notice.due, notice.rung
    key = inbox_key(due.kind, due.item_id, rung.name, due.due_on)
    return Note(
        notice.account,
        key=key,
        title=_title(due, rung),
        body=due.body(rung) if callable(due.body) else due.body,
        url=due.url,
        host_id=due.host_id,
        kind=kind_of(key),
        due_on=due.due_on,
        facts=due.facts,
    )


def _title(due: Due, rung: Rung) -> str:
    if callable(due.title):
        return due.title(rung)
    return _("%(step)s: %(title)s") % {"step": rung.label or rung.name, "title": due.title}
