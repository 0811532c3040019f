"""Coming in: the code on the screen, which is another every minute, and six characters for who cannot scan it.

Nothing here asks Redis.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy

from consult.dbclock import database_now
from consult.errors import DomainError
from sessions.models import ConsultSession
from sessions.services import check_ins, tokens, tries
from sessions.states import SessionState, SignInHow

#: Without characters that are taken for one another: no 0 and O, 1, I and L, 2 and Z, 5 and S, 8 and B, U and V, Q, G.
ALPHABET = "34679ACDEFHJKMNPRTWXY"
LENGTH = 6

SLOT = 60  # seconds; the screen shows another code every minute
OPENED_WITHIN = timedelta(minutes=3)  # from the beginning of its minute until the code opens nothing any more
FILLED_WITHIN = timedelta(minutes=15)  # whoever opened it in time may take so long over the form
_BY_SCREEN, _BY_CODE = 1, 2
_HOW = {_BY_SCREEN: SignInHow.SCREEN_QR, _BY_CODE: SignInHow.CODE}

WRONG_CODES, WRONG_CODES_OF_ALL = 20, 2000  # within ten minutes


class Expired(DomainError):
    """The code on the screen has changed meanwhile."""

    code = "expired"
    status = 410
    sentence = gettext_lazy("This code has run out. Scan the one that the screen shows now.")


class NoSuchCode(DomainError):
    """Not a code of ours, or of no session that is running."""

    code = "no_such_code"
    status = 404
    sentence = gettext_lazy("No session with this code is in progress. Look at the screen and type it once more.")


class NotOurs(DomainError):
    """An address that was not made here, was cut off, or is for something else."""

    code = "bad_link"
    status = 404
    sentence = gettext_lazy("This link is not complete. Scan the code on the screen once more.")


# what the screen shows ------------------------------------------------------------------------------------------------


def screen_link(session: ConsultSession) -> str:
    """The path that the screen shows as a QR code; the same for a minute, then another."""
    return reverse("sign_in:open", args=[screen_token(session)])


def screen_token(session: ConsultSession, *, by_code: bool = False, now: datetime | None = None) -> str:
    minute = int((now or database_now()).timestamp()) // SLOT * SLOT
    return tokens.seal("screen", session.uuid, minute, _BY_CODE if by_code else _BY_SCREEN)


def sign_in_code(session: ConsultSession) -> str:
    """Six characters for who cannot scan; empty while the session does not run."""
    if session.state != SessionState.IN_PROGRESS:
        return ""
    return session.sign_in_code or give_code(session)


def give_code(session: ConsultSession) -> str:
    """A code that no other running session has; given once, when the session opens."""
    for _try in range(20):
        code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
        try:
            with transaction.atomic():
                rows = ConsultSession.objects.filter(pk=session.pk, sign_in_code="")
                given = rows.update(sign_in_code=code)
        except IntegrityError:
            continue  # another session that is running has just this one
        if not given:
            code = ConsultSession.objects.values_list("sign_in_code", flat=True).get(pk=session.pk)
        session.sign_in_code = code
        return code
    raise RuntimeError("no free sign-in code in twenty tries")


def token_of_code(code: str, *, caller: str) -> str:
    """What the typed characters open, as a token."""
    return screen_token(find_by_code(code, caller=caller), by_code=True)


def find_by_code(code: str, *, caller: str) -> ConsultSession:
    """The running session whose code was typed. Wrong ones are counted by caller and in all."""
    typed = check_ins.squeezed(code).upper().replace("-", "")
    tries.refuse_beyond(code=(caller, WRONG_CODES), codes=("all", WRONG_CODES_OF_ALL))
    found = None
    if len(typed) == LENGTH and set(typed) <= set(ALPHABET):
        running = ConsultSession.objects.filter(state=SessionState.IN_PROGRESS, sign_in_code=typed)
        found = running.select_related("host").first()
    if found is None:
        tries.note("code", caller)
        tries.note("codes", "all")
        raise NoSuchCode
    return found


# who may come in ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Admission:
    """What a token allows: to sign in to this session, in this way, for so long."""

    session_uuid: UUID
    how: str
    issued: int
    is_ticket: bool

    def still_good(self, now: datetime) -> bool:
        age = now.timestamp() - self.issued
        return -SLOT <= age <= (FILLED_WITHIN if self.is_ticket else OPENED_WITHIN).total_seconds()


def admit(token: str) -> Admission:
    """Read a token of the screen, or the ticket of a form that was opened with one. Its age is looked at later."""
    for salt in ("screen", "ticket"):
        found = tokens.unseal(salt, token)
        if found is not None and found.kind in _HOW:
            return Admission(found.uuid, str(_HOW[found.kind]), found.number, salt == "ticket")
    raise NotOurs


def ticket_for(admission: Admission, now: datetime) -> str:
    """For the form of a link that was opened in time: filling it in takes a while, the screen goes on."""
    kind = next(kind for kind, how in _HOW.items() if how == admission.how)
    return tokens.seal("ticket", admission.session_uuid, int(now.timestamp()), kind)
