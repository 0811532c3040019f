"""How often somebody unknown may ask for a receipt: counted in rows, so that it holds while Redis is away.

Per caller all questions, for everybody together and per receipt the misses: ten thousand endings of a telephone number
are not tried out from a thousand addresses. Whoever cannot be counted is not answered.
"""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from consult.errors import DomainError

SPAN = 600  # seconds
PER_CALLER, PER_RECEIPT, TOGETHER = 30, 10, 2000
KEPT = 144  # spans: a day

_COUNT = """
INSERT INTO desk_lookupcount (bucket, span, count)
VALUES (%s, floor(extract(epoch FROM now()) / %s)::bigint, 1)
ON CONFLICT (bucket, span) DO UPDATE SET count = desk_lookupcount.count + 1
RETURNING count
"""
_READ = """
SELECT coalesce(max(count) FILTER (WHERE bucket = %s), 0), coalesce(max(count) FILTER (WHERE bucket = %s), 0)
FROM desk_lookupcount WHERE bucket IN (%s, %s) AND span = floor(extract(epoch FROM now()) / %s)::bigint
"""
_FORGET = "DELETE FROM desk_lookupcount WHERE span < floor(extract(epoch FROM now()) / %s)::bigint - %s"


class TooOften(DomainError):
    """Somebody asks too often, or too many do."""

    code = "too_often"
    status = 429
    sentence = _("This was asked too often. Wait ten minutes, or call the office.")


class CannotCount(DomainError):
    """The counters cannot be reached: nobody unknown is answered."""

    code = "unavailable"
    status = 503
    sentence = _("The system cannot answer at present. Try again in a few minutes, or call the office.")


def note_question(caller: str, receipt: str) -> None:
    """Before looking: this caller asks once more. Raises TooOften or CannotCount."""
    everybody, one = _hashed("misses", "all"), _hashed("receipt", receipt)
    try:
        with connection.cursor() as cursor:
            asked = _count(cursor, _hashed("caller", caller))
            cursor.execute(_READ, [everybody, one, everybody, one, SPAN])
            misses, misses_of_receipt = cursor.fetchone()
            if asked == 1:
                cursor.execute(_FORGET, [SPAN, KEPT])
    except DatabaseError as error:
        raise CannotCount from error
    if asked > PER_CALLER or misses_of_receipt >= PER_RECEIPT or misses >= TOGETHER:
        raise TooOften


def note_miss(receipt: str) -> None:
    """Nothing was found: one more for all, and one for this receipt, whether it exists or not."""
    try:
        with connection.cursor() as cursor:
            _count(cursor, _hashed("misses", "all"))
            _count(cursor, _hashed("receipt", receipt))
    except DatabaseError as error:
        raise CannotCount from error


def _count(cursor: Any, bucket: str) -> int:
    cursor.execute(_COUNT, [bucket, SPAN])
    return int(cursor.fetchone()[0])


def _hashed(kind: str, what: str) -> str:
    return salted_hmac(f"consult.desk.{kind}", what, algorithm="sha256").hexdigest()
