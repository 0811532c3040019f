"""移交: what somebody who leaves has taken up or entered goes to a successor, and the record keeps both names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing, NotAllowed
from consult.outbox import publish
from members.models import Account
from members.states import Role
from topics.models import Topic
from topics.querysets import FILING
from topics.states import OVER, TopicState

#: Who can answer for a matter that was taken up.
CLAIMING = (Role.GROUP_LEADER, Role.MEMBER, Role.CONVENOR)
_CLAIMED = (TopicState.CLAIMED, TopicState.SCHEDULED, TopicState.CONSULTED)


def open_claims(account: Account, host_ids: Iterable[int]) -> QuerySet[Topic]:
    """Matters he took up himself and that are not over."""
    return Topic.objects.filter(claimed_by=account, state__in=_CLAIMED, host_id__in=list(host_ids)).order_by("pk")


def open_slips(account: Account, host_ids: Iterable[int]) -> QuerySet[Topic]:
    """Slips and drafts he entered and that are not over: who entered a slip follows it."""
    return Topic.objects.filter(entered_by=account, host_id__in=list(host_ids)).exclude(state__in=OVER).order_by("pk")


@transaction.atomic
def hand_over_claims(source: Account, *, to: Account, actor: Account, host_ids: Iterable[int]) -> int:
    """The successor answers for what was promised; the day that was promised stays."""
    _ask_right(source, actor)
    moved = 0
    for topic in _locked(open_claims(source, host_ids)):
        _ask_fit(to, topic, CLAIMING, "claims")
        changes: dict[str, Any] = {"claimed_by": to}
        if topic.claimed_member is not None and topic.claimed_member.account_id == source.pk:
            changes["claimed_member"] = _member_of(to, topic.host_id)
        _move(topic, source, to, actor=actor, what="claim", **changes)
        moved += 1
    return moved


@transaction.atomic
def hand_over_slips(source: Account, *, to: Account, actor: Account, host_ids: Iterable[int]) -> int:
    """The successor sees and follows the slips; who raised them stays as it was written down."""
    _ask_right(source, actor)
    moved = 0
    for topic in _locked(open_slips(source, host_ids)):
        _ask_fit(to, topic, FILING, "slips")
        _move(topic, source, to, actor=actor, what="slip", entered_by=to)
        moved += 1
    return moved


def _ask_right(source: Account, actor: Account) -> None:
    if not actor.has_perm("members.keep_account", source):
        raise NotAllowed(_("What is open is handed over by the registrar of the CPPCC that keeps the account."))


def _ask_fit(to: Account, topic: Topic, roles: Iterable[str], field: str) -> None:
    if not to.is_active or to.mandate_for(*roles, host_id=topic.host_id, code=topic.region_code) is None:
        words = _("The mandates of %(name)s do not cover everything that is to be handed over; grant one first.")
        raise Missing({field: words % {"name": to}})


def _locked(rows: QuerySet[Topic]) -> list[Topic]:
    rows = rows.select_for_update(of=("self",), no_key=True)
    return list(rows.select_related("claimed_member"))


def _member_of(account: Account, host_id: int) -> Any:
    member = getattr(account, "member", None)
    return member if member is not None and member.host_id == host_id else None


def _move(topic: Topic, source: Account, to: Account, *, actor: Account, what: str, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(topic, name, value)
    topic.save(update_fields=list(changes))
    record(
        actor=actor,
        verb="topic.hand_over",
        subject=topic,
        before=topic.state,
        after=topic.state,
        mandate=actor.mandate_for(Role.REGISTRAR, host_id=topic.host_id),
        matter_id=topic.pk,
        host_id=topic.host_id,
        data={"what": what, "from": str(source.uuid), "to": str(to.uuid)},
    )
    publish("topic.hand_over", host_id=topic.host_id, matter_id=topic.pk, topic_id=topic.pk, actor_id=actor.pk)
