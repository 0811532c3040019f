"""Who is told about public notices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from consult.delivery import tell_all
from consult.outbox import handles
from members.states import Role
from outcomes.models import PublicNotice
from outcomes.people import claimers, holders
from outcomes.states import NoticeState


def _notice(event: Any) -> PublicNotice:
    rows = PublicNotice.objects.select_related("topic", "host", "drafted_by").defer("snapshot", "search")
    return rows.get(pk=event.payload["notice_id"])


def _tell(event: Any, notice: PublicNotice, people: Iterable[Any], title: str, body: str = "", url: str = "") -> None:
    """Nobody is told of what he did himself."""
    tell_all(
        [account for account in people if account.pk != event.payload["actor_id"]],
        key=f"{event.name}:{event.pk}",
        title=title % {"title": notice.title, "number": notice.number},
        body=body,
        url=url or notice.get_absolute_url(),
        event=event,
    )


@handles("notice.draft_notice", "notice.edit_notice")
def tell_drafted(event: Any) -> None:
    """Those who may review it, and have not written it."""
    notice = _notice(event)
    if event.name == "notice.edit_notice" or notice.state != NoticeState.DRAFTED:
        return
    people = [account for account in holders(notice, Role.OFFICE, Role.APPROVER) if account != notice.drafted_by]
    _tell(event, notice, people, _("Review the notice: %(title)s"))


@handles("notice.review_notice")
def tell_reviewed(event: Any) -> None:
    notice = _notice(event)
    if notice.state == NoticeState.REVIEWED:
        _tell(event, notice, holders(notice, Role.OFFICE, Role.APPROVER), _("Can be posted: %(title)s"))


@handles("notice.return_notice")
def tell_returned(event: Any) -> None:
    notice = _notice(event)
    _tell(event, notice, [notice.drafted_by], _("Returned to you: %(title)s"), notice.reason)


@handles("notice.post_notice")
def tell_posted(event: Any) -> None:
    """Who took the matter up reads it on the board; who raised it, follows it or came is told as of every step."""
    notice = _notice(event)
    if notice.topic is None or notice.on_paper:
        return
    people = {account.pk: account for account in (*claimers(notice.topic), notice.drafted_by)}
    _tell(event, notice, people.values(), _("Posted, %(number)s: %(title)s"), url=notice.board_url)


@handles("notice.withdraw_notice")
def tell_withdrawn(event: Any) -> None:
    notice = _notice(event)
    people = holders(notice, Role.OFFICE, Role.APPROVER)
    _tell(event, notice, people, _("Taken down, %(number)s: %(title)s"), notice.reason)


@handles("notice.record_objection")
def tell_objection(event: Any) -> None:
    notice = _notice(event)
    _tell(event, notice, holders(notice, Role.OFFICE), _("Answer the objection to %(number)s: %(title)s"))
