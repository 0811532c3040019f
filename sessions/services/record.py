"""What was said and what was agreed, line by line, while the session runs. Two recorders may write at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from consult.errors import LostRace, Missing
from sessions.models import ConsensusPoint, ConsultSession, DissentPoint, Participant, SessionTopic, Statement
from sessions.services.matters import locked_topics
from sessions.services.moves import keep, note
from sessions.states import Level, StatementKind
from topics.models import Topic


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
    client_id: Any = None,
) -> Statement:
    """Note what one party said. The same line sent twice is one line."""
    session = keep(session, "add_statement", actor=actor)
    if client_id is not None and (known := Statement.objects.filter(client_id=client_id, session=session).first()):
        return known
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
        client_id=client_id,
    )
    statement.full_clean(validate_constraints=False, exclude=["session"])
    statement.save()
    if participant is not None and participant.asked_at is not None:
        Participant.objects.filter(pk=participant.pk).update(asked_at=None)
    note(session, "add_statement", actor=actor, before=session.state, statement_id=statement.pk)
    return statement


def _next_position(session: ConsultSession) -> int:
    return (session.statements.aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def change_statement(statement: Statement, *, actor: Any, **changes: Any) -> Statement:
    """Mend a line: its words, who said it, what it is."""
    session = keep(statement.session, "change_statement", actor=actor)
    statement = _alive(session.statements, statement)
    old = statement.text
    for name in ("by", "category", "text", "kind"):
        if name in changes:
            setattr(statement, name, changes[name])
    statement.full_clean(validate_constraints=False, validate_unique=False)
    statement.save()
    note(
        session,
        "change_statement",
        actor=actor,
        before=session.state,
        data={"position": statement.position, "was": old},
    )
    return statement


@transaction.atomic
def remove_statement(statement: Statement, *, actor: Any) -> None:
    """Take a line out; its words stay in the record of moves."""
    session = keep(statement.session, "remove_statement", actor=actor)
    found = session.statements.filter(pk=statement.pk).first()
    if found is None:
        return
    data = {"position": found.position, "by": found.by, "was": found.text}
    note(session, "remove_statement", actor=actor, before=session.state, data=data)
    found.delete()


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
    client_id: Any = None,
) -> ConsensusPoint:
    """Note what was agreed, with its level. Numbers run through the whole matter, whatever the number of sessions."""
    session = keep(session, "agree_point", actor=actor)
    if client_id is not None and (known := ConsensusPoint.objects.filter(client_id=client_id, session=session).first()):
        return known
    topic = locked_topics([_on_agenda(session, topic).pk])[0]
    point = write_point(
        session, topic, text, level, number=number, unit_name=unit_name, due_on=due_on, client_id=client_id
    )
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
def change_point(point: ConsensusPoint, *, actor: Any, **changes: Any) -> ConsensusPoint:
    """Mend the words, the level, the unit or the day."""
    session = keep(point.session, "change_point", actor=actor)
    point = _alive(session.consensus_points, point)
    old = {"number": point.number, "was": point.text, "level": point.level}
    for name in ("text", "level", "unit_name", "due_on"):
        if name in changes:
            setattr(point, name, changes[name])
    point.full_clean(validate_constraints=False, validate_unique=False)
    point.save()
    note(session, "change_point", actor=actor, before=session.state, data=old)
    return point


@transaction.atomic
def remove_point(point: ConsensusPoint, *, actor: Any) -> None:
    """Take a point out; those after it close up as long as they belong to this session."""
    session = keep(point.session, "remove_point", actor=actor)
    found = session.consensus_points.filter(pk=point.pk).first()
    if found is None:
        return
    topic = locked_topics([found.topic_id])[0]
    note(session, "remove_point", actor=actor, before=session.state, data={"number": found.number, "was": found.text})
    number = found.number
    found.delete()
    later = list(topic.consensus_points.filter(number__gt=number).order_by("number"))
    if all(one.session_id == session.pk for one in later):
        for one in later:
            ConsensusPoint.objects.filter(pk=one.pk).update(number=one.number - 1)


@transaction.atomic
def keep_dissent(
    session: ConsultSession,
    topic: Topic | None = None,
    text: str = "",
    by: str = "",
    *,
    actor: Any,
    client_id: Any = None,
) -> DissentPoint:
    """Keep a reservation with who made it; nothing is voted down."""
    session = keep(session, "keep_dissent", actor=actor)
    if client_id is not None and (known := DissentPoint.objects.filter(client_id=client_id, session=session).first()):
        return known
    dissent = DissentPoint(session=session, topic=_on_agenda(session, topic), text=text, by=by, client_id=client_id)
    dissent.full_clean(validate_constraints=False, exclude=["session"])
    dissent.save()
    note(session, "keep_dissent", actor=actor, before=session.state, dissent_id=dissent.pk)
    return dissent


@transaction.atomic
def remove_dissent(dissent: DissentPoint, *, actor: Any) -> None:
    session = keep(dissent.session, "remove_dissent", actor=actor)
    found = session.dissent_points.filter(pk=dissent.pk).first()
    if found is None:
        return
    note(session, "remove_dissent", actor=actor, before=session.state, data={"by": found.by, "was": found.text})
    found.delete()


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


def _alive(rows: Any, row: Any) -> Any:
    """The line, unless the other recorder has just removed it."""
    found = rows.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise LostRace(_("This line has been removed meanwhile."))
    return found


def resident_share(session: ConsultSession) -> int:
    """How much of what was said came from residents, in per cent."""
    categories = list(session.statements.values_list("category", flat=True))
    return round(100 * categories.count("resident") / len(categories)) if categories else 0
