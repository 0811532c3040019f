"""I3 and I5: nobody signs in twice to one session, and no room is held twice."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, F
from django.db.models.functions import Coalesce

from sessions.models import ConsultSession, Participant
from sessions.states import BOOKING_STATES, Attendance


def double_check_ins() -> Iterator[str]:
    """One line of the roster per member and per person behind an account, signed in at most once."""
    signed_in = Participant.objects.filter(attendance=Attendance.PRESENT)
    person = Coalesce("account_id", "member__account_id")
    for name, key in (("member", F("member_id")), ("account", person)):
        rows = signed_in.annotate(who=key).filter(who__isnull=False).order_by()
        for row in rows.values("session_id", "who").annotate(n=Count("pk")).filter(n__gt=1):
            yield f"session {row['session_id']}: {name} {row['who']} is signed in {row['n']} times"


_OVERLAPS = """
SELECT a.id, b.id, a.room_id FROM {table} a JOIN {table} b
  ON a.room_id = b.room_id AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
WHERE a.state = ANY(%s) AND b.state = ANY(%s) AND NOT a.is_backfilled AND NOT b.is_backfilled
ORDER BY a.id, b.id
"""


def double_bookings() -> Iterator[str]:
    """Two sessions that hold the same room at the same time; counted anew, not asked of the constraint."""
    states = [str(state) for state in BOOKING_STATES]
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPS.format(table=ConsultSession._meta.db_table), [states, states])
        for first, second, room in cursor.fetchall():
            yield f"room {room}: sessions {first} and {second} hold it at the same time"
