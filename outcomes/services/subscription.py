"""Who hears of a matter: raisers with their receipts, followers, and those who talked it over; merged ones included."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from consult.delivery import channels
from consult.delivery.models import ChannelName, Outgoing
from consult.delivery.queueing import Message, queue
from consult.delivery.wording import short_text
from members.models import Account
from sessions.models import Participant
from sessions.states import SessionState
from topics.models import Mute, Topic
from topics.services import audience_of
from topics.states import RaiserKind


@dataclass(frozen=True)
class Subscriber:
    """``receipt``: of the raiser only."""

    account: Account
    receipt: str = ""


def subscribers(topic: Topic) -> list[Subscriber]:
    """Each account once. Whoever is silent about one of two merged matters hears of it by the other."""
    receipts: dict[int, str] = {}
    by: dict[int, set[int]] = defaultdict(set)
    accounts: dict[int, Account] = {}
    family = {topic.pk}
    for row in audience_of(topic):
        family.add(row.topic_id)
        if row.account is None or not row.account.is_active:
            continue
        accounts[row.account.pk] = row.account
        by[row.account.pk].add(row.topic_id)
        if row.kind == RaiserKind.RAISER:
            receipts.setdefault(row.account.pk, row.receipt)
    for account, topic_id in _participants(family):
        accounts[account.pk] = account
        by[account.pk].add(topic_id)
    muted = set(Mute.objects.filter(topic__in=family).values_list("account_id", "topic_id"))
    return [
        Subscriber(accounts[pk], receipts.get(pk, ""))
        for pk in sorted(accounts)
        if (pk, topic.pk) not in muted and any((pk, source) not in muted for source in by[pk])
    ]


def _participants(family: set[int]) -> list[tuple[Account, int]]:
    """Who has an account and is on the roster of a session about it that was not called off."""
    called = (SessionState.ANNOUNCED, SessionState.IN_PROGRESS, SessionState.HELD)
    rows = Participant.objects.filter(session__topics__in=family, session__state__in=called)
    found = []
    for line in rows.select_related("account", "member__account").prefetch_related("session__topics"):
        account = line.account or (line.member.account if line.member else None)
        if account is not None and account.is_active:
            found += [(account, one.pk) for one in line.session.topics.all() if one.pk in family]
    return found


def text_raisers(topic: Topic, *, event: Any) -> int:
    """A raiser without an account who left his number and agreed to that: a text message, where one can be sent.

    It says that there is news and nothing else; what it is he reads with his receipt.
    """
    if not channels.is_configured(ChannelName.SMS):
        return 0
    key = f"{event.pk}:step:{topic.pk}"
    sent = set(Outgoing.objects.filter(key=key, channel=ChannelName.SMS, account=None).values_list("to", flat=True))
    phones = {
        row.phone
        for row in audience_of(topic)
        if row.account_id is None and row.phone and row.consented_at and row.kind == RaiserKind.RAISER
    }
    new = [
        Message(
            channel=ChannelName.SMS,
            host_id=topic.host_id,
            kind="topic",
            key=key,
            to=phone,
            subject="",
            body=short_text("topic", topic.host_id, {}),
        )
        for phone in sorted(phones - sent)
    ]
    queue(new)
    return len(new)
