"""I1: what was acknowledged is there. An answer is stored with its effect, so whatever it names must exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from consult.idempotency.models import StoredAnswer
from members.models import Account, Convenor, Mandate, Member, MemberGroup, Organisation
from outcomes.models import Assignment, Outcome, PublicNotice
from sessions.models import ConsultationRoom, ConsultSession, Minutes
from topics.models import FieldStudy, Raiser, Topic

#: Rows that are never deleted, so that an answer may name them for ever.
KEPT: tuple[Any, ...] = (
    Topic,
    Raiser,
    FieldStudy,
    ConsultSession,
    Minutes,
    ConsultationRoom,
    Outcome,
    Assignment,
    PublicNotice,
    Account,
    Mandate,
    Organisation,
    Member,
    MemberGroup,
    Convenor,
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_AT_ONCE = 1000


def lost_effects() -> Iterator[str]:
    """Answers that say something was done to, or made, what does not exist."""
    batch: dict[UUID, str] = {}
    for answer in StoredAnswer.objects.filter(status__lt=400).order_by("pk").iterator(chunk_size=_AT_ONCE):
        if named := _named_in(answer):
            batch[named] = f"{answer.method} {answer.path} ({answer.owner})"
        if len(batch) >= _AT_ONCE:
            yield from _lost(batch)
            batch = {}
    yield from _lost(batch)


def _lost(batch: dict[UUID, str]) -> Iterable[str]:
    left = set(batch)
    for model in KEPT:
        if left:
            left -= set(model.objects.filter(uuid__in=left).values_list("uuid", flat=True))
    return [f"{batch[uuid]}: acknowledged {uuid}, which does not exist" for uuid in sorted(left)]


def _named_in(answer: StoredAnswer) -> UUID | None:
    """What the answer is about: the thing in the address, else the thing that was made."""
    path = answer.path.partition("?")[0]
    for text in (path, _location(answer), _body(answer)):
        if found := _UUID.search(text):
            return UUID(found[0])
    return None


def _location(answer: StoredAnswer) -> str:
    """Where a page went on to; a list or the start page names nothing."""
    return next((str(value) for name, value in answer.headers.items() if name.lower() == "location"), "")


def _body(answer: StoredAnswer) -> str:
    """The ``uuid`` of a JSON answer; a page has none."""
    if bytes(answer.body[:1]) != b"{":
        return ""
    try:
        told = json.loads(bytes(answer.body))
    except ValueError:
        return ""
    return str(told.get("uuid", "")) if isinstance(told, dict) else ""
