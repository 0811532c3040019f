"""The seats of open sign-up: who waits first gets the one that is free. The session's row is held by the caller."""

from __future__ import annotations

from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from sessions.models import ConsultSession, Participant, SignUp
from sessions.states import SessionState, SignUpState

CHOSEN_HOW = "报名"  # written into the line, as the office writes it


def seated_in(session: ConsultSession) -> int:
    return SignUp.objects.filter(session=session, state=SignUpState.SEATED).count()


def line_for(session: ConsultSession, row: SignUp) -> Participant:
    """A line at the end of the list, as if the office had invited him."""
    listed = session.participants.filter(is_walk_in=False)
    line = Participant(
        session=session,
        position=(listed.aggregate(last=Max("position"))["last"] or 0) + 1,
        category=row.category,
        name=row.name,
        phone=row.phone,
        chosen_how=CHOSEN_HOW,
        invited_at=timezone.now() if session.state == SessionState.ANNOUNCED else None,
    )
    line.full_clean(validate_constraints=False, validate_unique=False, exclude=["session"])
    line.save()
    return line


def fill(session: ConsultSession) -> int:
    """As many of those who wait as there are free seats, in their order; how many moved up."""
    if session.seats is None:
        return 0
    free = max(session.seats - seated_in(session), 0)
    waiting = SignUp.objects.filter(session=session, state=SignUpState.WAITING).order_by("position")
    first = list(waiting[:free])
    for row in first:
        line = line_for(session, row)
        SignUp.objects.filter(pk=row.pk).update(state=SignUpState.SEATED, participant=line, moved_up_at=Now())
    return len(first)


def give_up(row: SignUp) -> None:
    """He comes no more: his row stays, his line goes."""
    SignUp.objects.filter(pk=row.pk).update(state=SignUpState.WITHDRAWN, participant=None, withdrawn_at=Now())
    if row.participant_id is not None:
        Participant.objects.filter(pk=row.participant_id).delete()


def sign_up_of(line: Participant) -> SignUp | None:
    return SignUp.objects.filter(participant=line).first()
