"""How a move of a notice is made: lock, right, state, date; then save, record and publish, all in one transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from consult.audit import record
from consult.outbox import publish
from members.models import Account
from outcomes.models import PublicNotice
from outcomes.rules.notices import ROLES
from outcomes.services.moving import business_date, lock_topic, save
from outcomes.states import NOTICE_WORKFLOW


def lock_notice(notice: PublicNotice) -> PublicNotice:
    """The matter first, then its notice: what is posted of one matter is counted one after the other."""
    if notice.topic_id is not None:
        lock_topic(notice.topic_id)
    rows = PublicNotice.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("host", "topic", "outcome", "session", "corrects", "cites").get(pk=notice.pk)


def begin_notice(notice: PublicNotice, verb: str, *, actor: Account, on: date | None) -> tuple[PublicNotice, date]:
    """Lock it and ask: may he, is it the moment, can it have happened then?"""
    notice = lock_notice(notice)
    NOTICE_WORKFLOW.check(notice, verb, actor=actor)
    return notice, business_date(on, notice.moved_on)


def finish_notice(
    notice: PublicNotice, verb: str, *, actor: Account, on: date, data: dict[str, Any] | None = None, **words: Any
) -> PublicNotice:
    """Save the move, write it down, tell of it. ``words``: reason and implied for the record, the rest are columns."""
    told = {name: words.pop(name) for name in ("reason", "implied") if name in words}
    if told.get("reason"):
        words["reason"] = told["reason"]
    before = notice.state
    NOTICE_WORKFLOW.advance(notice, verb, actor=actor)
    save(notice, moved_on=on, **words)
    write_down(notice, verb, before, actor=actor, on=on, data=data, **told)
    return notice


def write_down(
    notice: PublicNotice,
    verb: str,
    before: str,
    *,
    actor: Account,
    on: date,
    data: dict[str, Any] | None = None,
    reason: str = "",
    implied: bool = False,
    **payload: Any,
) -> None:
    roles = ROLES.get(verb, ())
    mandate = actor.mandate_for(*roles, host_id=notice.host_id, code=notice.region_code) if roles else None
    record(
        actor=actor,
        verb=f"notice.{verb}",
        subject=notice,
        before=before,
        after=notice.state,
        happened_at=on,
        mandate=mandate,
        matter_id=notice.topic_id,
        reason=reason,
        data=data,
        implied=implied,
    )
    publish(
        f"notice.{verb}",
        host_id=notice.host_id,
        matter_id=notice.topic_id,
        notice_id=notice.pk,
        actor_id=actor.pk,
        **payload,
    )
