"""How often somebody unknown may try. Counted in rows: it holds while Redis is away, and on every web server."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from consult.errors import DomainError

SPAN = 600  # seconds
KEPT = 144  # spans: a day

_COUNT = """
INSERT INTO {table} (bucket, span, count)
VALUES (%s, floor(extract(epoch FROM now()) / %s)::bigint, 1)
ON CONFLICT (bucket, span) DO UPDATE SET count = {table}.count + 1
RETURNING count
"""
_READ = """
SELECT bucket, count FROM {table}
WHERE bucket = ANY(%s) AND span = floor(extract(epoch FROM now()) / %s)::bigint
"""
_FORGET = "DELETE FROM {table} WHERE span < floor(extract(epoch FROM now()) / %s)::bigint - %s"


class TooOften(DomainError):
    """Somebody tries too often, or too many do."""

    code = "too_often"
    status = 429
    sentence = _("This was tried too often. Wait ten minutes, or ask the staff in the room.")


class Counter:
    """The counts of one table, under a salt of their own: who tries stands there as a hash only."""

    def __init__(self, model: type[Model], salt: str):
        self.table, self.salt = connection.ops.quote_name(model._meta.db_table), salt

    def note(self, kind: str, who: str) -> int:
        """One more try; how many there were within these ten minutes."""
        with connection.cursor() as cursor:
            cursor.execute(_COUNT.format(table=self.table), [self._bucket(kind, who), SPAN])
            count = int(cursor.fetchone()[0])
            if count == 1:
                cursor.execute(_FORGET.format(table=self.table), [SPAN, KEPT])
        return count

    def reached(self, **limits: tuple[str, int]) -> bool:
        """``reached(code=(caller, 20), codes=("all", 2000))``: is one of them?"""
        buckets = {self._bucket(kind, who): most for kind, (who, most) in limits.items()}
        with connection.cursor() as cursor:
            cursor.execute(_READ.format(table=self.table), [list(buckets), SPAN])
            return any(count >= buckets[bucket] for bucket, count in cursor.fetchall())

    def _bucket(self, kind: str, who: str) -> str:
        return salted_hmac(f"{self.salt}.{kind}", who, algorithm="sha256").hexdigest()
