"""What was said and what was agreed, line by line, while the session runs. Two recorders may write at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from consult.dbclock import database_now
from consult.errors import LostRace, Missing
from sessions.models import (
    ConsensusPoint,
    ConsultSession,
    DissentPoint,
    Participant,
    SessionTopic,
    Statement,
    StruckLine,
)
from sessions.services.lines import alive, keep_once, mend, strike
from sessions.services.matters import locked_topics
from sessions.services.moves import keep, note
from sessions.states import Level, StatementKind
from topics.models import Topic
from topics.states import PartyCategory


@transaction.atomic
def add_statement(
    session: ConsultSession,
    by: str = "",
    category: str = "",
    text: str = "",
    *,
    actor: Any,
    topic: Topic | None = None,
    participant: Participant | None = None,
    kind: str = StatementKind.OPINION,
    language: str = "",
    claimed_at: datetime | None = None,
    client_id: Any = None,
) -> Statement:
    """Note what one party said. The same line sent twice is one line; lines stand in the order in which they arrive."""
    session, noted = keep_once(Statement, session, "add_statement", client_id, actor=actor)
    if noted is not None:
        return noted
    if participant is not None:
        if participant.session_id != session.pk:
            raise Missing(participant=_("This person is not on the roster of this session."))
        by, category = by or str(participant), category or participant.category
    if topic is not None:
        topic = _on_agenda(session, topic)
    statement = Statement(
        session=session,
        topic=topic,
        position=_next_position(session),
        by=by,
        category=category,
        participant=participant,
        kind=kind,
        text=text,
        recorded_by=actor,
        language=language,
        claimed_at=claimed_at,
        client_id=client_id,
    )
    statement.full_clean(validate_constraints=False, exclude=["session"])
    statement.save()
    if participant is not None and participant.asked_at is not None:
        Participant.objects.filter(pk=participant.pk).update(asked_at=None)
    note(session, "add_statement", actor=actor, before=session.state, statement_id=statement.pk)
    return statement


def _next_position(session: ConsultSession) -> int:
    """A place that was struck out is not given again: the line may still be put back there."""
    struck = session.struck_lines.filter(kind=StruckLine.Kind.STATEMENT).aggregate(last=Max("position"))["last"]
    return max(session.statements.aggregate(last=Max("position"))["last"] or 0, struck or 0) + 1


@transaction.atomic
def change_statement(statement: Statement, *, actor: Any, version: int | None = None, **changes: Any) -> Statement:
    """Mend a line: its words, who said it, what it is. A version that is stale gets both texts and writes nothing."""
    session = keep(statement.session, "change_statement", actor=actor)
    statement = alive(session.statements, statement)
    data = {"position": statement.position, "was": statement.text}
    if not mend(statement, version, changes):
        return statement
    statement.save()
    note(session, "change_statement", actor=actor, before=session.state, data=data)
    return statement


@transaction.atomic
def remove_statement(statement: Statement, *, actor: Any) -> StruckLine | None:
    """Take a line out; it is kept beside the record and may be put back where it stood."""
    session = keep(statement.session, "remove_statement", actor=actor)
    found = session.statements.filter(pk=statement.pk).first()
    if found is None:
        return None
    data = {"position": found.position, "by": found.by, "was": found.text}
    note(session, "remove_statement", actor=actor, before=session.state, data=data)
    return strike(session, found, actor=actor)


# consensus ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def agree_point(
    session: ConsultSession,
    topic: Topic | None = None,
    text: str = "",
    level: str = Level.AGREED,
    *,
    actor: Any,
    number: int | None = None,
    unit_name: str = "",
    due_on: date | None = None,
    statements: Sequence[Statement] = (),
    client_id: Any = None,
) -> ConsensusPoint:
    """Note what was agreed, with its level, and from which statements it came. Numbers run through the whole matter,
    whatever the number of sessions."""
    session, noted = keep_once(ConsensusPoint, session, "agree_point", client_id, actor=actor)
    if noted is not None:
        return noted
    topic = locked_topics([_on_agenda(session, topic).pk])[0]
    point = write_point(
        session, topic, text, level, number=number, unit_name=unit_name, due_on=due_on, client_id=client_id
    )
    point.statements.set(session.statements.filter(pk__in=[one.pk for one in statements]))
    data = {"number": point.number, "level": point.level}
    note(session, "agree_point", actor=actor, before=session.state, data=data, point_id=point.pk)
    return point


def write_point(
    session: ConsultSession, topic: Topic, text: str, level: str, *, number: int | None, **more: Any
) -> ConsensusPoint:
    """The topic row is locked, so the next number is nobody else's."""
    if number is None:
        number = (topic.consensus_points.aggregate(last=Max("number"))["last"] or 0) + 1
    elif topic.consensus_points.filter(number=number).exists():
        raise LostRace(_("Point %(number)s exists already in this matter.") % {"number": number}, code="number_taken")
    point = ConsensusPoint(session=session, topic=topic, number=number, text=text, level=level, **more)
    point.full_clean(validate_constraints=False, exclude=["session"])
    point.save()
    return point


@transaction.atomic
def change_point(point: ConsensusPoint, *, actor: Any, version: int | None = None, **changes: Any) -> ConsensusPoint:
    """Mend the words, the level, the unit or the day; what was read out in other words is read out anew."""
    session = keep(point.session, "change_point", actor=actor)
    point = alive(session.consensus_points, point)
    data = {"number": point.number, "was": point.text, "level": point.level}
    if not mend(point, version, changes):
        return point
    point.read_back_at = None
    point.save()
    note(session, "change_point", actor=actor, before=session.state, data=data)
    return point


@transaction.atomic
def read_back(point: ConsensusPoint, *, actor: Any, done: bool = True) -> ConsensusPoint:
    """宣读: the point was read out to everybody and stands as it is; or has to be read again."""
    session = keep(point.session, "read_back", actor=actor)
    point = alive(session.consensus_points, point)
    if (point.read_back_at is not None) == done:
        return point
    point.read_back_at = database_now() if done else None
    point.save(update_fields=["read_back_at"])
    data = {"number": point.number, "done": done}
    note(session, "read_back", actor=actor, before=session.state, data=data, point_id=point.pk)
    return point


@transaction.atomic
def remove_point(point: ConsensusPoint, *, actor: Any) -> StruckLine | None:
    """Take a point out; those after it close up as long as they belong to this session."""
    session = keep(point.session, "remove_point", actor=actor)
    found = session.consensus_points.filter(pk=point.pk).first()
    if found is None:
        return None
    topic = locked_topics([found.topic_id])[0]
    note(session, "remove_point", actor=actor, before=session.state, data={"number": found.number, "was": found.text})
    number = found.number
    struck = strike(session, found, actor=actor)
    later = list(topic.consensus_points.filter(number__gt=number).order_by("number"))
    if all(one.session_id == session.pk for one in later):
        for one in later:
            ConsensusPoint.objects.filter(pk=one.pk).update(number=one.number - 1)
    return struck


@transaction.atomic
def keep_dissent(
    session: ConsultSession,
    topic: Topic | None = None,
    text: str = "",
    by: str = "",
    *,
    actor: Any,
    point: ConsensusPoint | None = None,
    client_id: Any = None,
) -> DissentPoint:
    """Keep a reservation with who made it, under the point that it is about; nothing is voted down."""
    session, noted = keep_once(DissentPoint, session, "keep_dissent", client_id, actor=actor)
    if noted is not None:
        return noted
    if point is not None:
        point = session.consensus_points.select_related("topic").filter(pk=point.pk).first()
        topic = point.topic if point is not None else topic
    topic = _on_agenda(session, topic)
    dissent = DissentPoint(session=session, topic=topic, text=text, by=by, point=point, client_id=client_id)
    dissent.full_clean(validate_constraints=False, exclude=["session"])
    dissent.save()
    note(session, "keep_dissent", actor=actor, before=session.state, dissent_id=dissent.pk)
    return dissent


@transaction.atomic
def change_dissent(dissent: DissentPoint, *, actor: Any, version: int | None = None, **changes: Any) -> DissentPoint:
    """Mend the words of a reservation, or whose it is."""
    session = keep(dissent.session, "change_dissent", actor=actor)
    dissent = alive(session.dissent_points, dissent)
    data = {"by": dissent.by, "was": dissent.text}
    if not mend(dissent, version, changes):
        return dissent
    dissent.save()
    note(session, "change_dissent", actor=actor, before=session.state, data=data)
    return dissent


@transaction.atomic
def remove_dissent(dissent: DissentPoint, *, actor: Any) -> StruckLine | None:
    session = keep(dissent.session, "remove_dissent", actor=actor)
    found = session.dissent_points.filter(pk=dissent.pk).first()
    if found is None:
        return None
    note(session, "remove_dissent", actor=actor, before=session.state, data={"by": found.by, "was": found.text})
    return strike(session, found, actor=actor)


def _on_agenda(session: ConsultSession, topic: Topic | None) -> Topic:
    """The topic, which must be on the agenda; with a single one it goes without saying."""
    links = SessionTopic.objects.filter(session=session).select_related("topic")
    if topic is None:
        found = list(links[:2])
        if len(found) == 1:
            return found[0].topic
        raise Missing(topic=_("Say to which topic this belongs."))
    link = links.filter(topic=topic).first()
    if link is None:
        raise Missing(topic=_("This topic is not on the agenda of this session."))
    return link.topic


def resident_share(statements: Sequence[Statement]) -> int:
    """How much of what was said came from residents, in per cent."""
    spoken = sum(one.category == PartyCategory.RESIDENT for one in statements)
    return round(100 * spoken / len(statements)) if statements else 0
