"""Has anything changed? One statement answers for the desks; for the screens a process asks it twice a second at most,
whatever the number of those who look."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.crypto import salted_hmac

from sessions.models import ConsultSession
from sessions.services.admission import screen_token
from sessions.states import SessionState

#: A screen is opened from so long before the session until so long after it.
EARLY, LATE = timedelta(hours=3), timedelta(hours=1)
#: A session that somebody forgot to close is not shown for ever.
LONGEST = timedelta(hours=24)
FRESH = 0.5  # seconds for which the answer of the database is good
_MOST = 512  # screens remembered by a process

# Entries are only ever added, so their number is a version: of two that commit out of order none is missed.
_PULSE = """
SELECT s.id, s.uuid, s.state, s.starts_at, s.opened_at, s.held_at, clock_timestamp(), s.moved_at,
  (SELECT count(*) FROM audit_entry e WHERE e.subject_type = 'consult_sessions.consultsession' AND e.subject_id = s.id),
  p.lines, p.present, p.heads, p.signed, p.left_at, p.asked, p.asked_at, p.floor_at
FROM consult_sessions_consultsession s,
LATERAL (SELECT count(*) AS lines, count(*) FILTER (WHERE attendance = 'present') AS present,
  sum(coalesce(came, count)) FILTER (WHERE attendance = 'present') AS heads, max(signed_in_at) AS signed,
  max(left_at) AS left_at, count(asked_at) AS asked, max(asked_at) AS asked_at, max(floor_at) AS floor_at
  FROM consult_sessions_participant WHERE session_id = s.id) p
WHERE s.id = {which}
"""
_BY_ID = _PULSE.format(which="%s")
_BY_CODE = _PULSE.format(which="(SELECT session_id FROM session_livescreen WHERE code = %s)")


@dataclass
class Beat:
    """How a session stood when it was last asked for."""

    session_id: int
    uuid: UUID
    stamp: str
    state: str
    now: datetime
    is_shown: bool
    read_at: float = field(default_factory=time.monotonic)
    etag: str = ""
    bodies: dict[Any, bytes] = field(default_factory=dict)
    drawing: Any = field(default_factory=threading.Lock)  # one draws, the others wait for what he draws

    @property
    def clock(self) -> datetime:
        """The database's clock, carried on."""
        return self.now + timedelta(seconds=time.monotonic() - self.read_at)


def pulse_of(session: ConsultSession) -> Beat:
    """Asked anew for each desk: a version of all that its page shows."""
    found = _ask(_BY_ID, session.pk)
    if found is None:
        raise ConsultSession.DoesNotExist
    return found


def _ask(statement: str, key: Any) -> Beat | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        row = cursor.fetchone()
    if row is None:
        return None
    session_id, uuid, state, starts_at, opened_at, held_at, now, *rest = row
    told = repr((session_id, state, starts_at, *rest))
    stamp = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
    return Beat(session_id, uuid, stamp, state, now, _is_shown(state, starts_at, opened_at, held_at, now))


def _is_shown(state: str, starts_at: datetime, opened_at: Any, held_at: Any, now: datetime) -> bool:
    if state in (SessionState.PLANNED, SessionState.ANNOUNCED):
        return starts_at - EARLY <= now <= starts_at + LONGEST
    if state == SessionState.IN_PROGRESS:
        return now <= (opened_at or starts_at) + LONGEST
    return bool(state == SessionState.HELD and held_at and now <= held_at + LATE)


# screens --------------------------------------------------------------------------------------------------------------

_beats: dict[str, Beat] = {}
_asking: dict[str, threading.Lock] = {}
_guard = threading.Lock()


def beat_of(code: str) -> Beat | None:
    """How the session behind a screen stands, not older than half a second; none if the code opens nothing now."""
    known = _beats.get(code)
    if known is not None and time.monotonic() - known.read_at < FRESH:
        return known
    if known is None:
        return _renew(code, None)
    lock = _asking.setdefault(code, threading.Lock())
    if not lock.acquire(blocking=False):
        return known  # somebody asks already; a moment later this one is answered too
    try:
        return _renew(code, known)
    finally:
        lock.release()


def _renew(code: str, known: Beat | None) -> Beat | None:
    fresh = _ask(_BY_CODE, code)
    if fresh is None or not fresh.is_shown:
        forget(code)
        return None
    secret = (code, fresh.stamp, _link(fresh))
    fresh.etag = f'"{salted_hmac("sessions.screen", repr(secret)).hexdigest()[:24]}"'
    if known is not None and known.etag == fresh.etag:
        fresh.bodies = known.bodies
    with _guard:
        if len(_beats) >= _MOST:
            _beats.clear()
            _asking.clear()
        _beats[code] = fresh
    return fresh


def _link(beat: Beat) -> str:
    """The code for signing in changes every minute, and the screen with it."""
    if beat.state != SessionState.IN_PROGRESS:
        return ""
    return screen_token(ConsultSession(pk=beat.session_id, uuid=beat.uuid), now=beat.now)


def forget(code: str) -> None:
    with _guard:
        _beats.pop(code, None)
        _asking.pop(code, None)


def forget_all() -> None:
    """For tests, and after a fork."""
    with _guard:
        _beats.clear()
        _asking.clear()
