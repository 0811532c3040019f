"""The one door through which a session moves: lock, ask, save, record, publish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.dbclock import database_now
from consult.errors import LostRace, Missing
from consult.outbox import publish
from consult.workflow import Workflow
from members.states import Role
from sessions.models import ConsultSession, SessionTopic
from sessions.states import RECORD_WORKFLOW, SESSION_WORKFLOW

#: What a phone's clock may be ahead of ours.
CLOCKS_DIFFER = timedelta(minutes=15)
_ROLES = (Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER, Role.APPROVER, Role.MEMBER)


class RoomTaken(LostRace):
    """Another session holds the room at that time."""

    code = "room_taken"


def locked(session: ConsultSession) -> ConsultSession:
    """The row as it is now, held until the transaction ends."""
    rows = ConsultSession.objects.select_for_update(of=("self",), no_key=True).select_related("host", "room")
    return rows.get(pk=session.pk)


def moment(at: datetime | None, after: datetime | None = None, *, field: str = "at") -> datetime:
    """When it happened: now by default, never in the future, never before the move that went ahead of it.

    Now is what the database's clock says, whichever web server asks; should it be put back, time stands still."""
    now = database_now()
    if at is None:
        return max(now, after) if after is not None else now
    happened = aware(at) or now
    if happened > now + CLOCKS_DIFFER and happened != after:
        raise Missing({field: _("This lies in the future; give the time at which it happened.")})
    if after is not None and happened < after:
        text = _("The previous step was at %(time)s; this one cannot lie before it.")
        raise Missing({field: text % {"time": timezone.localtime(after).strftime("%Y-%m-%d %H:%M")}})
    return happened


def aware(at: datetime | None) -> datetime | None:
    """A time typed without a zone is local time."""
    return timezone.make_aware(at) if at is not None and timezone.is_naive(at) else at


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def advance(
    session: ConsultSession,
    verb: str,
    *,
    actor: Any,
    at: datetime | None = None,
    reason: str = "",
    on_behalf_of: str = "",
    implied: bool = False,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> ConsultSession:
    """Move a locked session: the right, the state, the new values, the record and the event."""
    before = session.state
    SESSION_WORKFLOW.advance(session, verb, actor=actor)
    previous = session.moved_at
    happened = moment(at, previous)
    for name, value in changes.items():
        setattr(session, name, value)
    session.moved_at = happened
    save(session)
    note(
        session,
        verb,
        actor=actor,
        before=before,
        at=happened if happened != previous else None,  # time stood still: the entry says when it was written
        reason=reason,
        on_behalf_of=on_behalf_of,
        implied=implied,
        data=data,
    )
    return session


def keep(session: ConsultSession, verb: str, *, actor: Any, subject: Any = None) -> ConsultSession:
    """Lock a session in order to write something into it; its state allows that and stays as it is."""
    session = locked(session)
    if subject is not None:
        subject.session = session  # a line of the roster answers with the state of its session
    RECORD_WORKFLOW.check(session if subject is None else subject, verb, actor=actor)
    return session


def save(session: ConsultSession) -> None:
    """Full check, and the room: who comes second learns which session holds it, under a race too."""
    session.full_clean(validate_constraints=False)
    if session.is_open and session.room_id and not session.is_backfilled:
        _refuse_taken(session)
    with mapped(session):
        session.save()


@contextmanager
def mapped(session: ConsultSession) -> Iterator[None]:
    """The database has the last word on rooms; its refusal becomes a sentence."""
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, OperationalError) as error:
        # Several who insert at once may each wait for another; the database then ends one of them as a deadlock.
        if "room_booked_once" not in str(error) and "deadlock detected" not in str(error):
            raise
        _refuse_taken(session)
        raise RoomTaken(_("The room is taken at that time. Choose another time or another room.")) from error


def _refuse_taken(session: ConsultSession) -> None:
    holder = (
        ConsultSession.objects.booking()
        .filter(room_id=session.room_id)
        .overlapping(session.starts_at, session.ends_at)
        .exclude(pk=session.pk)
        .order_by("starts_at")
        .first()
    )
    if holder is not None:
        raise RoomTaken(
            _("The room is taken from %(start)s to %(end)s by “%(title)s”. Choose another time or another room.")
            % {
                "start": timezone.localtime(holder.starts_at).strftime("%Y-%m-%d %H:%M"),
                "end": timezone.localtime(holder.ends_at).strftime("%H:%M"),
                "title": holder.title,
            }
        )


def note(
    session: ConsultSession,
    verb: str,
    *,
    actor: Any,
    before: str = "",
    at: datetime | None = None,
    reason: str = "",
    on_behalf_of: str = "",
    implied: bool = False,
    data: dict[str, Any] | None = None,
    **payload: Any,
) -> None:
    """One entry and one event, in the transaction of the move."""
    matter = matter_of(session)
    record(
        actor=actor,
        verb=f"session.{verb}",
        subject=session,
        before=before,
        after=session.state,
        happened_at=at,
        mandate=mandate_of(actor, session),
        on_behalf_of=on_behalf_of,
        matter_id=matter,
        host_id=session.host_id,
        reason=reason,
        data=data,
        implied=implied,
    )
    publish(
        f"session.{verb}",
        host_id=session.host_id,
        matter_id=matter,
        session_id=session.pk,
        actor_id=actor.pk,
        **payload,
    )


def matter_of(session: ConsultSession) -> int | None:
    """The first topic on the agenda; the others are reached through the session."""
    first = SessionTopic.objects.filter(session=session).order_by("position", "pk").values_list("topic_id", flat=True)
    return first.first()


def mandate_of(actor: Any, session: ConsultSession) -> Any:
    return actor.mandate_for(*_ROLES, host_id=session.host_id, code=session.region_code)


def workflow_moves(session: ConsultSession, actor: Any) -> list[Any]:
    """Every move that the actor may make with the session now: its own moves, then what may be written into it."""
    tables: tuple[Workflow, ...] = (SESSION_WORKFLOW, RECORD_WORKFLOW)
    return [step for table in tables for step in table.available(session, actor)]
