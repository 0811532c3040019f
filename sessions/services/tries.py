"""How often somebody unknown may try. Counted in rows: it holds while Redis is away, and on every web server."""

from __future__ import annotations

from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from consult.errors import DomainError

SPAN = 600  # seconds
KEPT = 144  # spans: a day

_COUNT = """
INSERT INTO consult_sessions_trycount (bucket, span, count)
VALUES (%s, floor(extract(epoch FROM now()) / %s)::bigint, 1)
ON CONFLICT (bucket, span) DO UPDATE SET count = consult_sessions_trycount.count + 1
RETURNING count
"""
_READ = """
SELECT bucket, count FROM consult_sessions_trycount
WHERE bucket = ANY(%s) AND span = floor(extract(epoch FROM now()) / %s)::bigint
"""
_FORGET = "DELETE FROM consult_sessions_trycount WHERE span < floor(extract(epoch FROM now()) / %s)::bigint - %s"


class TooOften(DomainError):
    """Somebody tries too often, or too many do."""

    code = "too_often"
    status = 429
    sentence = _("This was tried too often. Wait ten minutes, or ask the staff in the room.")


def note(kind: str, who: str) -> int:
    """One more try; how many there were within these ten minutes."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [_bucket(kind, who), SPAN])
        count = int(cursor.fetchone()[0])
        if count == 1:
            cursor.execute(_FORGET, [SPAN, KEPT])
    return count


def refuse_beyond(**limits: tuple[str, int]) -> None:
    """``refuse_beyond(code=(caller, 20), codes=("all", 2000))`` raises TooOften when one of them is reached."""
    buckets = {_bucket(kind, who): most for kind, (who, most) in limits.items()}
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(buckets), SPAN])
        if any(count >= buckets[bucket] for bucket, count in cursor.fetchall()):
            raise TooOften


def _bucket(kind: str, who: str) -> str:
    return salted_hmac(f"consult.sessions.tries.{kind}", who, algorithm="sha256").hexdigest()
