"""The figures of one session's roster, by class and in all."""

from __future__ import annotations

from typing import Any

from consult import options
from sessions.heads import EXPECTED_HEADS, present_heads
from sessions.models import ConsultSession, Participant
from topics.states import PartyCategory


def counts(session: ConsultSession) -> list[dict[str, Any]]:
    """Per class in the order of the host's words: ``category``, ``label``, ``present``, ``expected``. One query."""
    rows = Participant.objects.filter(session_id=session.pk).order_by().values("category")
    found = {row["category"]: row for row in rows.annotate(present=present_heads(), expected=EXPECTED_HEADS)}
    words = dict(options.words(session.host_id, "lists.stakeholders"))
    known = dict(PartyCategory.choices)
    return [
        {
            "category": key,
            "label": words.get(key) or str(known.get(key, key)),
            "present": found[key]["present"],
            "expected": found[key]["expected"],
        }
        for key in [*words, *sorted(set(found) - set(words))]
        if key in found and (found[key]["present"] or found[key]["expected"])
    ]


def totals(session: ConsultSession) -> dict[str, int]:
    """Heads of the whole roster: those who came, and those who were expected."""
    lines = Participant.objects.filter(session_id=session.pk)
    return lines.aggregate(present=present_heads(), expected=EXPECTED_HEADS)


def present_total(session: ConsultSession) -> int:
    """Heads that came."""
    return totals(session)["present"]
