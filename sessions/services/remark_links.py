"""会签 without an account: each party has a link of its own to the minutes that were sent round, and to nothing else.

How such links live and end: ``given_links``. What is remarked is recorded as the party's own word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from consult.dbclock import database_now
from consult.errors import DomainError, Missing, WrongState
from members.models import Account
from sessions.heads import counted
from sessions.models import Minutes, MinutesComment, Participant, RemarkLink
from sessions.services import given_links, tokens, tries
from sessions.services.comments import party_of, write_comment
from sessions.services.minutes import locked_minutes, note_minutes
from sessions.states import MINUTES_WORKFLOW, Attendance, MinutesState

SALT = "remarks"
OPENS, CHANGES, BAD_LINKS = 60, 20, 60  # within ten minutes: of one link, of one link, of one caller
MOST = 30  # remarks of one party on one text

__all__ = ["Opened", "content_by_link", "make_remark_link", "open_remarks", "parties_without_account", "remark_by_link"]


@dataclass(frozen=True)
class Opened:
    """What an address opens. Without a link nothing is shown; ``trouble`` says why nothing can be remarked."""

    link: RemarkLink | None
    trouble: str = ""

    @property
    def minutes(self) -> Minutes:
        return self.link.minutes  # type: ignore[union-attr]  # asked only where there is a link


def parties_without_account(minutes: Minutes) -> list[Participant]:
    """Who was there and cannot be told by an account; people whom a line of several counts stand behind it."""
    lines = counted(minutes.session.participants.select_related("member"))
    found = [line for line in lines if line.attendance == Attendance.PRESENT]
    return [one for one in found if one.account_id is None and not (one.member and one.member.account_id)]


# the office -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_remark_link(
    minutes: Minutes, *, actor: Any, participants: Iterable[Participant] = (), days: int | None = None
) -> list[RemarkLink]:
    """A link for each of these parties, or for all without an account; who has one keeps it."""
    minutes = _checked(minutes, "make_remark_link", actor)
    wanted = list(participants) or parties_without_account(minutes)
    if not wanted:
        raise Missing(participants=_("Everybody who was there has an account; they remark on the page of the minutes."))
    for one in wanted:
        if one.session_id != minutes.session_id:
            raise Missing(participants=_("This person is not on the roster of this session."))
    until = given_links.term(minutes.host_id, days)
    known = set(minutes.remark_links.values_list("participant_id", flat=True))
    made = [
        RemarkLink.objects.create(minutes=minutes, participant=one, made_by=actor, expires_at=until)
        for one in wanted
        if one.pk not in known
    ]
    if made:
        note_minutes(minutes, "make_remark_link", actor=actor, before=minutes.state, data={"links": len(made)})
    return made


@transaction.atomic
def renew_remark_link(minutes: Minutes, *, actor: Any, link: RemarkLink, days: int | None = None) -> RemarkLink:
    """Another address with a new term; the one that went out opens nothing any more."""
    minutes = _checked(minutes, "renew_remark_link", actor)
    link = _locked(link, minutes)
    given_links.renew(link, minutes.host_id, days)
    _write(link, minutes, "renew_remark_link", actor)
    return link


@transaction.atomic
def revoke_remark_link(minutes: Minutes, *, actor: Any, link: RemarkLink) -> RemarkLink:
    """Taken back: from this moment on the address opens a sentence only."""
    minutes = _checked(minutes, "revoke_remark_link", actor)
    link = _locked(link, minutes)
    if given_links.revoke(link):
        _write(link, minutes, "revoke_remark_link", actor)
    return link


def _checked(minutes: Minutes, verb: str, actor: Any) -> Minutes:
    minutes = locked_minutes(minutes)
    MINUTES_WORKFLOW.check(minutes, verb, actor=actor)
    if minutes.circulated_at is None:
        raise WrongState(_("Send the text round first; the links open what was sent round."))
    return minutes


def _locked(link: RemarkLink, minutes: Minutes) -> RemarkLink:
    rows = RemarkLink.objects.select_for_update(of=("self",), no_key=True).select_related("participant")
    found = rows.filter(pk=link.pk, minutes=minutes).first()
    if found is None:
        raise Missing(link=_("This link belongs to other minutes."))
    return found


def _write(link: RemarkLink, minutes: Minutes, verb: str, actor: Any) -> None:
    data = {"link": str(link.uuid), "line": link.participant.position, "expires_at": link.expires_at.isoformat()}
    note_minutes(minutes, verb, actor=actor, before=minutes.state, data=data)


def path_of(link: RemarkLink) -> str:
    """Nobody's name stands in it."""
    return reverse("sign_in:remarks", args=[tokens.seal(SALT, link.uuid, link.version)])


def is_live(link: RemarkLink, now: Any) -> bool:
    return link.revoked_at is None and link.expires_at > now and link.minutes.state != MinutesState.SIGNED


# without an account ---------------------------------------------------------------------------------------------------


def open_remarks(token: str) -> Opened | None:
    """None for an address that we never made; else what it opens, or why it opens nothing any more."""
    found = tokens.unseal(SALT, token)
    if found is None:
        return None
    rows = RemarkLink.objects.select_related("participant", "minutes__session__host", "minutes__session__room")
    link = rows.filter(uuid=found.uuid).first()
    trouble = given_links.why_closed(link, found.number)
    if link is None or trouble:
        return Opened(None, trouble)
    if link.minutes.state == MinutesState.SIGNED:
        return Opened(None, _("The minutes have been signed; remarks are closed. Thank you."))
    return Opened(link)


@transaction.atomic
def note_opening(opened: Opened) -> None:
    """Each time it is opened: counted, and the office sees when."""
    link = opened.link
    if link is None:
        return
    if tries.note("remarks", str(link.uuid)) > OPENS:
        raise tries.TooOften
    RemarkLink.objects.filter(pk=link.pk).update(opened_at=database_now())


def remark_by_link(
    token: str, *, text: str, line_number: int = 0, quote: str = "", proposed: str = "", version: int | None = None
) -> MinutesComment:
    """A remark by whoever holds the link, as the party's own; the same words sent twice are one remark."""
    _count(token)
    with transaction.atomic():
        link, minutes = _held(token)
        said = minutes.comments.filter(participant=link.participant)
        last = said.order_by("-pk").first()
        if last is not None and (last.text, last.line, last.proposed) == (text.strip(), line_number, proposed.strip()):
            return last
        if said.count() >= MOST:
            raise Missing(text=_("These are many remarks; ask the office to talk it over with you."))
        clerk, by = Account.objects.system(), party_of(link.participant)
        words: dict[str, Any] = {
            "text": text,
            "line_number": line_number,
            "quote": quote,
            "proposed": proposed,
            "version": version,
        }
        comment = write_comment(minutes, by=by, participant=link.participant, actor=clerk, **words)
        _answered(link, None)
        data = {"comment": comment.number, "version": minutes.version, "by_link": str(link.uuid)}
        words_of: dict[str, Any] = {"data": data, "on_behalf_of": by, "comment_id": comment.pk}
        note_minutes(minutes, "comment_minutes", actor=clerk, before=minutes.state, **words_of)
        return comment


def content_by_link(token: str) -> RemarkLink:
    """没有意见: nothing is to be mended in the text as it stands now."""
    _count(token)
    with transaction.atomic():
        link, minutes = _held(token)
        if link.content_version == minutes.version:
            return link
        _answered(link, minutes.version)
        data = {"content": True, "version": minutes.version, "by_link": str(link.uuid)}
        clerk, by = Account.objects.system(), party_of(link.participant)
        note_minutes(minutes, "answer_remarks", actor=clerk, before=minutes.state, data=data, on_behalf_of=by)
        return link


def _count(token: str) -> None:
    """In a transaction of its own: what is refused counts as well."""
    opened = open_remarks(token)
    if opened is None or opened.link is None:
        raise DomainError(opened.trouble if opened else _("This link is not complete."))
    if tries.note("remark", str(opened.link.uuid)) > CHANGES:
        raise tries.TooOften


def _held(token: str) -> tuple[RemarkLink, Minutes]:
    """Under the lock of the minutes everything is asked again: a link taken back meanwhile says nothing."""
    opened = open_remarks(token)
    if opened is None or opened.link is None:
        raise DomainError(opened.trouble if opened else _("This link is not complete."))
    minutes = locked_minutes(opened.minutes)
    opened = open_remarks(token)
    if opened is None or opened.link is None:
        raise DomainError(opened.trouble if opened else _("This link is not complete."))
    return opened.link, minutes


def _answered(link: RemarkLink, content_version: int | None) -> None:
    link.answered_at, link.content_version = database_now(), content_version
    link.save(update_fields=["answered_at", "content_version"])
