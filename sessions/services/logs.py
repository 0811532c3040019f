"""Logging a session after the fact: the bench session (小板凳议事) entered on a phone, or a paper of last week.

Nothing that was noted in a yard is dropped: what cannot be placed is kept until somebody decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import LostRace, Missing
from consult.regions import Region
from consult.regions.codes import prefix_of
from consult.text.typed import line
from members.states import Role
from sessions.models import ConsultationRoom, ConsultSession
from sessions.services import gates
from sessions.services.matters import READY, attach, settle
from sessions.services.moves import CLOCKS_DIFFER, advance, aware, day_of, locked, note
from sessions.services.record import write_point
from sessions.services.roster import write_participants
from sessions.states import SESSION_WORKFLOW, Level, SessionForm, SessionState, VenueKind
from topics.models import Topic
from topics.services import hand_in
from topics.states import PartyCategory, Source, TopicState

USUAL_LENGTH = timedelta(hours=1)
#: On these a session held already hangs without moving them: they have not been taken up yet.
WAITING = (TopicState.SUBMITTED, TopicState.RETURNED, TopicState.POOLED)
#: What is older than this when it comes in is looked at first.
OLD = timedelta(days=400)
_LOGGERS = (Role.MEMBER, Role.GROUP_LEADER, Role.CONVENOR, Role.OFFICE)


@transaction.atomic
def log_session(
    *,
    actor: Any,
    host: Any,
    region_code: str,
    title: str,
    place: str,
    agreed: Sequence[str],
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    form: str = SessionForm.BENCH,
    venue_kind: str = VenueKind.COURTYARD,
    room: ConsultationRoom | None = None,
    topic: Topic | None = None,
    topic_uuid: Any = None,
    session_uuid: Any = None,
    participants: Sequence[dict[str, Any]] = (),
    dissent: Sequence[str] = (),
    problem: str = "",
    convenor_name: str = "",
    lead_member: Any = None,
    lead_name: str = "",
    moderator_name: str = "",
    further_round_reason: str = "",
    client_id: Any = None,
    claimed_at: datetime | None = None,
    is_sample: bool = False,
) -> ConsultSession:
    """补录: what, where, and what was agreed. The same ``client_id`` sent again is the same session."""
    if client_id is not None and (known := ConsultSession.objects.filter(client_id=client_id).first()):
        return _same(known, actor)
    region_code, unknown_region = _placed(host, region_code, actor)
    starts_at, ends_at = _times(aware(starts_at) or aware(claimed_at), aware(ends_at))
    if lead_member is None and not lead_name.strip():
        lead_member = _leads(actor, host)
    session = ConsultSession(
        host=host,
        region_code=region_code,
        form=form,
        venue_kind=venue_kind,
        title=line("title", title, 100),
        room=room,
        place=line("place", place, 100) or (room.name if room else ""),
        starts_at=starts_at,
        ends_at=ends_at,
        convenor_name=line("convenor_name", convenor_name, 60),
        lead_member=lead_member,
        lead_name=line("lead_name", lead_name, 60) or ("" if lead_member else str(actor)[:60]),
        moderator_name=line("moderator_name", moderator_name, 60),
        further_round_reason=line("further_round_reason", further_round_reason, 300),
        is_backfilled=True,
        is_sample=is_sample,
        client_id=client_id,
        claimed_at=aware(claimed_at),
        created_by=actor,
    )
    agreed = _points(agreed)
    _refuse_log(session, agreed)
    over = _term_over(session, actor)
    topic, unknown_topic = _topic(topic, topic_uuid, actor)
    doubt = _doubt(session, topic, over or unknown_region or unknown_topic or _about_session(session_uuid))
    if doubt:
        session.kept = _kept(agreed, dissent, problem, topic, topic_uuid, session_uuid)
        return _keep(session, doubt, participants, actor=actor)
    return _log(session, topic, agreed, participants, dissent=dissent, problem=problem, actor=actor)


@transaction.atomic
def accept_log(
    session: ConsultSession,
    *,
    actor: Any,
    topic: Topic | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    region_code: str = "",
    further_round_reason: str = "",
) -> ConsultSession:
    """Somebody has looked at a kept record: it was held, with what he corrected."""
    session = locked(session)
    SESSION_WORKFLOW.check(session, "accept_log", actor=actor)
    if starts_at is not None:
        session.starts_at, session.ends_at = _times(aware(starts_at), aware(ends_at))
    if region_code:
        session.region_code = region_code
    if further_round_reason.strip():
        session.further_round_reason = further_round_reason.strip()
    gates.refuse(gates.place(session))
    if session.starts_at > timezone.now() + CLOCKS_DIFFER:
        raise Missing(starts_at=_("This time is still to come; correct it, or cancel the record."))
    kept = dict(session.kept)
    topic = topic or Topic.objects.visible_to(actor).filter(uuid=kept.get("topic") or None).first()
    if topic is not None and topic.state not in (*READY, *WAITING):
        text = _("“%(topic)s” is %(state)s; choose another topic, or none: then a new one is filed.")
        raise Missing(topic=text % {"topic": topic.title, "state": topic.get_state_display()})
    if topic is not None and _needs_round_reason(session, topic):
        raise Missing(
            further_round_reason=_("The matter has been consulted already; say why there is a further round.")
        )
    session.decision_note = ""
    session = advance(session, "accept_log", actor=actor, held_at=session.ends_at, kept={})
    return _write(
        session,
        topic,
        kept.get("agreed", []),
        dissent=kept.get("dissent", []),
        problem=kept.get("problem", ""),
        actor=actor,
    )


# what was sent --------------------------------------------------------------------------------------------------------


def _same(known: ConsultSession, actor: Any) -> ConsultSession:
    if known.created_by_id != actor.pk:
        raise LostRace(_("This record has been entered by somebody else already."))
    return known


def _term_over(session: ConsultSession, actor: Any) -> str:
    """Whoever may log, logs. What somebody wrote down in his term and sends after it is kept for a decision."""
    if actor.mandate_for(*_LOGGERS, host_id=session.host_id) is None and not actor.is_system:
        SESSION_WORKFLOW.check(session, "keep_undecided", actor=actor)
        return _("Who wrote it holds no mandate any more.")
    SESSION_WORKFLOW.check(session, "log", actor=actor)
    return ""


def _leads(actor: Any, host: Any) -> Any:
    """谁带头: unless somebody else is named, the committee member who writes it down."""
    member = getattr(actor, "member", None)
    return member if member is not None and member.host_id == host.pk else None


def _times(starts_at: datetime | None, ends_at: datetime | None) -> tuple[datetime, datetime]:
    """Nobody looks at a clock on a bench: without an end it took an hour, without a beginning it has just ended."""
    now = timezone.now()
    if starts_at is None:
        starts_at = (ends_at or now) - USUAL_LENGTH
    if ends_at is None:
        ends_at = starts_at + USUAL_LENGTH
        if starts_at < now < ends_at:
            ends_at = max(now, starts_at + timedelta(minutes=1))
    return starts_at, ends_at


def _placed(host: Any, region_code: str, actor: Any) -> tuple[str, str]:
    """The village as given; one that does not exist is kept in words, under the logger's own division."""
    code = str(region_code or "").strip()
    known = (
        code.isascii() and code.isdigit() and len(code) == 12 and Region.objects.in_force().filter(code=code).exists()
    )
    if known and code.startswith(prefix_of(host.region_code)):
        return code, ""
    mandate = actor.mandate_for(*_LOGGERS, host_id=host.pk)
    fallback = mandate.region_code if mandate else host.region_code
    return fallback, _("The village “%(code)s” is not in the division table of this CPPCC.") % {"code": code[:20]}


def _points(agreed: Iterable[Any]) -> list[str]:
    if isinstance(agreed, str):
        agreed = agreed.splitlines()
    return [point for point in (line("agreed", one, 500) for one in agreed) if point]


def _refuse_log(session: ConsultSession, agreed: list[str]) -> None:
    wrong: dict[str, str] = {}
    if not session.title:
        wrong["title"] = _("Write in one line what it was about.")
    if not session.place:
        wrong["place"] = _("Write down where: the yard, the field, the pavilion.")
    if not agreed:
        wrong["agreed"] = _("Write down what was agreed, one point a line.")
    if session.ends_at <= session.starts_at:
        wrong["ends_at"] = _("The session must end after it begins.")
    elif session.ends_at - session.starts_at > gates.LONGEST:
        wrong["ends_at"] = _("A session lasts 24 hours at most; check the dates.")
    if session.room is not None and session.room.host_id != session.host_id:
        wrong["room"] = _("This room belongs to another CPPCC.")
    gates.refuse(wrong)


def _topic(topic: Topic | None, topic_uuid: Any, actor: Any) -> tuple[Topic | None, str]:
    """The topic named, as far as the logger may see it."""
    if topic is None and not topic_uuid:
        return None, ""
    rows = Topic.objects.visible_to(actor)
    found = rows.filter(pk=topic.pk).first() if topic is not None else rows.filter(uuid=topic_uuid).first()
    return found, "" if found else _("The topic it names is not known.")


def _about_session(session_uuid: Any) -> str:
    """The log of a session that stands in the calendar: what became of it decides."""
    if not session_uuid:
        return ""
    planned = ConsultSession.objects.filter(uuid=session_uuid).first()
    if planned is None:
        return _("The session it names is not known.")
    if planned.state == SessionState.CANCELLED:
        return _("The session it names has been cancelled: “%(title)s”.") % {"title": planned.title}
    text = _("The session it names has a record of its own: “%(title)s”.")
    return text % {"title": planned.title}


def _doubt(session: ConsultSession, topic: Topic | None, doubt: str) -> str:
    """Why the record cannot be placed; empty when it can."""
    if doubt:
        return doubt
    if session.starts_at > timezone.now() + CLOCKS_DIFFER:
        return _("Its time lies in the future; the telephone's clock may be wrong.")
    if session.starts_at < timezone.now() - OLD and not session.created_by.is_system:
        return _("It is more than a year old.")
    if topic is None:
        return ""
    if topic.host_id != session.host_id:
        return _("The topic belongs to another CPPCC.")
    if topic.state not in (*READY, *WAITING):
        text = _("The topic “%(topic)s” is %(state)s.")
        return text % {"topic": topic.title, "state": topic.get_state_display()}
    if _needs_round_reason(session, topic):
        return _("The matter has been consulted already, and the record does not say why there is a further round.")
    return ""


def _needs_round_reason(session: ConsultSession, topic: Topic) -> bool:
    return topic.state == TopicState.CONSULTED and not session.further_round_reason


# what becomes of it ---------------------------------------------------------------------------------------------------


def _kept(agreed: Any, dissent: Any, problem: str, topic: Topic | None, topic_uuid: Any, session_uuid: Any) -> dict:
    return {
        "agreed": list(agreed),
        "dissent": list(dissent),
        "problem": problem,
        "topic": str(topic.uuid if topic else topic_uuid or ""),
        "session": str(session_uuid or ""),
    }


def _keep(session: ConsultSession, doubt: str, participants: Sequence[Any], *, actor: Any) -> ConsultSession:
    """Kept for somebody to decide upon, never dropped."""
    session.state = SessionState.NEEDS_DECISION
    session.decision_note = doubt[:300]
    session.moved_at = min(session.ends_at, timezone.now())
    if not _stored(session):
        return _same(ConsultSession.objects.get(client_id=session.client_id), actor)
    write_participants(session, participants, actor=actor)
    note(session, "keep_undecided", actor=actor, reason=doubt)
    return session


def _log(
    session: ConsultSession,
    topic: Topic | None,
    agreed: list[str],
    participants: Sequence[Any],
    *,
    dissent: Sequence[str],
    problem: str,
    actor: Any,
) -> ConsultSession:
    SESSION_WORKFLOW.advance(session, "log", actor=actor)
    session.moved_at = session.held_at = min(session.ends_at, timezone.now())
    if not _stored(session):
        return _same(ConsultSession.objects.get(client_id=session.client_id), actor)
    write_participants(session, participants, actor=actor)
    session = _write(session, topic, agreed, dissent=dissent, problem=problem, actor=actor)
    note(session, "log", actor=actor, at=session.moved_at)
    return session


def _stored(session: ConsultSession) -> bool:
    """Insert; False when the same record came in at the same moment by another way."""
    session.full_clean(validate_constraints=False, validate_unique=False)
    try:
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError as error:
        if "client_id" not in str(error):
            raise
        return False
    return True


def _write(
    session: ConsultSession,
    topic: Topic | None,
    agreed: Sequence[str],
    *,
    dissent: Sequence[str],
    problem: str,
    actor: Any,
) -> ConsultSession:
    """Hang the session on its topic, which is filed if there is none, and note what was agreed."""
    if topic is None:
        topic = _file(session, problem or "\n".join(agreed), actor)
    attach(session, [topic], actor=actor, at=session.moved_at, reason=session.further_round_reason)
    topic = Topic.objects.get(pk=topic.pk)
    for point in agreed:
        write_point(session, topic, point, Level.AGREED, number=None)
    for text in dissent:
        if words := line("dissent", text, 500):
            session.dissent_points.create(topic=topic, text=words)
    settle(session, actor=actor, at=session.moved_at)
    return session


def _file(session: ConsultSession, problem: str, actor: Any) -> Topic:
    """A bench session without a topic files one, raised by who logged it; after his term somebody enters it for him."""
    logger = session.created_by
    gone = logger.mandate_for(*_LOGGERS, host_id=session.host_id, code=session.region_code) is None
    office = logger.mandate_for(Role.OFFICE, host_id=session.host_id, code=session.region_code)
    return hand_in(
        actor=actor if gone else logger,
        host=session.host,
        region_code=session.region_code,
        source=Source.OFFICE if office else Source.MEMBER,
        title=session.title,
        problem=problem,
        place=session.place,
        raiser={
            "category": PartyCategory.OTHER if office else PartyCategory.MEMBER,
            "account": logger,
            "name": str(logger)[:60],
            "consented": True,
            "on_behalf": gone,
        },
        on=day_of(session.moved_at),
        client_id=session.client_id,
        is_sample=session.is_sample,
    )
