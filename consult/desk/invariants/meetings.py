"""I3 and I5: nobody signs in twice to one session, and neither a room nor a seat is given twice."""

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


_TWICE = """
SELECT session_id, {what}, count(*) FROM consult_sessions_checkin WHERE taken_back_at IS NULL AND {what} <> '{none}'
GROUP BY session_id, {by} HAVING count(*) > 1 ORDER BY session_id
"""
_ASTRAY = """
SELECT c.id, c.session_id FROM consult_sessions_checkin c JOIN consult_sessions_participant p ON p.id = c.participant_id
WHERE c.taken_back_at IS NULL AND (p.session_id <> c.session_id OR p.attendance <> 'present' OR p.signed_in_at IS NULL)
ORDER BY c.id
"""
_KEYS = "SELECT key, count(*) FROM consult_sessions_checkin GROUP BY key HAVING count(*) > 1"
_STRAYED = """
SELECT p.id, p.session_id FROM consult_sessions_participant p JOIN consult_sessions_participant line
  ON line.id = p.listed_in_id
WHERE line.session_id <> p.session_id OR line.category <> p.category OR line.is_walk_in OR line.count < 2 ORDER BY p.id
"""
_UNRECORDED = """
SELECT s.id, s.n, coalesce(e.n, 0) FROM (
  SELECT session_id AS id, count(*) AS n FROM consult_sessions_checkin
  WHERE how IN ('screen_qr', 'code', 'self') OR (how = 'proxy' AND person <> '') GROUP BY session_id) s
LEFT JOIN (
  SELECT subject_id AS id, count(*) AS n FROM audit_entry
  WHERE verb = 'session.sign_in' AND subject_type = 'consult_sessions.consultsession' GROUP BY subject_id) e USING (id)
WHERE s.n > coalesce(e.n, 0) ORDER BY s.id
"""


def broken_check_ins() -> Iterator[str]:
    """Each key once; each line and each person once among those that count; the line says what the row says."""
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        for key, count in cursor.fetchall():
            yield f"key {key} signed in {count} times"
        for what, by, none in (("participant_id", "participant_id", 0), ("person", "category, person", "")):
            cursor.execute(_TWICE.format(what=what, by=by, none=none))
            for session, who, count in cursor.fetchall():
                # A name does not belong into what is printed.
                label = f"line {who}" if what == "participant_id" else "a person without a line"
                yield f"session {session}: {label} is signed in {count} times"
        cursor.execute(_ASTRAY)
        for row, session in cursor.fetchall():
            yield f"session {session}: check-in {row} counts, its line does not say so"
        cursor.execute(_STRAYED)
        for row, session in cursor.fetchall():
            yield f"session {session}: line {row} is counted by one that cannot count it"
        cursor.execute(_UNRECORDED)
        for session, count, recorded in cursor.fetchall():
            yield f"session {session}: {count} signed in by themselves, {recorded} entries in the record"


_SEATS = """
SELECT s.id, s.seats, s.last_sign_up, count(u.id), count(u.id) FILTER (WHERE u.state = 'seated'),
  count(u.id) FILTER (WHERE u.state = 'waiting'), coalesce(max(u.position), 0),
  count(p.id) FILTER (WHERE p.session_id = s.id AND NOT p.is_walk_in)
FROM consult_sessions_consultsession s LEFT JOIN session_signup u ON u.session_id = s.id
LEFT JOIN consult_sessions_participant p ON p.id = u.participant_id
WHERE s.seats IS NOT NULL OR u.id IS NOT NULL OR s.last_sign_up > 0 GROUP BY s.id ORDER BY s.id
"""


def broken_seats() -> Iterator[str]:
    """Never more seated than seats, each with his line; nobody waits beside a free seat; positions without a gap."""
    with connection.cursor() as cursor:
        cursor.execute(_SEATS)
        for session, seats, counter, rows, seated, waiting, last, lines in cursor.fetchall():
            if seats is None or seated > seats:
                yield f"session {session}: {seated} seated, {seats or 0} seats"
            elif waiting and seated < seats:
                yield f"session {session}: {waiting} wait, {seats - seated} seats are free"
            if seated != lines:
                yield f"session {session}: {seated} seated, {lines} lines of the roster"
            if not rows == last == counter:
                yield f"session {session}: {rows} sign-ups, the last is number {last}, counted {counter}"


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
