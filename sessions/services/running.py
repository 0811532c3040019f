"""Holding a session: open it, close it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from sessions.models import ConsultSession
from sessions.services import gates
from sessions.services.matters import settle
from sessions.services.moves import advance, locked, moment
from sessions.services.roster import freeze_roster
from sessions.states import SESSION_WORKFLOW


@transaction.atomic
def open_session(session: ConsultSession, *, actor: Any, at: datetime | None = None) -> ConsultSession:
    """Begin; from now on people sign in."""
    session = locked(session)
    SESSION_WORKFLOW.check(session, "open", actor=actor)
    return advance(session, "open", actor=actor, at=at, opened_at=moment(at, session.moved_at))


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
    session.agenda.filter(started_at__isnull=False, ended_at=None).update(ended_at=happened)
    session = advance(
        session, "close", actor=actor, at=happened, held_at=happened, no_statements=no_statements and not spoke
    )
    settle(session, actor=actor, at=happened)
    return session
