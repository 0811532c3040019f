"""Signing in: by the code on the screen, by six characters, from one's own account, by the recorder, by proxy.

Whoever signs in holds the session's row in common with all others who do (FOR SHARE): nobody waits for anybody, and
closing the session, which wants the row for itself, waits for those who are just being written and refuses the next.
Nothing here asks Redis.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from consult.audit.services import entry_of
from consult.errors import DomainError, LostRace, Missing, NotAllowed, WrongState
from consult.outbox.services import event_of
from consult.text import typed
from members.models import Account, Member
from sessions.models import ConsultSession, Participant
from sessions.services import among, check_ins, roster, together
from sessions.services.admission import (
    Admission,
    Expired,
    NoSuchCode,
    NotOurs,
    admit,
    find_by_code,
    give_code,
    screen_link,
    screen_token,
    sign_in_code,
    ticket_for,
    token_of_code,
)
from sessions.services.attendance import counts, present_total
from sessions.services.check_ins import SignedIn
from sessions.services.moves import mandate_of
from sessions.states import Attendance, SessionState, SignInHow
from topics.states import PartyCategory

__all__ = [
    "Admission",
    "Expired",
    "NoSuchCode",
    "NotOurs",
    "SignedIn",
    "admit",
    "check_in",
    "counts",
    "find_by_code",
    "give_code",
    "present_total",
    "screen_link",
    "screen_token",
    "sign_in_code",
    "ticket_for",
    "token_of_code",
]

_LOOK = """
SELECT s.id, s.state, s.host_id, s.region_code, statement_timestamp(),
  (SELECT t.topic_id FROM consult_sessions_sessiontopic t WHERE t.session_id = s.id ORDER BY t.position, t.id LIMIT 1),
  line.id, line.category, clerk.id, clerk.display_name,
  ARRAY(SELECT p.id || ' ' || p.uuid || ' ' || p.category FROM consult_sessions_participant p
    WHERE p.session_id = s.id AND NOT p.is_walk_in AND p.count > 1 ORDER BY p.position, p.id)
FROM consult_sessions_consultsession s
LEFT JOIN LATERAL (
  SELECT p.id, p.category FROM consult_sessions_participant p
  WHERE p.session_id = s.id AND NOT p.is_walk_in AND p.count = 1 AND %(person)s <> ''
    AND translate(p.name, %(unheard)s, '') = ANY(%(names)s)
  ORDER BY p.attendance = 'present', p.category <> %(category)s, p.id LIMIT 1) line ON true
LEFT JOIN members_account clerk ON clerk.is_system
WHERE s.uuid = %(session)s
FOR SHARE OF s
"""
_UNHEARD = "".join(map(chr, check_ins._UNHEARD))


@dataclass
class _Sitting:
    """The session as it is while we hold it, and who in it bears the name that was typed."""

    session: ConsultSession
    now: datetime
    matter_id: int | None
    line_id: int | None
    line_category: str
    clerk: Account
    groups: list[str]


def check_in(
    session: ConsultSession | Admission,
    *,
    actor: Any = None,
    key: UUID,
    how: str = "",
    name: str = "",
    category: str = "",
    participant: Participant | None = None,
    claimed_at: datetime | None = None,
    proxy_name: str = "",
    proxy_reason: str = "",
    came: int | None = None,
    listed_in: str = "",
) -> SignedIn:
    """Sign somebody in, once: sent again with the same key it is the same answer, and nothing is there twice.

    By the recorder or by proxy for a ``participant``; for the ``actor`` himself (his own line, or a new one when he was
    not on the list); or for who typed a name: whoever was invited by that name, else a walk-in of that class, counted
    by the line of several people that he names in ``listed_in``.
    """
    if participant is not None:
        return _by_recorder(
            participant, actor=actor, key=key, how=how, proxy=(proxy_name, proxy_reason), at=claimed_at, came=came
        )
    name, proxy_name, proxy_reason = _typed(actor, name, category, proxy_name, proxy_reason)
    admission = session if isinstance(session, Admission) else None
    how = SignInHow.PROXY if proxy_name else (admission.how if admission else how)
    uuid = session.session_uuid if isinstance(session, Admission) else session.uuid
    person = "" if actor is not None and not proxy_name else check_ins.squeezed(name)
    with transaction.atomic():
        sitting = _look(uuid, name, person, category)
        if how == SignInHow.SELF and own_line(sitting.session, actor) is None:
            raise NotAllowed(_("You are not on the list of this session. Scan the code on the screen to sign in."))
        if known := _refuse(sitting, admission, key):
            return known
        by_name = actor is None or bool(proxy_name)
        place = _named(sitting, name, category) if by_name else _own(sitting, actor, category, name)
        if place.line_id is None:
            place.listed_in_id, place.category = among.choose(sitting.groups, listed_in, place.category)
        if came is not None and came > place.count:
            raise Missing(came=_("%(count)s are on the list in this line; write a number up to that.") % place.__dict__)
        return _sit_down(
            sitting,
            place,
            actor=actor,
            key=key,
            how=how,
            person=person,
            claimed_at=claimed_at,
            proxy=(proxy_name, proxy_reason),
            came=came if place.count > 1 else None,
        )


def _typed(actor: Any, name: str, category: str, proxy_name: str, proxy_reason: str) -> tuple[str, str, str]:
    """The words as they are kept, or what is missing, each at its field."""
    name, proxy_name = typed.line("name", name, 60), typed.line("proxy_name", proxy_name, 60)
    proxy_reason = typed.line("proxy_reason", proxy_reason, 200)
    wrong: dict[str, str] = {}
    if (actor is None or proxy_name) and not check_ins.squeezed(name):
        wrong["name"] = _("Write your name, or what people call you.")
    if category and category not in PartyCategory.values:
        wrong["category"] = _("Choose to which class you belong.")
    if (actor is None or proxy_name) and not category:
        wrong["category"] = _("Choose to which class you belong.")
    if proxy_name and not proxy_reason:
        wrong["proxy_reason"] = _("Say why you come in somebody's place.")
    if proxy_reason and not proxy_name:
        wrong["proxy_name"] = _("Write who you are yourself.")
    if wrong:
        raise Missing(wrong)
    return name, proxy_name, proxy_reason


def _look(uuid: UUID, name: str, person: str, category: str) -> _Sitting:
    with connection.cursor() as cursor:
        names = [person, check_ins.without_marks(name)]
        cursor.execute(
            _LOOK,
            {"session": uuid, "person": person, "names": names, "category": str(category), "unheard": _UNHEARD},
        )
        row = cursor.fetchone()
    if row is None:
        raise NotOurs
    pk, state, host_id, region_code, now, matter_id, line_id, line_category, clerk_id, clerk_name, groups = row
    session = ConsultSession(pk=pk, uuid=uuid, state=state, host_id=host_id, region_code=region_code)
    clerk = Account(pk=clerk_id, display_name=clerk_name, is_system=True) if clerk_id else Account.objects.system()
    return _Sitting(session, now, matter_id, line_id, line_category or "", clerk, groups)


def _refuse(sitting: _Sitting, admission: Admission | None, key: UUID) -> SignedIn | None:
    """Too late, or too early; but who was signed in already hears so again, whatever happened meanwhile."""
    trouble: DomainError | None = None
    if sitting.session.state != SessionState.IN_PROGRESS:
        trouble = WrongState(not_now(sitting.session.state))
    elif admission is not None and not admission.still_good(sitting.now):
        trouble = Expired()
    if trouble is None:
        return None
    known = check_ins.of_key(key)
    if known is None or known.session_id != sitting.session.pk:
        raise trouble
    return check_ins.answer_of(known)


def answered(key: UUID) -> SignedIn | None:
    """What was answered to this key before, if anything."""
    known = check_ins.of_key(key)
    return check_ins.answer_of(known) if known else None


def not_now(state: str) -> str:
    if state == SessionState.HELD:
        return _("The session is over and the roster is closed; nobody can sign in any more.")
    if state == SessionState.CANCELLED:
        return _("The session was called off; nobody signs in.")
    return _("The session has not begun; sign in when it does.")


@dataclass
class _Place:
    """The line that is marked, or what a new one will say."""

    line_id: int | None
    category: str
    name: str
    account: Any = None
    member: Any = None
    count: int = 1
    listed_in_id: int | None = None


def _named(sitting: _Sitting, name: str, category: str) -> _Place:
    if sitting.line_id is not None:
        return _Place(sitting.line_id, sitting.line_category, name)
    return _Place(None, category, name)


def _own(sitting: _Sitting, actor: Any, category: str, name: str) -> _Place:
    """His own line, or a new one."""
    line = own_line(sitting.session, actor)
    if line is not None:
        return _Place(line.pk, line.category, str(line), count=line.count)
    member = Member.objects.serving().filter(account=actor, host_id=sitting.session.host_id).first()
    if not category and member is None:
        raise Missing(category=_("Choose to which class you belong."))
    called = name or (member.name if member else actor.display_name)
    return _Place(None, category or PartyCategory.MEMBER, called, account=actor, member=member)


def own_line(session: ConsultSession, actor: Any) -> Participant | None:
    """The line of this account, by itself or as the committee member it belongs to."""
    lines = Participant.objects.filter(session_id=session.pk)
    return lines.filter(account=actor).first() or lines.filter(member__account=actor).first()


def _sit_down(
    sitting: _Sitting,
    place: _Place,
    *,
    actor: Any,
    key: UUID,
    how: str,
    person: str,
    claimed_at: datetime | None,
    proxy: tuple[str, str],
    came: int | None,
) -> SignedIn:
    proxy_name, proxy_reason = proxy
    signed = check_ins.write(
        sitting.session.pk,
        participant_id=place.line_id,
        key=key,
        how=how,
        category=place.category,
        person="" if place.line_id else person,
        came=came,
        by=actor,
        claimed_at=claimed_at,
        proxy_name=proxy_name,
        proxy_reason=proxy_reason,
    )
    if signed is None:
        return _known(sitting, place, key, person)
    told = _told(sitting, place, signed, actor=actor)
    if place.line_id is not None:
        check_ins.mark_present(signed, by=actor, came=came, proxy_name=proxy_name)
        together.insert(*told)
    else:
        _add_line(sitting, place, signed, told, actor=actor, proxy_name=proxy_name)
    return signed


def _add_line(
    sitting: _Sitting, place: _Place, signed: SignedIn, told: tuple[Any, ...], *, actor: Any, proxy_name: str
) -> None:
    """Whoever was not on the list stands behind it."""
    line = Participant(
        pk=signed.participant_id,
        session_id=sitting.session.pk,
        category=place.category,
        name=place.name,
        account=place.account,
        member=place.member,
        attendance=Attendance.PRESENT,
        signed_in_at=signed.at,
        signed_in_by=actor,
        proxy_name=proxy_name,
        is_walk_in=True,
        listed_in_id=place.listed_in_id,
        position=check_ins.WALK_IN_PLACE,
    )
    if place.account is None:
        together.insert(line, *told)
        return
    try:
        with transaction.atomic():
            together.insert(line, *told)
    except IntegrityError as error:  # the same account from two phones at once
        raise LostRace(_("You are being signed in from another device; look again in a moment.")) from error


def _told(sitting: _Sitting, place: _Place, signed: SignedIn, *, actor: Any) -> tuple[Any, Any]:
    """An entry and an event with every signing in; nobody waits for the event, so no worker is woken for it."""
    session, by = sitting.session, actor or sitting.clerk
    entry = entry_of(
        actor=by,
        verb="session.sign_in",
        subject=session,
        before=session.state,
        after=session.state,
        mandate=mandate_of(actor, session) if actor is not None else None,
        matter_id=sitting.matter_id,
        host_id=session.host_id,
        data={"how": str(signed.how), "category": str(place.category), "walk_in": place.line_id is None}
        | ({"listed": True} if place.listed_in_id else {}),
    )
    event = event_of(
        "session.sign_in",
        host_id=session.host_id,
        matter_id=sitting.matter_id,
        session_id=session.pk,
        actor_id=by.pk,
        participant_id=signed.participant_id,
    )
    return entry, event


def _known(sitting: _Sitting, place: _Place, key: UUID, person: str) -> SignedIn:
    """Why nothing was written: the key came again, or the line or the person is signed in already."""
    known = check_ins.of_key(key)
    if known is not None:
        if known.session_id != sitting.session.pk:
            raise LostRace(_("This was sent before for another session."), code="key_reused")
        return check_ins.answer_of(known)
    rows = sitting.session.check_ins.filter(taken_back_at=None)
    found = rows.filter(participant_id=place.line_id).first() if place.line_id else None
    found = found or rows.filter(category=str(place.category), person=person).exclude(person="").first()
    if found is None:
        raise LostRace(_("Something changed just now; try once more."))
    return check_ins.answer_of(found)


def _by_recorder(
    participant: Participant,
    *,
    actor: Any,
    key: UUID,
    how: str,
    proxy: tuple[str, str],
    at: datetime | None,
    came: int | None,
) -> SignedIn:
    """The recorder marks a line; by proxy he writes down who came instead, and why."""
    if how not in (SignInHow.RECORDER, SignInHow.PROXY):
        raise Missing(how=_("Choose present, excused or absent."))
    if how == SignInHow.PROXY and not proxy[0]:
        raise Missing(proxy_name=_("Write who came in his place."))
    known = check_ins.of_key(key)
    if known is None:
        line = roster.mark_attendance(
            participant,
            Attendance.PRESENT,
            actor=actor,
            came=came,
            key=key,
            proxy_name=proxy[0],
            proxy_reason=proxy[1],
            claimed_at=at,
        )
        known = line.check_ins.get(taken_back_at=None)
    elif known.session_id != participant.session_id:
        raise LostRace(_("This was sent before for another session."), code="key_reused")
    return check_ins.answer_of(known)
