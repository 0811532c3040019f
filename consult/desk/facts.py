"""What a county may name in its own wording of notices: found by the thing an event is about."""

from __future__ import annotations

from typing import Any

from consult.delivery.wording import register_facts
from outcomes.models import Assignment, Outcome, PublicNotice
from sessions.models import ConsultSession, Minutes
from topics.models import Topic


def register() -> None:
    """Called once, when all apps are there."""
    register_facts("topic", topic)
    register_facts("session", session)
    register_facts("minutes", minutes)
    register_facts("outcome", outcome)
    register_facts("assignment", assignment)
    register_facts("notice", notice)


def topic(pk: int) -> dict[str, Any]:
    row = Topic.objects.filter(pk=pk).values("title", "number").first() or {}
    return {"matter": row.get("title", ""), "number": row.get("number", "")}


def session(pk: int) -> dict[str, Any]:
    return {"matter": ConsultSession.objects.filter(pk=pk).values_list("title", flat=True).first() or ""}


def minutes(pk: int) -> dict[str, Any]:
    row = Minutes.objects.filter(pk=pk).values("session__title", "number").first() or {}
    return {"matter": row.get("session__title", ""), "number": row.get("number", "")}


def outcome(pk: int) -> dict[str, Any]:
    return {"matter": Outcome.objects.filter(pk=pk).values_list("topic__title", flat=True).first() or ""}


def assignment(pk: int) -> dict[str, Any]:
    row = Assignment.objects.filter(pk=pk).values("matter", "number", "due_on", "lead_unit__name").first()
    if row is None:
        return {}
    return {"matter": row["matter"], "number": row["number"], "due": row["due_on"], "unit": row["lead_unit__name"]}


def notice(pk: int) -> dict[str, Any]:
    return {"matter": PublicNotice.objects.filter(pk=pk).values_list("title", flat=True).first() or ""}
