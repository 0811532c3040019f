"""The one door to a matter: locked, asked who and when, checked, saved, recorded, published."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing
from consult.outbox import publish
from consult.search import search_vector
from members.models import Mandate
from topics.models import Topic
from topics.rules import ROLES
from topics.states import TOPIC_WORKFLOW

#: Given once and never changed by a move.
_FIXED = (
    "uuid",
    "host",
    "source",
    "entered_by",
    "split_from",
    "client_id",
    "case_key",
    "case_sha256",
    "marks",
    "search",
)
#: A year typed short or long is a slip of the pen.
FIRST_DAY = date(1949, 10, 1)
_SEARCHED = frozenset({"title", "problem", "place", "number"})


def lock(topic: Topic) -> Topic:
    """The matter as it stands now, held until the transaction ends."""
    return Topic.objects.select_for_update(of=("self",), no_key=True).get(pk=topic.pk)


def lock_both(topic: Topic, other: Topic) -> tuple[Topic, Topic]:
    """Two matters in the order of their keys, so that nobody deadlocks."""
    pair = Topic.objects.select_for_update(of=("self",), no_key=True).filter(pk__in={topic.pk, other.pk}).order_by("pk")
    found = {one.pk: one for one in pair}
    return found[topic.pk], found[other.pk]


def business_date(on: date | None, *, not_before: date | None = None) -> date:
    """The day a move happened: not in the future, not before the move it follows."""
    today = timezone.localdate()
    on = on or today
    if on > today:
        raise Missing({"on": _("This day is still to come; give the day on which it happened.")})
    if on < FIRST_DAY:
        raise Missing({"on": _("The date must not be before %(day)s") % {"day": FIRST_DAY.isoformat()}})
    if not_before is not None and on < not_before:
        day = not_before.isoformat()
        raise Missing({"on": _("The step before this one was on %(day)s; this one cannot be earlier.") % {"day": day}})
    return on


class Move:
    """One move under way. ``begin`` asks right, state and date; ``finish`` writes everything or nothing."""

    def __init__(self, topic: Topic, verb: str, actor: Any, on: date, before: str, behalf: str, implied: bool):
        self.topic, self.verb, self.actor, self.on = topic, verb, actor, on
        self.before, self.behalf, self.implied = before, behalf, implied

    @classmethod
    def begin(
        cls,
        topic: Topic,
        verb: str,
        *,
        actor: Any,
        on: date | None = None,
        on_behalf_of: str = "",
        implied: bool = False,
        target: str | None = None,
        dated: bool = True,
    ) -> Self:
        """``dated`` False: the move has dates of its own and may be told late (a study made offline)."""
        if not connection.in_atomic_block:
            raise RuntimeError("a move belongs in a transaction")
        topic = lock(topic)
        before = topic.state
        TOPIC_WORKFLOW.advance(topic, verb, actor=actor, target=target)
        on = business_date(on, not_before=topic.moved_on if dated else None)
        return cls(topic, verb, actor, on, before, on_behalf_of, implied)

    @property
    def mandate(self) -> Mandate | None:
        """The mandate by which the actor makes this move: one of its roles, else any he holds there."""
        if self.actor.is_system:
            return None
        there = {"host_id": self.topic.host_id, "code": self.topic.region_code}
        for role in ROLES.get(self.verb, ()):
            if mandate := self.actor.mandate_for(role, **there):
                return mandate
        return self.actor.mandate_for(host_id=self.topic.host_id)

    def acts_as(self, *roles: str) -> bool:
        """Does he hold one of the roles here, or only record what others did?"""
        there = {"host_id": self.topic.host_id, "code": self.topic.region_code}
        return self.actor.is_system or self.actor.mandate_for(*roles, **there) is not None

    def finish(
        self, *, reason: str = "", data: dict[str, Any] | None = None, stay: bool = False, **changes: Any
    ) -> Topic:
        """Save what changed and write the entry and the event.

        A ``reason`` is kept at the matter too, where its pages show it. ``stay``: its business date stays as it is.
        """
        topic = self.topic
        if not stay:
            changes["moved_on"] = self.on
        if reason or not stay:
            changes["reason"] = reason
        for field, value in changes.items():
            setattr(topic, field, value)
        topic.full_clean(exclude=_FIXED if "region_code" in changes else (*_FIXED, "region_code"))
        if _SEARCHED & changes.keys():
            topic.search = search_vector(topic.title, topic.problem, topic.place, topic.number)
            changes["search"] = None
        topic.save(update_fields=["state", *changes])
        note(self, topic, self.verb, before=self.before, reason=reason, data=data)
        tell(self, topic, self.verb)
        return topic


def note(move: Move, topic: Topic, verb: str, *, before: str, reason: str = "", data: dict[str, Any] | None = None):
    """The entry in the record; other matters touched by the same move get one each."""
    return record(
        actor=move.actor,
        verb=f"topic.{verb}",
        subject=topic,
        before=before,
        after=topic.state,
        happened_at=move.on,
        mandate=move.mandate,
        on_behalf_of=move.behalf,
        matter_id=topic.pk,
        host_id=topic.host_id,
        reason=reason,
        data=data,
        implied=move.implied,
    )


def tell(move: Move, topic: Topic, verb: str, **more: Any):
    return publish(
        f"topic.{verb}", host_id=topic.host_id, matter_id=topic.pk, topic_id=topic.pk, actor_id=move.actor.pk, **more
    )


def said(field: str, text: str, sentence: Any) -> str:
    """A text that the procedure asks for; blank is missing, at its field."""
    text = (text or "").strip()
    if not text:
        raise Missing({field: sentence})
    return text
