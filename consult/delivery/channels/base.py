"""What a channel is, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..models.outgoing import Fault, SendState

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Parcel:
    """One message ready to leave. ``key`` is the same at every try."""

    pk: int
    key: str
    to: str
    subject: str
    body: str
    robot_id: int | None = None


@dataclass(frozen=True)
class Answer:
    """What became of a parcel: sent, to be tried again, or given up at once; ``why`` names no address."""

    parcel: Parcel
    state: str
    why: str = ""
    fault: str = ""


Answers = list[Answer]


class Channel(Protocol):
    """``batch``: how many parcels it takes at a time."""

    batch: int

    def is_configured(self) -> bool: ...

    def send(self, parcels: Sequence[Parcel]) -> Iterable[Answers]: ...


def sent(parcel: Parcel) -> Answer:
    return Answer(parcel, SendState.SENT)


def later(parcel: Parcel, why: str) -> Answer:
    """The receiver is down, slow or busy; it will be tried again, ever more rarely."""
    return Answer(parcel, SendState.QUEUED, plain(why), Fault.SERVER)


def never(parcel: Parcel, why: str) -> Answer:
    """This message will never be taken as it is."""
    return Answer(parcel, SendState.DEAD, plain(why), Fault.MESSAGE)


def plain(words: object, most: int = 300) -> str:
    """One printable line, whatever a receiver has answered."""
    return " ".join(_CONTROL.sub(" ", str(words)).split())[:most]
