"""Writing a notice: drafted, edited, masked, and a new one that corrects what was posted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from consult import options
from consult.errors import DomainError, Missing
from consult.files.copies import released_copies
from members.models import Account, Organisation
from outcomes.models import Outcome, PublicNotice
from outcomes.services.moving import business_date, lock_topic, need
from outcomes.services.notices.findings import masked_words
from outcomes.services.notices.moving import begin_notice, finish_notice, lock_notice, write_down
from outcomes.services.notices.photos import chosen_photos
from outcomes.states import NOTICE_WORKFLOW, PUBLIC_STATES, NoticeKind, NoticeState, OutcomeState
from sessions.models import ConsultSession
from sessions.states import SessionState
from topics.models import Topic
from topics.states import TopicState

#: Before it is pooled a matter is the raiser's and the office's alone.
UNSCREENED = (TopicState.DRAFT, TopicState.SUBMITTED, TopicState.RETURNED, TopicState.WITHDRAWN)
#: Residents are called to sessions that were announced.
CALLED = (SessionState.ANNOUNCED, SessionState.IN_PROGRESS, SessionState.HELD)
WORDS = ("title", "text", "places", "days", "summary", "phone", "photos")


@transaction.atomic
def draft_notice(
    *,
    actor: Account,
    host: Organisation,
    kind: str,
    title: str,
    text: str,
    topic: Topic | None = None,
    outcome: Outcome | None = None,
    session: ConsultSession | None = None,
    places: Iterable[str] = (),
    days: int | None = None,
    summary: str = "",
    phone: str = "",
    photos: Iterable[UUID] = (),
    cites: PublicNotice | None = None,
    corrects: PublicNotice | None = None,
    on: date | None = None,
    implied: bool = False,
    is_sample: bool = False,
) -> PublicNotice:
    """Write a notice of a matter, a session, an outcome or how its handling goes on; nobody outside sees it yet."""
    topic = topic or (outcome.topic if outcome else None) or _only_topic(session)
    if topic is not None:
        topic = lock_topic(topic.pk)
    notice = PublicNotice(
        host=host,
        region_code=topic.region_code if topic else (session.region_code if session else host.region_code),
        topic=topic,
        kind=NoticeKind(kind),
        session=session,
        corrects=corrects,
        drafted_by=actor,
        is_sample=is_sample or bool(topic and topic.is_sample),
    )
    NOTICE_WORKFLOW.check(notice, "draft_notice", actor=actor)
    on = business_date(on, _not_before(topic, outcome))
    _refuse_foreign(host, topic, outcome, session)
    notice.outcome = outcome or _latest_outcome(topic)
    notice.cites = cites or _first_notice(notice)
    _check_kind(notice, actor)
    NOTICE_WORKFLOW.advance(notice, "draft_notice", actor=actor)
    notice.drafted_on = notice.moved_on = on
    _put_words(notice, title=title, text=text, places=places, days=days, summary=summary, phone=phone, photos=photos)
    notice.full_clean(exclude=["region_code", "host", "topic", "outcome", "session", "drafted_by", "cites", "corrects"])
    notice.save()
    write_down(notice, "draft_notice", "", actor=actor, on=on, implied=implied, data={"kind": notice.kind})
    return notice


@transaction.atomic
def edit_notice(notice: PublicNotice, *, actor: Account, on: date | None = None, **words: Any) -> PublicNotice:
    """Change what it says; who wrote in it last does not review it either."""
    notice, on = begin_notice(notice, "edit_notice", actor=actor, on=on)
    unknown = words.keys() - set(WORDS)
    if unknown:
        raise TypeError(f"A notice has no {', '.join(sorted(unknown))} to edit")
    now = {name: getattr(notice, name) for name in WORDS}
    _put_words(notice, **{**now, **words})
    changed = [name for name in WORDS if getattr(notice, name) != now[name]]
    return finish_notice(
        notice,
        "edit_notice",
        actor=actor,
        on=on,
        data={"fields": changed},
        edited_by=actor,
        **{name: getattr(notice, name) for name in changed},
    )


@transaction.atomic
def mask_notice(notice: PublicNotice, *, actor: Account, on: date | None = None) -> PublicNotice:
    """Stars over every personal number and every resident's name; that is no writing, so the reviewer may do it."""
    notice = lock_notice(notice)
    may = "edit_notice" if actor.has_perm(NOTICE_WORKFLOW.perm("edit_notice"), notice) else "review_notice"
    NOTICE_WORKFLOW.check(notice, may, actor=actor)
    on = business_date(on, notice.moved_on)
    changed = masked_words(notice)
    for name, value in changed.items():
        setattr(notice, name, value)
    if changed:
        notice.save(update_fields=list(changed))
        data = {"masked": sorted(changed)}
        write_down(notice, "edit_notice", notice.state, actor=actor, on=on, data=data)
    return notice


@transaction.atomic
def correct_notice(
    notice: PublicNotice, *, actor: Account, reason: str, on: date | None = None, **words: Any
) -> PublicNotice:
    """A new draft that cites the old one; once it is posted, the old one says by which number it was corrected."""
    notice, on = begin_notice(notice, "correct_notice", actor=actor, on=on)
    reason = need(reason, "reason", _("Please write what is wrong in it"))
    if not notice.offers("correct_notice"):
        raise DomainError(_("A correction of this notice is under way or posted; correct that one."), "corrected")
    write_down(notice, "correct_notice", notice.state, actor=actor, on=on, reason=reason)
    now = {name: getattr(notice, name) for name in WORDS}
    released = released_copies(notice.photos)
    now["photos"] = [uuid for uuid in notice.photos if uuid in released]
    return draft_notice(
        actor=actor,
        host=notice.host,
        kind=notice.kind,
        topic=notice.topic,
        outcome=notice.outcome,
        session=notice.session,
        cites=notice.cites,
        corrects=notice,
        on=on,
        is_sample=notice.is_sample,
        **{**now, **words},
    )


def _put_words(
    notice: PublicNotice,
    *,
    title: str,
    text: str,
    places: Any,
    days: Any,
    summary: str,
    phone: str,
    photos: Any,
) -> None:
    host_id = notice.host_id
    notice.title = need(title, "title", _("Please write the title"))
    notice.text = need(text, "text", _("Please write the text"))
    notice.summary = (summary or "").strip()
    notice.places = [place.strip() for place in places or () if place.strip()]
    notice.photos = chosen_photos(notice, photos)
    notice.days = int(days or options.get(host_id, "limits.posting_days"))
    if not 1 <= notice.days <= 365:
        raise Missing({"days": _("A notice hangs from 1 to 365 working days.")})
    notice.phone = (phone or "").strip() or options.get(host_id, "contact.phone") or notice.host.phone


def _only_topic(session: ConsultSession | None) -> Topic | None:
    """A session on one matter announces that matter."""
    if session is None:
        return None
    topics = list(session.topics.all()[:2])
    return topics[0] if len(topics) == 1 else None


def _latest_outcome(topic: Topic | None) -> Outcome | None:
    if topic is None:
        return None
    return topic.outcomes.exclude(state=OutcomeState.DRAFTED).order_by("-round").first()


def _first_notice(notice: PublicNotice) -> PublicNotice | None:
    """A progress notice cites the first one of its matter."""
    if notice.kind != NoticeKind.PROGRESS or notice.topic is None:
        return None
    posted = PublicNotice.objects.of_matter(notice.topic).public()
    return posted.exclude(kind=NoticeKind.PROGRESS).order_by("posted_on", "pk").first()


def _not_before(topic: Topic | None, outcome: Outcome | None) -> date | None:
    if outcome is not None and outcome.submitted_on is not None:
        return outcome.submitted_on
    return topic.raised_on if topic is not None else None


def _refuse_foreign(
    host: Organisation, topic: Topic | None, outcome: Outcome | None, session: ConsultSession | None
) -> None:
    """Everything cited belongs to the host that posts, and to one matter."""
    if any(row is not None and row.host_id != host.pk for row in (topic, outcome, session)):
        raise Missing({"topic": _("This matter belongs to another CPPCC, which posts its own notices.")})
    if outcome is not None and topic is not None and outcome.topic_id != topic.pk:
        raise Missing({"outcome": _("This outcome belongs to another matter.")})
    if session is not None and topic is not None and not session.topics.filter(pk=topic.pk).exists():
        raise Missing({"session": _("This session does not deal with the matter.")})


def _check_kind(notice: PublicNotice, actor: Account) -> None:
    """What each kind of notice has to be about."""
    if notice.kind != NoticeKind.ANNOUNCEMENT and notice.topic is None:
        raise Missing({"topic": _("Please choose the matter that the notice is about")})
    if notice.topic is not None and notice.topic.state in UNSCREENED:
        raise Missing({"topic": _("The matter has not been taken into the pool yet.")})
    if notice.kind == NoticeKind.OUTCOME and (notice.outcome is None or notice.outcome.state == OutcomeState.DRAFTED):
        raise Missing({"outcome": _("There is no submitted outcome of this matter yet.")})
    if notice.session is not None and notice.kind == NoticeKind.ANNOUNCEMENT and notice.session.state not in CALLED:
        raise Missing({"session": _("Send the notices of the session first.")})
    if notice.cites is not None and (
        notice.cites.topic_id != notice.topic_id or notice.cites.state not in PUBLIC_STATES
    ):
        raise Missing({"cites": _("Cite a posted notice of the same matter.")})
    if notice.kind == NoticeKind.PROGRESS and notice.cites is None and not actor.is_system:
        raise Missing({"kind": _("A progress notice cites the first notice of the matter, and none is posted yet.")})
    if notice.corrects is not None and notice.corrects.state == NoticeState.WITHDRAWN:
        raise Missing({"corrects": _("What was taken down is not corrected; draft a new notice.")})
