"""The core: begin with a key, and either start, get the stored answer, or be told why not."""

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from consult.errors import DomainError, LostRace
from consult.idempotency.models import StoredAnswer

KEY_LENGTH = 200
_GLANCE = 0.05  # seconds between two looks at a key that somebody else holds


class KeyInFlight(LostRace):
    """The first request with this key is still being worked on."""

    code = "in_flight"
    sentence = _("The same request is still being worked on; try again in a moment.")


class KeyReused(DomainError):
    """The key belongs to another request."""

    code = "key_reused"
    status = 422
    sentence = _("This key was used for another request; take a new one.")


@dataclass(frozen=True)
class Fingerprint:
    """What makes two requests the same."""

    method: str
    path: str
    body_hash: str


@dataclass(frozen=True)
class Started:
    """The key is ours until the transaction ends; answer with finish()."""

    owner: str
    key: str
    fingerprint: Fingerprint


@dataclass(frozen=True)
class Stored:
    """The effect is there already, and this was the answer."""

    answer: StoredAnswer


@dataclass(frozen=True)
class InFlight:
    """Somebody is at it."""


@dataclass(frozen=True)
class Mismatch:
    """The key was used for another method, path or body; ``answer`` is what was answered then."""

    answer: StoredAnswer


Beginning = Started | Stored | InFlight | Mismatch


def begin(owner: str, key: str, method: str, path: str, body_hash: str, *, wait: float = 0.0) -> Beginning:
    """Take the key for this transaction.

    Another transaction that holds it is waited for up to ``wait`` seconds, then it is InFlight.
    The lock goes with the transaction, so a crash leaves nothing behind.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("begin() belongs in the transaction of the effect, or the answer could outlive it")
    fingerprint = Fingerprint(method.upper(), path, body_hash)
    if not _take_lock(owner, key, wait):
        return InFlight()
    answer = StoredAnswer.objects.filter(owner=owner, key=key).first()
    if answer is None:
        return Started(owner, key, fingerprint)
    same = Fingerprint(answer.method, answer.path, answer.body_hash) == _storable(fingerprint)
    return Stored(answer) if same else Mismatch(answer)


def finish(
    started: Started, *, status: int, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> StoredAnswer:
    """Store the answer beside the effect."""
    fingerprint = _storable(started.fingerprint)
    return StoredAnswer.objects.create(
        owner=started.owner,
        key=started.key,
        method=fingerprint.method,
        path=fingerprint.path,
        body_hash=fingerprint.body_hash,
        status=status,
        headers=dict(headers or {}),
        body=bytes(body),
    )


@dataclass
class Slot:
    """What once() hands out: ``answer`` is there when the work was done before; otherwise do it and keep()."""

    started: Started | None
    answer: StoredAnswer | None

    def keep(self, *, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> StoredAnswer:
        if self.started is None:
            raise RuntimeError("this key has its answer already")
        self.answer = finish(self.started, status=status, headers=headers, body=body)
        return self.answer


@contextmanager
def once(owner: str, key: str, fingerprint: Fingerprint, *, wait: float = 0.0) -> Iterator[Slot]:
    """``with transaction.atomic(), once(owner, key, fingerprint) as slot: …``; raises KeyInFlight or KeyReused."""
    beginning = begin(owner, key, fingerprint.method, fingerprint.path, fingerprint.body_hash, wait=wait)
    if isinstance(beginning, InFlight):
        raise KeyInFlight()
    if isinstance(beginning, Mismatch):
        raise KeyReused()
    yield Slot(beginning, None) if isinstance(beginning, Started) else Slot(None, beginning.answer)


def owner_of(request: Any) -> str:
    """Whose key it is: the account's, or the visitor's browser's."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"account:{user.pk}"
    cookie = request.session.session_key or request.META.get("CSRF_COOKIE") or ""
    return f"visitor:{hashlib.sha256(cookie.encode()).hexdigest()[:40]}"


def doubles() -> list[str]:
    """Keys with more than one answer; the constraint allows none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner || ' ' || key FROM idempotency_storedanswer"
            " GROUP BY owner, key HAVING count(*) > 1 ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def purge(batch: int = 10_000) -> int:
    """Forget answers older than 45 days."""
    outdated = StoredAnswer.objects.filter(pk__in=StoredAnswer.objects.outdated().order_by("pk").values("pk")[:batch])
    total = 0
    while gone := outdated.delete()[0]:
        total += gone
    return total


def _storable(fingerprint: Fingerprint) -> Fingerprint:
    """A path longer than its column is told apart by its hash."""
    path = fingerprint.path
    if len(path) > 500:
        path = f"{path[:400]}#{hashlib.sha256(path.encode()).hexdigest()}"
    return Fingerprint(fingerprint.method, path, fingerprint.body_hash)


def _take_lock(owner: str, key: str, wait: float) -> bool:
    # The number of an advisory lock; two keys that share one only wait for each other.
    digest = hashlib.sha256(f"{owner}\0{key}".encode()).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    end = time.monotonic() + wait
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            if cursor.fetchone()[0]:
                return True
        if time.monotonic() >= end:
            return False
        time.sleep(_GLANCE)
