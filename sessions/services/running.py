"""Holding a session: open it, close it; in which languages it is held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from consult.text.typed import line
from sessions.models import ConsultSession
from sessions.services import gates
from sessions.services.admission import give_code
from sessions.services.matters import settle
from sessions.services.moves import advance, keep, locked, moment, note, save
from sessions.services.roster import freeze_roster
from sessions.states import SESSION_WORKFLOW


@transaction.atomic
def open_session(session: ConsultSession, *, actor: Any, at: datetime | None = None) -> ConsultSession:
    """Begin; from now on people sign in."""
    session = locked(session)
    SESSION_WORKFLOW.check(session, "open", actor=actor)
    session = advance(session, "open", actor=actor, at=at, opened_at=moment(at, session.moved_at))
    give_code(session)
    return session


@transaction.atomic
def close_session(
    session: ConsultSession, *, actor: Any, at: datetime | None = None, no_statements: bool = False
) -> ConsultSession:
    """End the sitting: the roster is frozen, and every topic without another open session is thereby consulted."""
    session = locked(session)
    SESSION_WORKFLOW.check(session, "close", actor=actor)
    spoke = session.statements.exists()
    if not actor.is_system:
        gates.refuse(gates.before_closing(session, no_statements=no_statements))
        freeze_roster(session)
    happened = moment(at, session.moved_at)
    session.participants.exclude(floor_at=None).update(floor_at=None)
    ended = Greatest("started_at", Value(happened))  # clocks are put back; nothing ends before it began
    session.agenda.filter(started_at__isnull=False, ended_at=None).update(ended_at=ended)
    session = advance(
        session, "close", actor=actor, at=happened, held_at=happened, no_statements=no_statements and not spoke
    )
    settle(session, actor=actor, at=happened)
    return session


@transaction.atomic
def set_languages(
    session: ConsultSession, *, actor: Any, languages: Sequence[str] = (), interpreter: str = ""
) -> ConsultSession:
    """Which languages are spoken and who interprets; in the room one knows better than when it was planned."""
    session = keep(session, "set_languages", actor=actor)
    wanted = list(dict.fromkeys(line("languages", one, 30) for one in languages))
    wanted, name = [one for one in wanted if one][:8], line("interpreter", interpreter, 60)
    if (session.languages, session.interpreter) == (wanted, name):
        return session
    session.languages, session.interpreter = wanted, name
    save(session)
    note(session, "set_languages", actor=actor, before=session.state, data={"languages": wanted})
    return session
