"""Messages leave from rows, in batches, outside every transaction.

Claim (one short transaction) → send → write down what happened, if the claim is still ours. A worker that dies
in between leaves a lease that runs out; the message then goes again under the same key.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from time import monotonic
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from . import channels
from .channels import Answer, Parcel
from .leases import held
from .models import ChannelName, Fault, Outgoing, OutgoingQuerySet, Robot, SendState
from .pacing import default_preference, preferences_of, silence_left
from .sql import among, in_order

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720)]
"""After the n-th failure; the one after the last is final."""
REVIVED = 2000
"""So many of the given-up messages are taken up again at a time once their server answers."""


class Taken(NamedTuple):
    """A row in our hands, as it was before: what its sending needs."""

    pk: int
    uuid: uuid.UUID
    channel: str
    to: str
    subject: str
    body: str
    robot_id: int | None
    account_id: int | None
    attempts: int


def send_due_mail(limit: int = 500) -> int:
    """Send the letters that are due, oldest first; the number sent. Safe to run twice at once."""
    return send_due(ChannelName.EMAIL, limit)


def send_due(name: str, limit: int = 500) -> int:
    """Send what is due on one channel, oldest first; the number sent. Safe to run twice at once."""
    if not channels.is_configured(name):
        return 0
    return _drain(name, Outgoing.objects.filter(channel=name), limit)


def send_to_robots(limit: int = 500) -> int:
    """Each group on its own, the longest waiting first: one whose server hangs keeps no other waiting."""
    if not channels.is_configured(ChannelName.ROBOT):
        return 0
    waiting = Outgoing.objects.due().filter(channel=ChannelName.ROBOT).order_by()
    robots = dict.fromkeys(waiting.order_by("due_at").values_list("robot_id", flat=True)[:2000])
    return sum(_drain(ChannelName.ROBOT, Outgoing.objects.filter(robot_id=pk), limit) for pk in robots)


def _drain(name: str, rows: OutgoingQuerySet, limit: int) -> int:
    done, left, size = 0, limit, channels.channel(name).batch
    while left > 0:
        began, claim = monotonic(), uuid.uuid4()
        with held(claim):
            taken = _claim(rows, min(size, left), claim)
            if not taken:
                break
            left -= len(taken)
            due = _let_sleep(claim, taken)
            reached = _send_batch(name, claim, due, began)
        done += reached
        if due and not reached:  # nobody answers there; what is left waits for the next round
            break
    if done:
        revive(Outgoing.objects.filter(pk__in=rows.dead().filter(fault=Fault.SERVER).values("pk")[:REVIVED]))
    return done


def _claim(rows: OutgoingQuerySet, size: int, claim: uuid.UUID) -> list[Taken]:
    """Take a batch on a lease; whoever else looks at the same moment takes the next one."""
    with transaction.atomic():
        free = rows.due().select_for_update(skip_locked=True, no_key=True).values_list(*Taken._fields)
        taken = [Taken(*row) for row in free[:size]]
        Outgoing.objects.filter(pk__in=among(each.pk for each in taken)).update(
            claim=claim, claimed_until=Now() + LEASE, attempts=F("attempts") + 1
        )
    return taken


def _let_sleep(claim: uuid.UUID, taken: list[Taken]) -> list[Taken]:
    """What would arrive in somebody's quiet hours waits until they end, and that was no try."""
    chosen = preferences_of(each.account_id for each in taken if each.account_id)
    waits = {pk: silence_left(preference) for pk, preference in chosen.items()}
    no_choice = silence_left(default_preference())
    awake: list[Taken] = []
    asleep: dict[timedelta, list[int]] = defaultdict(list)
    for each in taken:
        wait = waits.get(each.account_id or 0, no_choice)
        if wait:
            asleep[timedelta(seconds=round(wait.total_seconds()))].append(each.pk)
        else:
            awake.append(each)
    for wait, keys in asleep.items():
        _mine(claim, keys).update(claim=None, claimed_until=None, due_at=Now() + wait, attempts=F("attempts") - 1)
    return awake


def _send_batch(name: str, claim: uuid.UUID, taken: list[Taken], began: float) -> int:
    """The number sent. Each group of answers is written down before the next one leaves."""
    rows = {each.pk: each for each in taken}
    reached = 0
    if monotonic() - began > LEASE.total_seconds() / 2:
        return 0  # too slow, or frozen: the lease may be somebody else's by now
    for answers in channels.channel(name).send([_parcel(each) for each in taken]):
        reached += _write_all(claim, rows, answers)
        if monotonic() - began > LEASE.total_seconds() / 2:
            break
    return reached


def _parcel(row: Taken) -> Parcel:
    return Parcel(row.pk, str(row.uuid), row.to, row.subject, row.body, row.robot_id)


def _write_all(claim: uuid.UUID, rows: dict[int, Taken], answers: Iterable[Answer]) -> int:
    """One statement for all that were sent; the others, which are few, one by one."""
    done: list[int] = []
    failed: Counter[tuple[str, str]] = Counter()
    for answer in answers:
        row = rows[answer.parcel.pk]
        if answer.state == SendState.SENT:
            done.append(row.pk)
        elif answer.state == SendState.DEAD:
            _write_down(claim, row, state=SendState.DEAD, last_error=answer.why, fault=answer.fault)
        else:
            _put_off(claim, row, answer)
        if answer.why:
            failed[row.channel, answer.why] += 1
    for (name, why), count in failed.items():
        log.warning("%s: %s not sent: %s", name, count, why)
    if not done:
        return 0
    settled = {"state": SendState.SENT, "sent_at": Now(), "last_error": "", "fault": ""}
    with transaction.atomic():
        return in_order(_mine(claim, done)).update(claim=None, claimed_until=None, **settled)


def _put_off(claim: uuid.UUID, row: Taken, answer: Answer) -> None:
    """Try again later, ever more rarely, and at last give up and keep the reason."""
    if row.attempts >= len(WAITS):
        _write_down(claim, row, state=SendState.DEAD, last_error=answer.why, fault=answer.fault)
    else:
        _write_down(claim, row, due_at=Now() + WAITS[row.attempts], last_error=answer.why, fault=answer.fault)


def _write_down(claim: uuid.UUID, row: Taken, **changes: object) -> bool:
    return bool(_mine(claim, [row.pk]).update(claim=None, claimed_until=None, **changes))


def _mine(claim: uuid.UUID, keys: list[int]) -> OutgoingQuerySet:
    return Outgoing.objects.filter(pk__in=among(keys), claim=claim, state=SendState.QUEUED)


def revive(rows: OutgoingQuerySet) -> int:
    """Given-up messages are taken up again from the beginning, under the key they had."""
    return rows.filter(state=SendState.DEAD).update(
        state=SendState.QUEUED, attempts=0, due_at=Now(), claim=None, claimed_until=None
    )


def probe() -> int:
    """Of what was given up because a server was away, one message per receiver is tried again: is it back?"""
    dead = Outgoing.objects.dead().filter(fault=Fault.SERVER)
    oldest = dead.order_by("channel", "robot_id", "pk").distinct("channel", "robot_id").values_list("pk", flat=True)
    tried = Outgoing.objects.filter(pk__in=list(oldest), state=SendState.DEAD)
    return tried.update(state=SendState.QUEUED, attempts=len(WAITS), due_at=Now(), claim=None, claimed_until=None)


def drop_robot(robot: Robot) -> int:
    """A robot that is no longer used says nothing more."""
    waiting = Outgoing.objects.filter(robot=robot, state__in=(SendState.QUEUED, SendState.DEAD))
    return waiting.update(state=SendState.RECALLED)
