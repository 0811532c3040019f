"""From the inbox to the world: which messages leave for whom, when, and over which channel. Rows only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from consult.options.memo import Memo
from consult.privacy import mask

from . import channels
from .kinds import known_kind
from .models import ChannelName, DigestLine, Outgoing, Pace, Preference, Robot, SendState
from .notes import Note, Told
from .pacing import default_preference, pace_of, preferences_of, silence_left
from .queueing import Message, queue
from .sql import in_order
from .wording import short_text

BATCH = 1000
memo = Memo()
_masked = lru_cache(maxsize=1000)(mask)
"""Subject and letter say the same, and so do the letters of all who are told one thing."""


def route(told: Sequence[Told]) -> None:
    """Queue what the people just told want to hear outside; a fixed number of queries for any number of notes."""
    chosen = preferences_of(one.note.account.pk for one in told)
    usual = default_preference()
    waits = {pk: silence_left(preference).total_seconds() for pk, preference in chosen.items()}
    no_choice = silence_left(usual).total_seconds()
    outgoing: list[Message] = []
    lines: list[DigestLine] = []
    groups = _Groups(no_choice)
    for one in told:
        note = one.note
        host = host_of(note)
        preference = chosen.get(note.account.pk, usual)
        pace = pace_of(preference, note.kind)
        ways = _ways(note, preference) if pace != Pace.INBOX else []
        if pace == Pace.DIGEST and ways:
            lines.append(DigestLine(item_id=one.item_id, account_id=note.account.pk, host_id=host))
        elif pace == Pace.NOW:
            wait = waits.get(note.account.pk, no_choice)
            outgoing += [_message(one, way, host, wait) for way in ways]
        outgoing += groups.hear(note, host)
    DigestLine.objects.bulk_create(lines, batch_size=BATCH, ignore_conflicts=True)
    queue(outgoing)


def host_of(note: Note) -> int | None:
    """The CPPCC that speaks: the one the matter belongs to, else the one that keeps the account."""
    return note.host_id if note.host_id is not None else getattr(note.account, "home_id", None)


def withdraw(keys: Iterable[str]) -> None:
    """What was told under these keys no longer holds: what waits stays here, and no digest lists it."""
    keys = list(keys)
    waiting = Outgoing.objects.filter(state=SendState.QUEUED)
    in_order(waiting.filter(item__key__in=keys)).update(state=SendState.RECALLED)
    in_order(waiting.filter(robot__isnull=False, key__in=keys)).update(state=SendState.RECALLED)
    DigestLine.objects.filter(item__key__in=keys, digest=None).delete()


def ways_of(account: Any, preference: Preference) -> list[str]:
    """The channels by which somebody can be reached and wants to be."""
    if not account.is_active:
        return []
    ways: list[str] = []
    if preference.by_email and account.email and channels.is_configured(ChannelName.EMAIL):
        ways.append(ChannelName.EMAIL)
    if preference.by_sms and account.phone and channels.is_configured(ChannelName.SMS):
        ways.append(ChannelName.SMS)
    return ways


def address_of(account: Any, way: str) -> str:
    """Under which somebody is reached; a group robot is nobody's."""
    return {ChannelName.EMAIL: account.email, ChannelName.SMS: account.phone}.get(ChannelName(way), "")


def _ways(note: Note, preference: Preference) -> list[str]:
    sms = known_kind(note.kind).sms
    return [way for way in ways_of(note.account, preference) if sms or way != ChannelName.SMS]


def _message(told: Told, way: str, host: int | None, wait: float) -> Message:
    note = told.note
    return Message(
        channel=way,
        item_id=told.item_id,
        account_id=note.account.pk,
        host_id=host,
        kind=note.kind,
        key=note.key,
        to=address_of(note.account, way),
        subject=one_line(_masked(one_line(note.title, 200)), 250),
        body=letter(note) if way == ChannelName.EMAIL else short_text(note.kind, host, note.known),
        wait=wait,
    )


class _Groups:
    """What robots say while one lot of people is told: once per group, whoever was told and however many."""

    def __init__(self, wait: float) -> None:
        self.robots: dict[int | None, list[tuple[int, str, list[str]]]] = {}
        self.said: set[tuple[int, str]] = set()
        self.wait = wait

    def hear(self, note: Note, host: int | None) -> list[Message]:
        if host not in self.robots:
            self.robots[host] = robots_of(host)
        return [
            self._message(note, host, pk, name)
            for pk, name, kinds in self.robots[host]
            if note.kind in kinds and self._is_new(pk, note.key)
        ]

    def _is_new(self, robot_id: int, key: str) -> bool:
        if (robot_id, key) in self.said:
            return False
        self.said.add((robot_id, key))
        return True

    def _message(self, note: Note, host: int | None, robot_id: int, name: str) -> Message:
        return Message(
            channel=ChannelName.ROBOT,
            robot_id=robot_id,
            host_id=host,
            kind=note.kind,
            key=note.key,
            to="",
            subject=one_line(name, 250),
            body=short_text(note.kind, host, note.known),
            wait=self.wait,
        )


def robots_of(host: int | None) -> list[tuple[int, str, list[str]]]:
    """Key, name and kinds of the robots a CPPCC uses; asked once in a while, not once per message."""
    if host is None or not channels.is_configured(ChannelName.ROBOT):
        return []
    return memo.recall(host, lambda: _read_robots(host))


def _read_robots(host: int) -> list[tuple[int, str, list[str]]]:
    rows = Robot.objects.filter(host_id=host, removed_at=None)
    return list(rows.values_list("pk", "name", "kinds"))


def after(wait: timedelta) -> dict[str, Any]:
    """The due moment by the database's clock."""
    return {"due_at": Now() + wait} if wait else {}


def letter(note: Note) -> str:
    """Plain text: whatever was typed stands there literally, but numbers of persons are behind stars."""
    words = (_masked(one_line(note.title, 200)), _masked(str(note.body)), way_to(note.url))
    return "\n\n".join(part for part in words if part)


def way_to(url: str) -> str:
    base = getattr(settings, "PUBLIC_URL", "").rstrip("/")
    return f"{base}{url}" if base and url else _("Sign in to the platform to see it.")


def one_line(text: Any, most: int) -> str:
    """A subject has no line breaks, or it could smuggle in headers."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
