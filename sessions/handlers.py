"""What sessions do about events, and whom they tell. Every handler may run twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.delivery import recall, tell_all
from consult.outbox import handles
from members.models import Account, Mandate
from members.states import Role
from sessions.models import ConsultSession, Minutes, MinutesComment
from sessions.querysets import MICRO_FORMS
from sessions.services import follow_claim, title_of
from sessions.states import SessionState
from topics.models import Topic


@handles("topic.claim")
def follow_log(event: Any) -> None:
    """A topic filed by a log has been taken up: it was consulted about already."""
    topic = Topic.objects.get(pk=event.payload["topic_id"])
    follow_claim(topic, actor=Account.objects.system(), at=timezone.now())


# who ------------------------------------------------------------------------------------------------------------------


def holders(session: ConsultSession, *roles: str) -> list[Account]:
    """Accounts with one of the roles under the session's host, whose division contains it."""
    mandates = Mandate.objects.in_force().filter(host_id=session.host_id, role__in=roles, account__is_active=True)
    return [one.account for one in mandates.select_related("account") if one.covers(session.region_code)]


def called(session: ConsultSession) -> list[Account]:
    """Everybody with an account who is on the roster or runs the session."""
    lines = session.participants.select_related("account", "member__account")
    found = [line.account or (line.member.account if line.member else None) for line in lines]
    lead = session.lead_member.account if session.lead_member else None
    return [account for account in (*found, session.moderator, session.recorder, lead) if account]


def _session(event: Any) -> ConsultSession:
    rows = ConsultSession.objects.select_related("host", "room", "moderator", "recorder", "lead_member__account")
    return rows.get(pk=event.payload["session_id"])


def _but(accounts: Iterable[Account], event: Any) -> list[Account]:
    """Nobody is told what he did himself."""
    return [one for one in accounts if one.pk != event.payload.get("actor_id") and not one.is_system]


def _when(session: ConsultSession) -> str:
    begin, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return f"{begin:%Y-%m-%d %H:%M}–{end:%H:%M}"


def _words(session: ConsultSession) -> dict[str, Any]:
    return {"title": session.title, "when": _when(session), "where": session.where or _("online")}


def _notice_key(session: ConsultSession) -> str:
    """One notice per time that was announced: after a postponement it is another."""
    return f"session.announce:{session.pk}:{int(session.starts_at.timestamp())}"


# sessions -------------------------------------------------------------------------------------------------------------


@handles("session.announce")
def send_notices(event: Any) -> None:
    """The notice of the session, to everybody called; late relays do not revive what was recalled."""
    session = _session(event)
    if session.state not in (SessionState.ANNOUNCED, SessionState.IN_PROGRESS, SessionState.HELD):
        return
    tell_all(
        _but(called(session), event),
        key=_notice_key(session),
        title=_("You are invited: %(title)s, %(when)s") % _words(session),
        body=_("%(title)s, %(when)s, at %(where)s. Please say whether you come.") % _words(session),
        url=session.get_absolute_url(),
        event=event,
    )


@handles("session.invite")
def invite_later(event: Any) -> None:
    """Whoever is put on the list after the notices went out gets his own."""
    session = _session(event)
    if session.state == SessionState.ANNOUNCED:
        send_notices(event)


@handles("session.postpone", "session.cancel")
def recall_notices(event: Any) -> None:
    """What was announced no longer holds; those who were told hear it."""
    session = _session(event)
    told = list(Account.objects.filter(inbox__key__startswith=f"session.announce:{session.pk}:").distinct())
    for key in {key for account in told for key in _announced_keys(account, session)}:
        recall(key)
    title = (
        _("Cancelled: %(title)s, %(when)s")
        if event.name == "session.cancel"
        else _("Postponed: %(title)s, now planned for %(when)s")
    )
    tell_all(
        _but(told, event),
        key=f"{event.name}:{session.pk}:{event.pk}",
        title=title % _words(session),
        body=session.reason,
        url=session.get_absolute_url(),
        event=event,
    )


def _announced_keys(account: Account, session: ConsultSession) -> list[str]:
    items = account.inbox.filter(key__startswith=f"session.announce:{session.pk}:", recalled_at=None)
    return list(items.values_list("key", flat=True))


@handles("session.change_plan")
def correct_notices(event: Any) -> None:
    """The place or the people changed after the notices went out."""
    session = _session(event)
    if session.state != SessionState.ANNOUNCED:
        return
    tell_all(
        _but(called(session), event),
        key=f"session.change_plan:{session.pk}:{session.version}",
        title=_("Changed: %(title)s, %(when)s, at %(where)s") % _words(session),
        url=session.get_absolute_url(),
        event=event,
    )


@handles("session.keep_undecided")
def ask_for_decision(event: Any) -> None:
    """A record from a yard waits for somebody to look at it."""
    session = _session(event)
    if session.state != SessionState.NEEDS_DECISION:
        return
    tell_all(
        _but(holders(session, Role.OFFICE, Role.CONVENOR), event),
        key=f"session.keep_undecided:{session.pk}",
        title=_("A record needs a look: %(title)s") % _words(session),
        body=session.decision_note,
        url=session.get_absolute_url(),
        event=event,
    )


@handles("session.close")
def ask_for_minutes(event: Any) -> None:
    """The session is over; whoever keeps its record owes the minutes."""
    session = _session(event)
    if session.is_backfilled:
        return
    keepers = holders(session, Role.OFFICE) + ([session.recorder] if session.recorder else [])
    tell_all(
        _but(keepers, event),
        key=f"session.close:{session.pk}",
        title=_("Held, minutes to come: %(title)s") % _words(session),
        url=session.get_absolute_url(),
        event=event,
    )


# minutes --------------------------------------------------------------------------------------------------------------


def _minutes(event: Any) -> Minutes:
    rows = Minutes.objects.select_related("session__host", "session__moderator", "session__recorder", "drafted_by")
    return rows.get(pk=event.payload["minutes_id"])


@handles("minutes.circulate_minutes")
def ask_for_remarks(event: Any) -> None:
    """会签: those who were there read the draft before it is signed."""
    minutes = _minutes(event)
    if minutes.session.is_backfilled or minutes.state != "draft":
        return
    tell_all(
        _but(called(minutes.session), event),
        key=f"minutes.circulate_minutes:{minutes.pk}",
        title=_("Please read the draft: %(title)s") % {"title": title_of(minutes.session)},
        url=minutes.get_absolute_url(),
        event=event,
    )


@handles("minutes.comment_minutes")
def tell_of_remark(event: Any) -> None:
    """The drafter hears that somebody has remarked on his text."""
    minutes = _minutes(event)
    tell_all(
        _but([minutes.drafted_by], event),
        key=f"minutes.comment_minutes:{minutes.pk}:{event.pk}",
        title=_("A remark on: %(title)s") % {"title": title_of(minutes.session)},
        url=minutes.get_absolute_url(),
        event=event,
    )


@handles("minutes.answer_comment", "minutes.adopt_comment")
def tell_of_answer(event: Any) -> None:
    """Whoever remarked hears what came of it."""
    minutes = _minutes(event)
    remarked = MinutesComment.objects.filter(pk=event.payload.get("comment_id")).select_related("recorded_by").first()
    if remarked is None:
        return
    tell_all(
        _but([remarked.recorded_by], event),
        key=f"{event.name}:{remarked.pk}:{event.pk}",
        title=_("Your remark was answered: %(title)s") % {"title": title_of(minutes.session)},
        url=minutes.get_absolute_url(),
        event=event,
    )


@handles("minutes.file_minutes")
def ask_for_signature(event: Any) -> None:
    """The text waits for who may sign it."""
    minutes = _minutes(event)
    session = minutes.session
    if minutes.state != "filed" or session.is_backfilled:
        return
    signers = holders(session, Role.APPROVER)
    if session.form in MICRO_FORMS:
        signers += holders(session, Role.CONVENOR, Role.GROUP_LEADER)
        signers += [session.moderator] if session.moderator else []
    tell_all(
        [one for one in _but(signers, event) if one.pk != minutes.drafted_by_id],
        key=f"minutes.file_minutes:{minutes.pk}:{minutes.version}",
        title=_("To be signed: %(title)s") % {"title": title_of(session)},
        url=minutes.get_absolute_url(),
        event=event,
    )


@handles("minutes.return_minutes")
def tell_drafter(event: Any) -> None:
    """The text came back with what has to be mended."""
    minutes = _minutes(event)
    tell_all(
        _but([minutes.drafted_by], event),
        key=f"minutes.return_minutes:{minutes.pk}:{event.pk}",
        title=_("Returned: %(title)s") % {"title": title_of(minutes.session)},
        body=minutes.reason,
        url=minutes.get_absolute_url(),
        event=event,
    )


@handles("minutes.sign_minutes")
def tell_of_signature(event: Any) -> None:
    """The minutes are signed: the office goes on with the outcome, those who were there may read them."""
    minutes = _minutes(event)
    session = minutes.session
    if session.is_backfilled:
        return
    tell_all(
        _but([*holders(session, Role.OFFICE), *called(session), minutes.drafted_by], event),
        key=f"minutes.sign_minutes:{minutes.pk}",
        title=_("Signed: %(title)s") % {"title": title_of(session)},
        body=minutes.number,
        url=minutes.get_absolute_url(),
        event=event,
    )
