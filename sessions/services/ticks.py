"""Marks that were made where there was no network: when they happened, whether they are here already, and what stands
here instead. A telephone sends them late and perhaps twice; the roster may have gone on meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from consult.dbclock import database_now
from consult.errors import LostRace
from consult.text import typed
from sessions.models import CheckIn, ConsensusPoint, ConsultSession, DissentPoint, Participant, Statement
from sessions.services.lines import known
from sessions.services.moves import CLOCKS_DIFFER, aware
from sessions.states import RECORD_WORKFLOW

#: People come before the session is opened; a clock that says more than this is wrong.
EARLY = timedelta(hours=3)
_LINES: dict[str, Any] = {"add_statement": Statement, "agree_point": ConsensusPoint, "keep_dissent": DissentPoint}


class MarkedOtherwise(LostRace):
    """Somebody else marked this line meanwhile, and said something else; nothing is written over."""

    code = "marked_otherwise"
    sentence = _("Somebody else has marked this line otherwise meanwhile; look which of the two is right.")

    def __init__(self, row: Participant):
        super().__init__()
        self.row = row

    def as_dict(self) -> dict[str, Any]:
        row = self.row
        current = {"attendance": row.attendance, "came": row.came, "signed_in_at": row.signed_in_at}
        return {**super().as_dict(), "current": current}


def happened(session: ConsultSession, at: datetime | None) -> datetime | None:
    """The moment that a telephone names, where it can be true; else nothing, and the time of arrival counts."""
    at, now = aware(at), database_now()
    if at is None or at > now + CLOCKS_DIFFER or at < (session.opened_at or session.starts_at) - EARLY:
        return None
    return min(at, now)


def refuse_otherwise(row: Participant, was: str | None, attendance: str) -> None:
    """``was`` is how the line stood for whoever marked it; left out, his word simply counts."""
    if was is not None and row.attendance not in (was, attendance):
        raise MarkedOtherwise(row)


def signed_by(session: ConsultSession, key: UUID | None) -> Participant | None:
    """The line that was signed in under this key."""
    if key is None:
        return None
    row = CheckIn.objects.filter(key=key, session_id=session.pk).select_related("participant").first()
    return row.participant if row is not None else None


def has_arrived(session: ConsultSession, verb: str, said: Any, *, actor: Any) -> bool:
    """Sent once more, also after the close, what is here already is answered as it stands and changes nothing."""
    if verb in _LINES:
        return known(_LINES[verb], session, typed.key_of(said.get("client_id")), actor=actor) is not None
    if verb not in ("mark_attendance", "walk_in") or not actor.has_perm(RECORD_WORKFLOW.perm(verb), session):
        return False
    if signed_by(session, typed.key_of(said.get("key"))) is not None:
        return True
    if verb == "walk_in" or session.is_open:
        return False
    line = session.participants.filter(uuid=typed.key_of(said.get("participant"))).first()
    # The roster is frozen; a mark that says what it says is no dispute.
    same = line is not None and line.attendance == said.get("attendance") and said.get("came") in (None, line.came)
    return same and line.proxy_name == (said.get("proxy_name") or "")
