"""Telling many people many things: one statement for the inbox, one for what leaves the machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models.functions import Now

from .kinds import kind_of
from .models import InboxItem
from .notes import Note, Told
from .routing import host_of, one_line, route, withdraw
from .sql import as_rows, in_order
from .wording import Texts, dress, texts_of

_INSERT = """
INSERT INTO delivery_inboxitem (uuid, account_id, key, title, body, url, event_id, kind, due_on)
SELECT gen_random_uuid(), * FROM json_to_recordset(%s) AS each(
    account bigint, key text, title text, body text, url text, event bigint, kind text, due date)
ON CONFLICT (account_id, key) DO NOTHING
RETURNING id, account_id, key
"""


class _Item(NamedTuple):
    account: int
    key: str
    title: str
    body: str
    url: str
    event: int | None
    kind: str
    due: str | None


@transaction.atomic
def bulk_tell(notes: Iterable[Note]) -> list[Told]:
    """Tell them all; what was new. Always in the same order, so that two who tell the same do not block each other."""
    by_place: dict[tuple[int, str], Note] = {}
    known: dict[tuple[str, int | None], Texts] = {}
    for note in notes:
        if note.place not in by_place:
            by_place[note.place] = _dressed(note, known)
    rows = [by_place[place] for place in sorted(by_place)]
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [as_rows([_item(note) for note in rows])])
        found = sorted(cursor.fetchall())
    fresh = [Told(item_id, by_place[account_id, key]) for item_id, account_id, key in found]
    route(fresh)
    return fresh


def _item(note: Note) -> _Item:
    return _Item(
        account=note.account.pk,
        key=note.key,
        title=one_line(note.title, 200),
        body=str(note.body),
        url=note.url,
        event=note.event_id,
        kind=note.kind,
        due=note.due_on.isoformat() if note.due_on else None,
    )


def _dressed(note: Note, known: dict[tuple[str, int | None], Texts]) -> Note:
    """The kind it is of, and in the words of the CPPCC that speaks, which are looked up once for all notes."""
    kind, host = note.kind or kind_of(note.key), host_of(note)
    if (kind, host) not in known:
        known[kind, host] = texts_of(host, kind)
    title, body = str(note.title), str(note.body)
    if not known[kind, host].is_default:
        title, body = dress(known[kind, host], kind, title=title, body=body, facts=note.known)
    return note._replace(kind=kind, title=title, body=body)


@transaction.atomic
def recall_all(keys: Iterable[str]) -> int:
    """What was told under these keys no longer holds: unread items fall silent, waiting messages stay here."""
    keys = sorted(set(keys))
    if not keys:
        return 0
    withdraw(keys)
    return in_order(InboxItem.objects.filter(key__in=keys).unread()).update(recalled_at=Now())
