"""I12: every move stands in the record, one after the other; every number in the register, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from consult.numbering.models import Number
from outcomes.models import Assignment, Outcome, PublicNotice
from sessions.models import ConsultSession, Minutes
from topics.models import Topic

#: Everything that has a table of moves.
MOVED: tuple[Any, ...] = (Topic, ConsultSession, Minutes, Outcome, Assignment, PublicNotice)

_LAST = """
SELECT t.id, t.state, m.after FROM {table} t LEFT JOIN (
  SELECT DISTINCT ON (subject_id) subject_id, after FROM audit_entry
  WHERE subject_type = %s AND after <> '' AND before <> after ORDER BY subject_id, id DESC
) m ON m.subject_id = t.id
WHERE m.after IS DISTINCT FROM t.state ORDER BY t.id
"""
_GAPS = """
SELECT subject_id, id, verb, previous, before FROM (
  SELECT subject_id, id, verb, before, lag(after) OVER (PARTITION BY subject_id ORDER BY id) AS previous
  FROM audit_entry WHERE subject_type = %s AND after <> '' AND before <> after
) moves
WHERE before <> '' AND previous IS DISTINCT FROM before ORDER BY id
"""


def unrecorded_moves() -> Iterator[str]:
    """Things whose state is not the one in which their last recorded move left them."""
    for model in MOVED:
        for pk, state, after in _ask(_LAST.format(table=model._meta.db_table), model):
            told = f"the record says {after}" if after else "the record knows no move"
            yield f"{model._meta.label_lower} {pk} is {state}, {told}"


def broken_histories() -> Iterator[str]:
    """A move that begins in another state than the one before it ended in: something between them is not recorded."""
    for model in MOVED:
        for pk, entry, verb, previous, before in _ask(_GAPS, model):
            told = f"after {previous}" if previous else "with nothing before it"
            yield f"{model._meta.label_lower} {pk}: {verb} (entry {entry}) begins at {before} {told}"


def _ask(sql: str, model: Any) -> Iterable[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [model._meta.label_lower])
        return cursor.fetchall()


def stray_numbers() -> Iterator[str]:
    """Numbers that stand on a thing and not in the register, or the other way round."""
    worn = {
        "topic": Topic.objects.exclude(number="").values_list("host_id", "number"),
        "minutes": Minutes.objects.exclude(number="").values_list("session__host_id", "number"),
        "outcome": Outcome.objects.exclude(number="").values_list("host_id", "number"),
        "assignment": Assignment.objects.exclude(number="").values_list("host_id", "number"),
    }
    for kind, rows in worn.items():
        wearing = set(rows)
        taken = set(Number.objects.filter(kind=kind).values_list("organisation_id", "text"))
        valid = set(Number.objects.valid().filter(kind=kind).values_list("organisation_id", "text"))
        yield from (f"{kind} {text}: not in the register" for _host, text in sorted(wearing - taken))
        yield from (f"{kind} {text}: taken, neither used nor annulled" for _host, text in sorted(valid - wearing))
