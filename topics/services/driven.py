"""Moves that others drive: sessions schedule and conclude, assignments close and reopen. And the revisit.

The driving service has asked its own right; here only state, date and reason are checked.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consult.errors import Missing
from consult.text.typed import line
from topics.models import Topic
from topics.services.moving import Move, lock, said
from topics.states import TopicState


@transaction.atomic
def schedule_topic(
    topic: Topic, *, actor: Any, on: date | None = None, reason: str = "", implied: bool = False
) -> Topic:
    """A first session is planned for the matter, or a further round with its reason."""
    move = Move.begin(topic, "schedule", actor=actor, on=on, implied=implied)
    further = move.before == TopicState.CONSULTED
    if further and not reason.strip() and not actor.is_system:
        raise Missing({"further_round_reason": _("It has been consulted already; say why there is a further round.")})
    return move.finish(
        scheduled_from=move.before,
        round=_next_round(move.topic) if further else move.topic.round,
        round_reason=line("further_round_reason", reason, 300) if further else move.topic.round_reason,
    )


def _next_round(topic: Topic) -> int:
    """One outcome per round: while this round has none, another session still belongs to it."""
    return topic.round + 1 if topic.outcomes.filter(round=topic.round).exists() else topic.round


@transaction.atomic
def conclude_topic(topic: Topic, *, actor: Any, on: date | None = None, implied: bool = False) -> Topic:
    """A session was held and no other is to come: the matter has been consulted."""
    return Move.begin(topic, "conclude", actor=actor, on=on, implied=implied).finish(scheduled_from="")


@transaction.atomic
def unschedule_topic(topic: Topic, *, actor: Any, on: date | None = None, implied: bool = False) -> Topic:
    """The last open session was cancelled: back where it came from, or consulted if one was held."""
    now = lock(topic)
    held = now.session_topics.filter(session__state="held")
    back = TopicState.CONSULTED if held.exists() else now.scheduled_from or _came_from(now)
    move = Move.begin(topic, "unschedule", actor=actor, on=on, implied=implied, target=back)
    begun = now.scheduled_from == TopicState.CONSULTED and not held.filter(round=now.round).exists()
    return move.finish(scheduled_from="", round=max(1, now.round - 1) if begun else now.round)


def _came_from(topic: Topic) -> str:
    return TopicState.APPROVED if topic.approved_on else TopicState.CLAIMED


@transaction.atomic
def close_topic(topic: Topic, *, actor: Any, on: date | None = None, implied: bool = False) -> Topic:
    """销单: every assignment is closed or annulled, or there was nothing to assign."""
    move = Move.begin(topic, "close", actor=actor, on=on, implied=implied)
    return move.finish(closed_on=move.on)


@transaction.atomic
def reopen_topic(topic: Topic, *, actor: Any, reason: str, on: date | None = None) -> Topic:
    """回头看: what was seen at a revisit opens the matter again."""
    move = Move.begin(topic, "reopen", actor=actor, on=on)
    reason = said("reason", reason, _("Say what the revisit showed."))
    return move.finish(reason=reason, closed_on=None)


@transaction.atomic
def return_to_consulted(topic: Topic, *, actor: Any, on: date | None = None, reason: str = "") -> Topic:
    """An assignment was reopened: a closed matter is open again; one that is not closed stays where it is."""
    now = lock(topic)
    if now.state != TopicState.CLOSED:
        return now
    move = Move.begin(topic, "return_to_consulted", actor=actor, on=on)
    return move.finish(reason=reason, closed_on=None)
