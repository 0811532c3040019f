"""Messages into the table by one statement; a hundred thousand of them are a matter of seconds."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import DatabaseDefault

from .models import Outgoing

BATCH = 1000
_INSERT = """
INSERT INTO delivery_outgoingmail
    (uuid, state, attempts, last_error, channel, item_id, robot_id, account_id, host_id, kind, key, "to", subject, body)
SELECT gen_random_uuid(), 'queued', 0, '', * FROM unnest(
    %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
ON CONFLICT DO NOTHING
"""
_COLUMNS = ("channel", "item_id", "robot_id", "account_id", "host_id", "kind", "key", "to", "subject", "body")


def queue(messages: Sequence[Outgoing]) -> None:
    """All at once; what is there already stays as it is. What must wait for its hour takes the longer way."""
    now = [each for each in messages if _is_due(each)]
    later = [each for each in messages if not _is_due(each)]
    for first in range(0, len(now), BATCH):
        some = now[first : first + BATCH]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [[getattr(each, name) for each in some] for name in _COLUMNS])
    Outgoing.objects.bulk_create(later, batch_size=BATCH, ignore_conflicts=True)


def _is_due(message: Outgoing) -> bool:
    """Its time is the moment it is written, by the database's clock: nobody has set another."""
    return isinstance(message.due_at, DatabaseDefault)
