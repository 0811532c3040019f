"""Preparing a session: plan, change, announce, postpone, cancel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import LostRace, Missing
from sessions.models import ConsultationRoom, ConsultSession, Participant
from sessions.services import gates
from sessions.services.matters import attach, locked_topics, refuse_topics, settle
from sessions.services.moves import advance, aware, day_of, keep, locked, moment, note, save
from sessions.services.roster import write_agenda, write_participants
from sessions.states import SESSION_WORKFLOW, SessionState
from topics.models import Topic

#: What change_plan may change; times of an announced session move by postponing, because notices have gone out.
CHANGEABLE = frozenset(
    [
        "title",
        "form",
        "venue_kind",
        "room",
        "place",
        "region_code",
        "convenor",
        "convenor_name",
        "lead_member",
        "lead_name",
        "moderator",
        "moderator_name",
        "recorder",
        "recorder_name",
        "languages",
        "interpreter",
        "starts_at",
        "ends_at",
    ]
)


@transaction.atomic
def plan_session(
    *,
    actor: Any,
    host: Any,
    topics: Iterable[Topic],
    form: str,
    venue_kind: str,
    region_code: str,
    title: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    room: ConsultationRoom | None = None,
    place: str = "",
    convenor: Any = None,
    convenor_name: str = "",
    lead_member: Any = None,
    lead_name: str = "",
    moderator: Any = None,
    moderator_name: str = "",
    recorder: Any = None,
    recorder_name: str = "",
    languages: Sequence[str] = (),
    interpreter: str = "",
    agenda: Sequence[Any] = (),
    participants: Sequence[dict[str, Any]] = (),
    further_round_reason: str = "",
    on: date | None = None,
    at: datetime | None = None,
    is_sample: bool = False,
) -> ConsultSession:
    """Prepare a session: topics, place, time, 谁召集·在哪商·谁带头, moderator, recorder, agenda, participants."""
    topics = list(topics)
    session = ConsultSession(
        host=host,
        region_code=region_code,
        form=form,
        venue_kind=venue_kind,
        title=title,
        starts_at=aware(starts_at),
        ends_at=aware(ends_at),
        room=room,
        place=place,
        convenor=convenor,
        convenor_name=convenor_name,
        lead_member=lead_member,
        lead_name=lead_name,
        moderator=moderator,
        moderator_name=moderator_name,
        recorder=recorder,
        recorder_name=recorder_name,
        languages=list(languages),
        interpreter=interpreter,
        further_round_reason=further_round_reason,
        is_sample=is_sample,
        created_by=actor,
    )
    happened = moment(at or (aware(datetime.combine(on, time(23, 59))) if on and on < timezone.localdate() else None))
    SESSION_WORKFLOW.advance(session, "plan", actor=actor)
    _refuse_plan(session, actor=actor, topics=topics, agenda=agenda, participants=participants)
    topics_now = {topic.pk: topic for topic in locked_topics(topic.pk for topic in topics)}
    refuse_topics([topics_now[topic.pk] for topic in topics], actor=actor, host_id=host.pk, reason=further_round_reason)
    session.moved_at = happened
    session.is_backfilled = actor.is_system and session.starts_at < timezone.now()
    save(session)
    attach(session, topics, actor=actor, at=happened, reason=further_round_reason)
    write_agenda(session, agenda)
    write_participants(session, participants, actor=actor)
    note(session, "plan", actor=actor, at=happened)
    return session


def _refuse_plan(
    session: ConsultSession, *, actor: Any, topics: list[Topic], agenda: Sequence[Any], participants: Sequence[Any]
) -> None:
    wrong = (
        gates.times(session.starts_at, session.ends_at, actor=actor) | gates.place(session) | _foreign(session, topics)
    )
    if not session.title.strip():
        wrong["title"] = _("Give the session a title.")
    if not topics:
        wrong["topics"] = _("Choose what is to be consulted about.")
    if not actor.is_system:
        wrong |= gates.three_answers(session)
        if not agenda:
            wrong["agenda"] = _("Write down the agenda, one item a line.")
        if not participants:
            wrong["participants"] = _("Say who is to come: whoever the matter concerns.")
        if not wrong:
            wrong |= gates.moderator_free(session)
    gates.refuse(wrong)


def _foreign(session: ConsultSession, topics: Iterable[Topic] = ()) -> dict[str, str]:
    """Rooms and people belong to the host, or to a CPPCC with which the matter is filed jointly."""
    hosts = hosts_of(session, topics)
    wrong: dict[str, str] = {}
    if session.room is not None and session.room.host_id not in hosts:
        wrong["room"] = _("This room belongs to another CPPCC.")
    if session.convenor is not None and session.convenor.host_id not in hosts:
        wrong["convenor"] = _("This person belongs to another CPPCC.")
    if session.lead_member is not None and session.lead_member.host_id not in hosts:
        wrong["lead_member"] = _("This person belongs to another CPPCC.")
    for name in ("moderator", "recorder"):
        account = getattr(session, name)
        if account is not None and not knows(account, hosts):
            wrong[name] = _("This person belongs to another CPPCC.")
    return wrong


def hosts_of(session: ConsultSession, topics: Iterable[Topic] = ()) -> set[int]:
    """The CPPCC of the session and those with which its topics are filed jointly."""
    topics = list(topics) or (list(session.topics.all()) if session.pk else [])
    return {session.host_id, *(joint.pk for topic in topics for joint in topic.joint_hosts.all())}


def knows(account: Any, hosts: set[int]) -> bool:
    """The account is kept by one of the hosts or works under it."""
    return account.home_id in hosts or account.mandates.filter(host_id__in=hosts).exists()


@transaction.atomic
def change_plan(
    session: ConsultSession,
    *,
    actor: Any,
    version: int | None = None,
    agenda: Sequence[Any] | None = None,
    **changes: Any,
) -> ConsultSession:
    """Mend what was planned; whoever started from an older version is told so."""
    session = keep(session, "change_plan", actor=actor)
    if version is not None and version != session.version:
        raise LostRace(_("Somebody else has changed this session meanwhile; look at it once more."))
    if unknown := sorted(set(changes) - CHANGEABLE):
        raise Missing({name: _("This cannot be changed here.") for name in unknown})
    changed = _changed(session, changes)
    if session.state == SessionState.ANNOUNCED and {"starts_at", "ends_at"} & set(changed):
        raise Missing(starts_at=_("Notices have gone out; postpone the session, so that everybody is told."))
    _refuse_change(session, changed, actor=actor)
    if not changed and agenda is None:
        return session
    session.version += 1
    save(session)
    if agenda is not None:
        write_agenda(session, agenda)
    note(session, "change_plan", actor=actor, before=session.state, data={"changed": changed})
    return session


def _changed(session: ConsultSession, changes: dict[str, Any]) -> list[str]:
    """Set what differs; the names of it."""
    changed = []
    for name, value in changes.items():
        value = aware(value) if name in ("starts_at", "ends_at") else value
        if getattr(session, name) != value:
            setattr(session, name, value)
            changed.append(name)
    return changed


def _refuse_change(session: ConsultSession, changed: list[str], *, actor: Any) -> None:
    wrong = gates.place(session) | _foreign(session)
    if {"starts_at", "ends_at"} & set(changed):
        wrong |= gates.times(session.starts_at, session.ends_at, actor=actor)
    if not actor.is_system:
        wrong |= gates.three_answers(session)
        if {"starts_at", "ends_at", "moderator"} & set(changed):
            wrong |= gates.moderator_free(session)
    gates.refuse(wrong)


@transaction.atomic
def announce_session(
    session: ConsultSession, *, actor: Any, short_notice_reason: str = "", at: datetime | None = None
) -> ConsultSession:
    """Send the notices; notice shorter than the limit needs a reason and is never refused."""
    session = locked(session)
    SESSION_WORKFLOW.check(session, "announce", actor=actor)
    if not actor.is_system:
        gates.refuse(gates.before_announcing(session))
        warning = gates.short_notice(session)
        if warning and not short_notice_reason.strip():
            raise Missing(short_notice_reason=warning)
    session = advance(
        session,
        "announce",
        actor=actor,
        at=at,
        reason=short_notice_reason,
        short_notice_reason=short_notice_reason.strip(),
    )
    session.participants.update(invited_at=session.moved_at)
    return session


@transaction.atomic
def postpone_session(
    session: ConsultSession,
    *,
    actor: Any,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    room: ConsultationRoom | None = None,
    place: str = "",
    at: datetime | None = None,
) -> ConsultSession:
    """Move the session to another time (and place); the notices that went out are recalled, replies asked anew."""
    session = locked(session)
    SESSION_WORKFLOW.check(session, "postpone", actor=actor)
    was_announced = session.state == SessionState.ANNOUNCED
    old = {"starts_at": session.starts_at, "ends_at": session.ends_at, "place": session.where}
    session.starts_at, session.ends_at = aware(starts_at), aware(ends_at)
    if room is not None or place:
        session.room, session.place = room, place
    wrong = gates.times(session.starts_at, session.ends_at, actor=actor) | gates.place(session) | _foreign(session)
    if not reason.strip():
        wrong["reason"] = _("Say why the session is postponed.")
    if not wrong and not actor.is_system:
        wrong |= gates.moderator_free(session)
    gates.refuse(wrong)
    session = advance(
        session,
        "postpone",
        actor=actor,
        at=at,
        reason=reason,
        data={"from": old},
        version=session.version + 1,
        short_notice_reason="",
    )
    ConsultSession.objects.filter(pk=session.pk).update(reason=reason.strip())
    session.reason = reason.strip()
    if was_announced:
        session.participants.update(invited_at=None, reply="", reply_reason="", replied_at=None, replied_by_link=False)
    return session


@transaction.atomic
def cancel_session(session: ConsultSession, *, actor: Any, reason: str, at: datetime | None = None) -> ConsultSession:
    """Call the session off; what was written stays, and topics without another session go back."""
    session = locked(session)
    SESSION_WORKFLOW.check(session, "cancel", actor=actor)
    if not reason.strip():
        raise Missing(reason=_("Say why the session is cancelled."))
    before = session.state
    data = {"from": before, "signed_in": session.participants.exclude(signed_in_at=None).count()}
    session = advance(session, "cancel", actor=actor, at=at, reason=reason, data=data)
    ConsultSession.objects.filter(pk=session.pk).update(reason=reason.strip())
    session.reason = reason.strip()
    settle(session, actor=actor, at=session.moved_at)
    return session


def suggested_agenda(minutes: int = 120) -> list[dict[str, Any]]:
    """The standard agenda, residents before departments, scaled to the length of the session."""
    shares = (
        (_("Say what it is about and how we speak"), _("Moderator"), 5),
        (_("Report on the situation and the field study"), _("Lead member"), 15),
        (_("Statements, residents first"), _("Parties to the matter"), 40),
        (_("Departments answer"), _("Departments"), 25),
        (_("Talk it over, point by point"), _("Everybody"), 25),
        (_("Read the consensus and the reservations back"), _("Moderator"), 10),
    )
    return [{"text": text, "by": by, "minutes": max(1, round(minutes * share / 120))} for text, by, share in shares]


def expected_roster(topics: Iterable[Topic]) -> list[dict[str, Any]]:
    """A first list of those to invite: one line for each class that a topic names."""
    classes: list[str] = []
    for topic in topics:
        classes += [name for name in topic.stakeholders if name not in classes]
    return [{"category": name, "name": "", "organisation_name": "", "count": 1} for name in classes]


def duration(session: ConsultSession) -> int:
    """Planned length in minutes."""
    return int((session.ends_at - session.starts_at).total_seconds() // 60)


def invited(session: ConsultSession) -> list[Participant]:
    return list(session.participants.select_related("organisation", "account", "member").order_by("position", "pk"))


__all__ = [
    "CHANGEABLE",
    "announce_session",
    "cancel_session",
    "change_plan",
    "day_of",
    "duration",
    "expected_roster",
    "invited",
    "plan_session",
    "postpone_session",
    "suggested_agenda",
]
