"""The rows of signing in. Written once for a key, a line and a person; what is derived from them follows at once."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models.functions import Now

from sessions.models import CheckIn, Participant
from sessions.states import Attendance

#: Walk-ins stand behind the list, in the order in which they came; nobody counts the lines to find the next number.
WALK_IN_PLACE = 10_000
#: Left out when two spellings of a name are compared.
_UNHEARD = dict.fromkeys(map(ord, " \u3000\u00b7\u2022\u2027\u30fb\uff65."))

_WRITE = """
INSERT INTO consult_sessions_checkin
  (uuid, session_id, participant_id, key, how, claimed_at, category, person, came, by_id, proxy_name, proxy_reason)
VALUES (gen_random_uuid(), %(session)s,
  coalesce(%(participant)s::bigint, nextval(pg_get_serial_sequence('consult_sessions_participant', 'id'))),
  %(key)s, %(how)s, %(claimed_at)s, %(category)s, %(person)s, %(came)s, %(by)s, %(proxy_name)s, %(proxy_reason)s)
ON CONFLICT DO NOTHING
RETURNING uuid, participant_id, at
"""


@dataclass(frozen=True)
class SignedIn:
    """The answer: the same for the same key, however often it is sent."""

    uuid: UUID
    participant_id: int
    at: datetime
    how: str
    is_new: bool = False


def squeezed(name: str) -> str:
    """A name as two people would agree that it is the same: without spaces and dots, in one width and case."""
    return without_marks(unicodedata.normalize("NFKC", name)).casefold()[:60]


def without_marks(name: str) -> str:
    return name.translate(_UNHEARD)


def write(
    session_id: int,
    *,
    participant_id: int | None,
    key: UUID,
    how: str,
    category: str,
    person: str = "",
    came: int | None = None,
    by: Any = None,
    claimed_at: datetime | None = None,
    proxy_name: str = "",
    proxy_reason: str = "",
) -> SignedIn | None:
    """One row, with a fresh number for a line that is yet to be written; None when key, line or person has one."""
    values = {
        "session": session_id,
        "participant": participant_id,
        "key": key,
        "how": str(how),
        "claimed_at": claimed_at,
        "category": str(category),
        "person": person,
        "came": came,
        "by": by.pk if by is not None else None,
        "proxy_name": proxy_name,
        "proxy_reason": proxy_reason,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        row = cursor.fetchone()
    return SignedIn(row[0], row[1], row[2], str(how), is_new=True) if row else None


def of_key(key: UUID) -> CheckIn | None:
    return CheckIn.objects.filter(key=key).first()


def answer_of(row: CheckIn) -> SignedIn:
    return SignedIn(row.uuid, row.participant_id, row.at, row.how)


def mark_present(signed: SignedIn, *, by: Any, came: int | None, proxy_name: str) -> None:
    """The line says what the row says."""
    Participant.objects.filter(pk=signed.participant_id).update(
        attendance=Attendance.PRESENT,
        signed_in_at=signed.at,
        signed_in_by=by,
        came=came,
        proxy_name=proxy_name,
        left_at=None,
    )


def replace(
    line: Participant,
    *,
    how: str,
    by: Any,
    came: int | None,
    key: UUID | None = None,
    proxy_name: str = "",
    proxy_reason: str = "",
    claimed_at: datetime | None = None,
) -> SignedIn | None:
    """What counts for this line from now on; the line is locked by the caller. None when the key was used elsewhere."""
    take_back(line, by=by)
    return write(
        line.session_id,
        participant_id=line.pk,
        key=key or uuid4(),
        how=how,
        category=line.category,
        came=came,
        by=by,
        claimed_at=claimed_at,
        proxy_name=proxy_name,
        proxy_reason=proxy_reason,
    )


def take_back(line: Participant, *, by: Any) -> int:
    """The row stays and no longer counts."""
    rows = CheckIn.objects.filter(participant_id=line.pk, taken_back_at=None)
    return rows.update(taken_back_at=Now(), taken_back_by=by)
