"""申请发言: whoever has signed in asks for the floor himself, by the page that said so or from his account.

No account is needed: the page of a signing in is known to him alone. He stands in the queue once, as if the recorder
had put him there, and can step back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from consult.errors import Missing, WrongState
from members.models import Account
from sessions.models import CheckIn, ConsultSession, Participant
from sessions.services import floor, tries
from sessions.services.admission import NotOurs
from sessions.services.moves import keep, locked, note
from sessions.services.roster import line_about
from sessions.states import Attendance, SessionState

CHANGES = 20  # of one signing in within ten minutes: more is not a person who makes up his mind


@dataclass(frozen=True)
class Turn:
    """How he stands in the queue: ``none``, ``waiting`` behind so many, or ``speaking``."""

    state: str
    ahead: int = 0


def turn_of(line: Participant) -> Turn:
    """Residents first, then in the order of asking: how many speak before him."""
    if line.floor_at is not None:
        return Turn("speaking")
    if line.asked_at is None:
        return Turn("none")
    waiting = [one.pk for one in floor.queue_of(line.session)]
    return Turn("waiting", waiting.index(line.pk) if line.pk in waiting else len(waiting))


def may_ask(line: Participant) -> bool:
    """He is in the room, and the session runs."""
    return not _trouble(line.session, line)


def is_known(signing_in: UUID) -> bool:
    return CheckIn.objects.filter(uuid=signing_in).exists()


@transaction.atomic
def ask_by_link(signing_in: UUID, *, back: bool = False) -> Participant:
    """By whoever holds the page of a signing in; asked twice, his first place holds."""
    row = CheckIn.objects.select_related("session").filter(uuid=signing_in).first()
    if row is None:
        raise NotOurs
    session = locked(row.session)
    line = Participant.objects.select_for_update(of=("self",)).get(pk=row.participant_id)
    row.refresh_from_db(fields=["taken_back_at"])
    if row.taken_back_at is not None:
        raise Missing(_("This signing in was taken back."))
    _refuse(session, line)
    if tries.note("floor", str(row.uuid)) > CHANGES:
        raise tries.TooOften
    return _ask(session, line, Account.objects.system(), back, on_behalf_of=str(line), data={"by_link": True})


@transaction.atomic
def ask_floor(line: Participant, *, actor: Any, back: bool = False) -> Participant:
    """From his own account, once he has signed in."""
    session = keep(line.session, "ask_floor", actor=actor, subject=line)
    line = Participant.objects.select_for_update(of=("self",)).get(pk=line.pk)
    _refuse(session, line)
    return _ask(session, line, actor, back)


def _ask(session: ConsultSession, line: Participant, actor: Any, back: bool, **words: Any) -> Participant:
    line.session = session
    if bool(line.asked_at) is not back:
        return line
    data = {**line_about(line), "back": back, **words.pop("data", {})}
    Participant.objects.filter(pk=line.pk).update(asked_at=None if back else Now())
    note(session, "ask_floor", actor=actor, before=session.state, data=data, participant_id=line.pk, **words)
    line.refresh_from_db(fields=["asked_at"])
    return line


def _refuse(session: ConsultSession, line: Participant) -> None:
    if session.state != SessionState.IN_PROGRESS:
        raise WrongState(_trouble(session, line))
    if trouble := _trouble(session, line):
        raise Missing(trouble)


def _trouble(session: ConsultSession, line: Participant) -> str:
    if session.state != SessionState.IN_PROGRESS:
        return _("The session does not run; nobody asks to speak.")
    if line.attendance != Attendance.PRESENT:
        return _("Sign in first; then you can ask to speak.")
    if line.left_at is not None:
        return _("You were noted as gone; tell the person who keeps the record.")
    return ""
