"""Messages into the table by one statement; a hundred thousand of them are a matter of seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from .sql import as_rows

BATCH = 1000
_INSERT = """
INSERT INTO delivery_outgoingmail
    (uuid, state, attempts, last_error, channel, item_id, robot_id, account_id, host_id, kind, key, "to", subject, body,
     due_at)
SELECT gen_random_uuid(), 'queued', 0, '', channel, item_id, robot_id, account_id, host_id, kind, key, "to", subject,
    body, statement_timestamp() + make_interval(secs => wait)
FROM json_to_recordset(%s) AS each(
    channel text, item_id bigint, robot_id bigint, account_id bigint, host_id bigint, kind text, key text, "to" text,
    subject text, body text, wait float8)
ON CONFLICT DO NOTHING
"""


class Message(NamedTuple):
    """A row of ``Outgoing`` before it is one; it waits so many seconds from its writing, by the database's clock."""

    channel: str
    host_id: int | None
    kind: str
    key: str
    to: str
    subject: str
    body: str
    item_id: int | None = None
    robot_id: int | None = None
    account_id: int | None = None
    wait: float = 0.0


def queue(messages: Sequence[Message]) -> None:
    """All at once; what is there already stays as it is."""
    for first in range(0, len(messages), BATCH):
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [as_rows(messages[first : first + BATCH])])
