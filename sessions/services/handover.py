"""移交: sessions that somebody who leaves moderates or records, and minutes he has begun, go to a successor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing, NotAllowed
from consult.outbox import publish
from members.models import Account
from members.states import Role
from sessions.models import ConsultSession, Minutes
from sessions.services.gates import moderator_free
from sessions.services.moves import matter_of
from sessions.states import BOOKING_STATES, MinutesState, SessionForm, SessionState

#: Who runs a session is a relation, not a mandate; the successor works under the same CPPCC all the same.
RUNNING = (Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER, Role.MEMBER, Role.APPROVER)
#: Who keeps minutes: the recorder, the office, in micro-consultation the group leader.
WRITING = (Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER, Role.MEMBER)


def open_sessions(account: Account, host_ids: Iterable[int]) -> QuerySet[ConsultSession]:
    """Sessions still to be held that he moderates or records, and held ones whose minutes he still owes."""
    to_hold = Q(state__in=BOOKING_STATES) & (Q(moderator=account) | Q(recorder=account))
    signed = Minutes.objects.filter(state=MinutesState.SIGNED).values("session_id")
    owing = Q(state=SessionState.HELD, recorder=account) & ~Q(form=SessionForm.BENCH) & ~Q(pk__in=signed)
    return ConsultSession.objects.filter(to_hold | owing, host_id__in=list(host_ids)).order_by("pk")


def open_minutes(account: Account, host_ids: Iterable[int]) -> QuerySet[Minutes]:
    """Minutes he drafts; what was sent for signature stays his, or somebody could sign his own words."""
    rows = Minutes.objects.filter(drafted_by=account, state=MinutesState.DRAFT, session__host_id__in=list(host_ids))
    return rows.order_by("session_id", "pk")


@transaction.atomic
def hand_over_sessions(source: Account, *, to: Account, actor: Account, host_ids: Iterable[int]) -> int:
    """The successor moderates and records in his place."""
    _ask_right(source, actor)
    rows = open_sessions(source, host_ids).select_for_update(of=("self",), no_key=True)
    moved = 0
    for session in rows:
        _ask_fit(to, session, RUNNING, "sessions")
        changes = {role: to for role in ("moderator", "recorder") if getattr(session, f"{role}_id") == source.pk}
        for name, value in changes.items():
            setattr(session, name, value)
        if "moderator" in changes and session.is_open and (wrong := moderator_free(session)):
            raise Missing({"sessions": wrong["moderator"]})
        session.save(update_fields=list(changes))
        _note("session", session, session, source, to, actor=actor, roles=sorted(changes))
        moved += 1
    return moved


@transaction.atomic
def hand_over_minutes(source: Account, *, to: Account, actor: Account, host_ids: Iterable[int]) -> int:
    """The successor goes on writing, and so does not sign them."""
    _ask_right(source, actor)
    found = list(open_minutes(source, host_ids))
    sessions = ConsultSession.objects.filter(pk__in=[one.session_id for one in found]).order_by("pk")
    list(sessions.select_for_update(of=("self",), no_key=True))
    moved = 0
    for minutes in open_minutes(source, host_ids).select_for_update(of=("self",), no_key=True):
        _ask_fit(to, minutes.session, WRITING, "minutes")
        minutes.drafted_by = to
        minutes.save(update_fields=["drafted_by"])
        _note("minutes", minutes, minutes.session, source, to, actor=actor)
        moved += 1
    return moved


def _ask_right(source: Account, actor: Account) -> None:
    if not actor.has_perm("members.keep_account", source):
        raise NotAllowed(_("What is open is handed over by the registrar of the CPPCC that keeps the account."))


def _ask_fit(to: Account, session: ConsultSession, roles: Iterable[str], field: str) -> None:
    if not to.is_active or to.mandate_for(*roles, host_id=session.host_id, code=session.region_code) is None:
        words = _("The mandates of %(name)s do not cover everything that is to be handed over; grant one first.")
        raise Missing({field: words % {"name": to}})


def _note(
    noun: str, subject: Any, session: ConsultSession, source: Account, to: Account, *, actor: Account, **data: Any
) -> None:
    matter = matter_of(session)
    record(
        actor=actor,
        verb=f"{noun}.hand_over",
        subject=subject,
        before=subject.state,
        after=subject.state,
        mandate=actor.mandate_for(Role.REGISTRAR, host_id=session.host_id),
        matter_id=matter,
        host_id=session.host_id,
        data={"from": str(source.uuid), "to": str(to.uuid), **data},
    )
    payload = {f"{noun}_id": subject.pk}
    publish(f"{noun}.hand_over", host_id=session.host_id, matter_id=matter, actor_id=actor.pk, **payload)
