"""Who waits to speak, residents first, and who has the floor."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Now

from sessions.models import ConsultSession, Participant
from sessions.services.moves import keep, note
from topics.states import PartyCategory


@transaction.atomic
def ask_to_speak(participant: Participant, *, actor: Any) -> Participant:
    """Stand in the queue; asked twice, the first place holds."""
    session = keep(participant.session, "queue", actor=actor)
    if Participant.objects.filter(pk=participant.pk, asked_at=None).update(asked_at=Now()):
        note(session, "queue", actor=actor, before=session.state, participant_id=participant.pk)
    participant.refresh_from_db()
    return participant


@transaction.atomic
def step_back(participant: Participant, *, actor: Any) -> Participant:
    """Out of the queue without having spoken."""
    session = keep(participant.session, "queue", actor=actor)
    if Participant.objects.filter(pk=participant.pk).exclude(asked_at=None).update(asked_at=None):
        note(session, "queue", actor=actor, before=session.state, participant_id=participant.pk)
    participant.refresh_from_db()
    return participant


@transaction.atomic
def give_floor(participant: Participant, *, actor: Any) -> Participant:
    """He speaks now, and nobody else does; given twice, his time runs on."""
    session = keep(participant.session, "queue", actor=actor)
    others = session.participants.exclude(pk=participant.pk).exclude(floor_at=None).update(floor_at=None)
    since = Case(When(floor_at=None, then=Now()), default="floor_at")
    row = session.participants.filter(pk=participant.pk)
    if others or row.filter(asked_at=None).exclude(floor_at=None).first() is None:
        row.update(floor_at=since, asked_at=None)
        note(session, "queue", actor=actor, before=session.state, participant_id=participant.pk)
    participant.refresh_from_db()
    return participant


@transaction.atomic
def end_floor(session: ConsultSession, *, actor: Any) -> None:
    """He has finished; the floor is free."""
    session = keep(session, "queue", actor=actor)
    if session.participants.exclude(floor_at=None).update(floor_at=None):
        note(session, "queue", actor=actor, before=session.state)


def queue_of(session: ConsultSession) -> list[Participant]:
    """Residents first, then in the order of asking."""
    waiting = session.participants.exclude(asked_at=None)
    first = Case(When(category=PartyCategory.RESIDENT, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(waiting.annotate(turn=first).order_by("turn", "asked_at", "pk"))


def speaker_of(session: ConsultSession) -> Participant | None:
    return session.participants.exclude(floor_at=None).order_by("-floor_at").first()
