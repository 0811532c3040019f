"""Telling many people many things: one statement for the inbox, one for what leaves the machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db import connection, transaction
from django.db.models.functions import Now

from .kinds import kind_of
from .models import InboxItem
from .notes import Note, Told
from .routing import host_of, one_line, route, withdraw
from .wording import dress

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
    title, body = dress(kind, host_of(note), title=str(note.title), body=str(note.body), facts=note.known)
    return replace(note, kind=kind, title=title, body=body)


@transaction.atomic
def recall_all(keys: Iterable[str]) -> int:
    """What was told under these keys no longer holds: unread items fall silent, waiting messages stay here."""
    keys = sorted(set(keys))
    if not keys:
        return 0
    withdraw(keys)
    return InboxItem.objects.filter(key__in=keys).unread().update(recalled_at=Now())
