"""报名: seats that anybody may ask for, by an address that opens the session's public facts and nothing else.

Whoever signs up holds the session's row, so places are given one after the other: the first get the seats, the others
wait in their order. Who has a seat is a line of the one roster; nothing else needs to know that he came by sign-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from consult.errors import Missing, WrongState
from consult.text import typed
from members.models import Account
from sessions.models import ConsultSession, SignUp
from sessions.services import seating, tokens
from sessions.services.admission import NotOurs
from sessions.services.moves import keep, locked, note
from sessions.states import SessionState, SignUpState
from topics.states import PartyCategory

MOST_SEATS = 500
LONGEST_LIST = 2000  # sign-ups of one session; who waits behind that waits for nothing


@dataclass(frozen=True)
class Place:
    """The answer: seated or waiting, and as which; nothing once withdrawn."""

    row: SignUp
    number: int
    is_new: bool = False

    @property
    def state(self) -> str:
        return self.row.state


def sign_up_link(session: ConsultSession) -> str:
    """The path of the sign-up; the same for everybody."""
    return reverse("sign_in:join", args=[sign_up_token(session)])


def sign_up_token(session: ConsultSession) -> str:
    return tokens.seal("sign_up", session.uuid, 0)


def session_of(token: str) -> ConsultSession:
    """Raises NotOurs for an address that we never made."""
    found = tokens.unseal("sign_up", token)
    rows = ConsultSession.objects.select_related("host", "room")
    session = rows.filter(uuid=found.uuid).first() if found is not None else None
    if session is None:
        raise NotOurs(_("This link is not complete. Scan the code once more, or copy the whole link."))
    return session


def trouble_of(session: ConsultSession) -> str:
    """Why nobody can sign up or withdraw now."""
    if session.state == SessionState.IN_PROGRESS:
        return _("The session has begun; nobody signs up any more. Sign in at the door.")
    if session.state == SessionState.CANCELLED:
        return _("The session was called off; you need not come.")
    if session.state not in (SessionState.PLANNED, SessionState.ANNOUNCED):
        return _("The session is over. Thank you.")
    return "" if session.seats is not None else _("This session takes no sign-ups. Ask the office.")


def place_of(row: SignUp) -> Place:
    """Counted by now: whoever waits moves up."""
    if row.state == SignUpState.WITHDRAWN:
        return Place(row, 0)
    same = SignUp.objects.filter(session_id=row.session_id, state=row.state, position__lte=row.position)
    return Place(row, same.count())


def place_by(session: ConsultSession, key: UUID) -> Place | None:
    """Of whoever holds the key of a sign-up."""
    row = session.sign_ups.filter(key=key).first()
    return place_of(row) if row is not None else None


@transaction.atomic
def sign_up(token: str, *, key: UUID, name: str, category: str, phone: str = "") -> Place:
    """A seat, or a place among those who wait. The same key again is the same sign-up."""
    session = locked(session_of(token))
    if known := place_by(session, key):
        return known
    if trouble := trouble_of(session):
        raise WrongState(trouble)
    name, phone = typed.line("name", name, 60), typed.phone(phone)
    row = SignUp(session=session, key=key, category=category, phone=phone, name=name)
    _refuse(row)
    row.position = session.last_sign_up + 1
    if row.position > LONGEST_LIST:
        raise Missing(_("Too many have signed up for this session. Ask the office."))
    has_seat = session.seats is not None and seating.seated_in(session) < session.seats
    row.state = SignUpState.SEATED if has_seat else SignUpState.WAITING
    row.participant = seating.line_for(session, row) if has_seat else None
    row.save()
    ConsultSession.objects.filter(pk=session.pk).update(last_sign_up=row.position)
    data = {"position": row.position, "category": str(row.category), "sign_up": str(row.state)}
    note(session, "sign_up", actor=Account.objects.system(), before=session.state, data=data, sign_up_id=row.pk)
    place = place_of(row)
    return Place(row, place.number, is_new=True)


@transaction.atomic
def withdraw_by_link(token: str, *, key: UUID) -> Place:
    """By whoever holds the address and the key; twice is once."""
    session = locked(session_of(token))
    row = session.sign_ups.filter(key=key).first()
    if row is None:
        raise NotOurs(_("This link is not complete. Scan the code once more, or copy the whole link."))
    if row.state == SignUpState.WITHDRAWN:
        return place_of(row)
    if trouble := trouble_of(session):
        raise WrongState(trouble)
    return _withdraw(session, row, actor=Account.objects.system(), by_link=True)


@transaction.atomic
def withdraw_sign_up(row: SignUp, *, actor: Any) -> Place:
    """By the office; the seat goes to who waits first."""
    session = keep(row.session, "withdraw_sign_up", actor=actor)
    row = session.sign_ups.get(pk=row.pk)
    if row.state == SignUpState.WITHDRAWN:
        return place_of(row)
    return _withdraw(session, row, actor=actor, by_link=False)


def _withdraw(session: ConsultSession, row: SignUp, *, actor: Any, by_link: bool) -> Place:
    seating.give_up(row)
    moved_up = seating.fill(session)
    data = {"position": row.position, "by_link": by_link, "moved_up": moved_up}
    note(session, "withdraw_sign_up", actor=actor, before=session.state, data=data, sign_up_id=row.pk)
    row.refresh_from_db()
    return place_of(row)


@transaction.atomic
def offer_seats(session: ConsultSession, *, actor: Any, seats: int | None) -> ConsultSession:
    """So many seats for whoever signs up; none, and nobody signs up by himself."""
    session = keep(session, "offer_seats", actor=actor)
    if seats is not None and not 1 <= seats <= MOST_SEATS:
        raise Missing(seats=_("Write a number from 1 to %(most)s.") % {"most": MOST_SEATS})
    seated = seating.seated_in(session)
    if seats is not None and seats < seated:
        raise Missing(seats=_("%(count)s have a seat already; there cannot be fewer seats.") % {"count": seated})
    if seats is None and session.sign_ups.exclude(state=SignUpState.WITHDRAWN).exists():
        raise Missing(seats=_("Some have signed up; the seats cannot be taken back."))
    if seats == session.seats:
        return session
    was, session.seats = session.seats, seats
    session.save(update_fields=["seats"])
    data = {"was": was, "seats": seats, "moved_up": seating.fill(session)}
    note(session, "offer_seats", actor=actor, before=session.state, data=data)
    return session


def _refuse(row: SignUp) -> None:
    fields = {}
    if not row.name:
        fields["name"] = _("Write your name.")
    if row.category not in PartyCategory.values:
        fields["category"] = _("Choose to which class you belong.")
    if fields:
        raise Missing(fields)
