"""What a session does to the topics on its agenda: it drives them down the chain (schedule, conclude, unschedule)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from consult.errors import Missing
from sessions.models import ConsultSession, SessionTopic
from sessions.services.moves import day_of
from sessions.states import SessionState
from topics.models import Topic
from topics.services import conclude_topic, schedule_topic, unschedule_topic
from topics.states import TopicState

#: A topic in one of these states can be put on the agenda of a session.
READY = (TopicState.APPROVED, TopicState.CLAIMED, TopicState.CONSULTED, TopicState.SCHEDULED)


def locked_topics(keys: Iterable[int]) -> list[Topic]:
    """Rows held in the order of their keys, so that two sessions never wait for each other."""
    return list(Topic.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(keys)).order_by("pk"))


def refuse_topics(topics: list[Topic], *, actor: Any, host_id: int, reason: str) -> None:
    """The gate before a session is planned: seen by the actor, of this host, taken up or approved."""
    if not topics:
        raise Missing(topics=_("Choose what is to be consulted about."))
    seen = set(Topic.objects.visible_to(actor).filter(pk__in=[t.pk for t in topics]).values_list("pk", flat=True))
    for topic in topics:
        if topic.pk not in seen or topic.host_id != host_id:
            raise Missing(topics=_("One of these topics does not exist or belongs to another CPPCC."))
        if topic.state not in READY:
            text = _("“%(topic)s” is %(state)s; a session needs a topic that is approved or taken up.")
            raise Missing(topics=text % {"topic": topic.title, "state": topic.get_state_display()})
        if topic.state == TopicState.CONSULTED and not reason.strip() and not actor.is_system:
            text = _("“%(topic)s” has been consulted already. Say why it needs a further round.")
            raise Missing(further_round_reason=text % {"topic": topic.title})


def attach(session: ConsultSession, topics: Iterable[Topic], *, actor: Any, at: datetime, reason: str = "") -> None:
    """Put topics on the agenda; the first session of a round schedules them."""
    ordered = {topic.pk: position for position, topic in enumerate(topics, 1)}
    for topic in locked_topics(ordered):
        if topic.state in READY and topic.state != TopicState.SCHEDULED:
            topic = schedule_topic(topic, actor=actor, on=_on(topic, at), reason=reason)
        SessionTopic.objects.create(session=session, topic=topic, position=ordered[topic.pk])


def settle(session: ConsultSession, *, actor: Any, at: datetime) -> None:
    """After the session is over: a topic without another open session is concluded when one of this round was held,
    and goes back where it came from when none was."""
    for topic in locked_topics(session.session_topics.values_list("topic_id", flat=True)):
        settle_topic(topic, actor=actor, at=at)


def settle_topic(topic: Topic, *, actor: Any, at: datetime) -> Topic:
    """One locked topic; nothing happens while it still waits for a session."""
    if topic.state != TopicState.SCHEDULED or ConsultSession.objects.open().of_topic(topic).exists():
        return topic
    held = SessionTopic.objects.filter(topic=topic, round=None, session__state=SessionState.HELD)
    if held.exists():
        topic = conclude_topic(topic, actor=actor, on=_on(topic, at))
        held.update(round=topic.round)
        return topic
    return unschedule_topic(topic, actor=actor, on=_on(topic, at))


def follow_claim(topic: Topic, *, actor: Any, at: datetime) -> Topic:
    """A topic filed by a log has been taken up: the session was held already, so schedule and conclude follow."""
    topic = locked_topics([topic.pk])[0]
    logged = SessionTopic.objects.filter(topic=topic, session__state=SessionState.HELD)
    if topic.state != TopicState.CLAIMED or not logged.exists():
        return topic
    topic = schedule_topic(topic, actor=actor, on=_on(topic, at), reason=_("Logged before the matter was taken up"))
    return settle_topic(topic, actor=actor, at=at)


def _on(topic: Topic, at: datetime) -> date:
    """The day of the driven move; a session may have been held before its topic was taken up."""
    return max(day_of(at), topic.moved_on)
