"""The sessions of a matter, with what was said, agreed and signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import services as sessions
from sessions.models import ConsultSession
from sessions.states import VenueKind
from topics.models import Topic

from .course import Course, about_of
from .schema import CaseMinutes, CaseParticipant, CaseSession

#: Of a session whose end the file does not give.
USUAL_LENGTH = timedelta(hours=2)


def hold(course: Course, topic: Topic, part: CaseSession) -> None:
    course.here = part.at("starts_at")
    starts = _aware(part.starts_at)
    ends = _aware(part.ends_at) if part.ends_at else starts + USUAL_LENGTH
    room = course.parties.room(part.room, part) if part.room else None
    session = sessions.plan_session(
        actor=course.actor,
        host=course.parties.host,
        topics=[Topic.objects.get(pk=topic.pk)],
        form=part.form,
        venue_kind=part.venue_kind,
        region_code=part.region,
        title=part.title,
        starts_at=starts,
        ends_at=ends,
        room=room,
        place=part.place or ("" if room or part.venue_kind == VenueKind.ONLINE else course.case.topic.place or "—"),
        convenor=course.parties.convenor(part.convenor),
        convenor_name=part.convenor,
        lead_member=course.parties.member(part.lead_member),
        lead_name=part.lead_member,
        moderator_name=part.moderator,
        recorder_name=part.recorder,
        languages=part.languages,
        agenda=part.agenda,
        participants=[_participant(course, line) for line in part.participants],
        at=starts,
    )
    session = sessions.announce_session(session, actor=course.actor, at=starts)
    session = sessions.open_session(session, actor=course.actor, at=starts)
    _record(course, session, topic, part)
    session = sessions.close_session(session, actor=course.actor, at=ends, no_statements=not part.statements)
    minutes = course.case.minutes_of(part)
    if minutes is not None:
        _write_minutes(course, session, minutes)


def _participant(course: Course, line: CaseParticipant) -> dict[str, Any]:
    values = {
        "category": line.category,
        "name": line.name,
        "title": line.title,
        "count": int(line.count.n) if line.count else 1,
        "count_about": about_of(line.count),
        "attendance": line.attendance,
    }
    if line.organisation and (line.category == "member" or course.parties.is_group(line.organisation)):
        return {**values, "organisation_name": line.organisation}
    if line.organisation:
        values["organisation"] = course.parties.unit(line.organisation, line.category)
    return values


def _record(course: Course, session: ConsultSession, topic: Topic, part: CaseSession) -> None:
    for said in part.statements:
        course.here = said.at("text")
        sessions.add_statement(session, said.by, said.category or "other", said.text, actor=course.actor)
    for point in part.consensus:
        course.here = point.at("number")
        sessions.agree_point(session, topic, point.text, point.level, actor=course.actor, number=point.number)
    for kept in part.dissent:
        course.here = kept.at("text")
        sessions.keep_dissent(session, topic, kept.text, kept.by, actor=course.actor)


def _write_minutes(course: Course, session: ConsultSession, part: CaseMinutes) -> None:
    signed = course.when(part.at("signed_on"))
    drafted = course.when(part.at("drafted_on")) or signed
    if drafted is None:
        return
    course.here = part.at("signed_on") if part.signed_on else part.path
    minutes = sessions.draft_minutes(session, actor=course.actor, on=drafted.on, drafted_name=_("paper file"))
    if signed is not None:
        minutes = sessions.file_minutes(minutes, actor=course.actor, on=drafted.on)
        sessions.sign_minutes(minutes, actor=course.actor, signed_name=part.signed_by, on_paper=True, on=signed.on)


def _aware(moment: datetime) -> datetime:
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
