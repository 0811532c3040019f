"""Telling many people many things: one statement for the inbox, one for what leaves the machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from .kinds import kind_of
from .models import InboxItem
from .routing import host_of, one_line, route, withdraw
from .wording import dress


@dataclass(frozen=True)
class Note:
    """One thing one account is to be told; said again under the same key, it changes nothing."""

    account: Any
    key: str
    title: Any
    body: Any = ""
    url: str = ""
    event_id: int | None = None
    host_id: int | None = None
    kind: str = ""
    due_on: date | None = None
    #: {matter}, {unit}, {number} … for a CPPCC that words its notices itself.
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, str]:
        return (self.account.pk, self.key)


@dataclass(frozen=True)
class Told:
    """A note that was new, and the row of the inbox it has become."""

    item_id: int
    note: Note

    @property
    def title(self) -> str:
        return one_line(self.note.title, 200)


_INSERT = """
INSERT INTO delivery_inboxitem (uuid, account_id, key, title, body, url, event_id, kind, due_on)
SELECT gen_random_uuid(), * FROM unnest(
    %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::date[])
ON CONFLICT (account_id, key) DO NOTHING
RETURNING id, account_id, key
"""


@transaction.atomic
def bulk_tell(notes: Iterable[Note]) -> list[Told]:
    """Tell them all; what was new. Always in the same order, so that two who tell the same do not block each other."""
    by_place: dict[tuple[int, str], Note] = {}
    for note in notes:
        if note.place not in by_place:
            by_place[note.place] = _dressed(note)
    rows = [by_place[place] for place in sorted(by_place)]
    if not rows:
        return []
    columns = [
        [note.account.pk for note in rows],
        [note.key for note in rows],
        [one_line(note.title, 200) for note in rows],
        [str(note.body) for note in rows],
        [note.url for note in rows],
        [note.event_id for note in rows],
        [note.kind for note in rows],
        [note.due_on for note in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns)
        found = sorted(cursor.fetchall())
    fresh = [Told(item_id, by_place[account_id, key]) for item_id, account_id, key in found]
    route(fresh)
    return fresh


def _dressed(note: Note) -> Note:
    """The kind it is of, and in the words of the CPPCC that speaks."""
    kind = note.kind or kind_of(note.key)
    facts = {**note.facts, "due": note.facts.get("due") or note.due_on}
    title, body = dress(kind, host_of(note), title=str(note.title), body=str(note.body), facts=facts)
    return replace(note, kind=kind, title=title, body=body)


@transaction.atomic
def recall_all(keys: Iterable[str]) -> int:
    """What was told under these keys no longer holds: unread items fall silent, waiting messages stay here."""
    keys = sorted(set(keys))
    if not keys:
        return 0
    withdraw(keys)
    return InboxItem.objects.filter(key__in=keys).unread().update(recalled_at=Now())
