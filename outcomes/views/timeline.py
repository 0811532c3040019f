"""往来: what happened to one assignment, in the order in which it was recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit.models import Entry
from consult.files.models import Attachment
from outcomes.models import Assignment
from outcomes.states import ASSIGNMENT_WORKFLOW, Method

#: Moves that speak for the handling unit, whoever recorded them.
_OF_UNIT = ("sign_for", "send_back", "start", "add_progress", "ask_extension", "reply", "set_milestones")


@dataclass
class Step:
    """One line: when, who, what, and its words."""

    on: date
    who: str
    what: str
    texts: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    tone: str = ""
    on_paper: bool = False
    by_link: bool = False
    spent: Any = None
    #: The entry of the progress, at which more photos can be kept.
    progress: Any = None


def steps_of(assignment: Assignment, *, names: bool) -> list[Step]:
    """Newest first. Without ``names`` only offices and units are named."""
    rows = _rows(assignment)
    files = _files(assignment)
    entries = Entry.objects.about(assignment).filter(verb__startswith="assignment.").order_by("-pk")
    return [_step(entry, assignment, rows, files, names=names) for entry in entries]


def _rows(assignment: Assignment) -> dict[str, Any]:
    """Progress, replies and verifications by the UUID that the record names."""
    every = (
        *assignment.progress.all(),
        *assignment.replies.all(),
        *assignment.verifications.all(),
        *assignment.checks.all(),
    )
    return {str(row.uuid): row for row in every}


def _files(assignment: Assignment) -> dict[tuple[str, int], list[Attachment]]:
    found: dict[tuple[str, int], list[Attachment]] = {}
    for rows in (
        [assignment],
        assignment.progress.all(),
        assignment.replies.all(),
        assignment.verifications.all(),
        assignment.checks.all(),
    ):
        for attachment in Attachment.objects.about(*rows) if rows else ():
            found.setdefault((attachment.subject_type, attachment.subject_id), []).append(attachment)
    return found


def _step(entry: Entry, assignment: Assignment, rows: dict, files: dict, *, names: bool) -> Step:
    verb = entry.verb.partition(".")[2]
    step = Step(
        on=timezone.localtime(entry.happened_at).date(),
        who=_who(entry, verb, assignment, names=names),
        what=str(ASSIGNMENT_WORKFLOW.step(verb).label) if verb in ASSIGNMENT_WORKFLOW else "",
        texts=[entry.reason] if entry.reason else [],
        tone="zhu" if verb in ("send_back", "rework", "reopen", "annul") else "",
        on_paper=verb in _OF_UNIT and bool(entry.on_behalf_of) and "link" not in entry.data,
        by_link=verb in _OF_UNIT and "link" in entry.data,
    )
    row = next((rows[value] for value in entry.data.values() if isinstance(value, str) and value in rows), None)
    if row is not None:
        _tell(step, verb, row)
        step.files = files.get((row._meta.label_lower, row.pk), [])
    elif verb in ("sign_for", "send_back"):
        step.files = files.get((assignment._meta.label_lower, assignment.pk), [])
    return step


def _tell(step: Step, verb: str, row: Any) -> None:
    if verb == "add_progress":
        step.texts, step.spent, step.progress = [row.text], row.spent, row.uuid
        if row.done is not None:
            step.texts.append(figures(row))
        if row.contact_on:
            step.texts.append(_contact(row))
    elif verb == "record_check":
        step.texts = [f"{row.get_verdict_display()}（{row.get_method_display()}）：{row.finding}"]
    elif verb == "plan_check":
        step.texts = [f"{row.planned_on:%Y-%m-%d} {row.note}".strip()]
    elif verb == "reply":
        step.texts = [text for text in (row.measures, row.result) if text]
        step.what = f"{step.what} {row.get_reply_class_display()}"
        if row.contact_on:
            step.texts.append(_contact(row))
    elif verb == "verify":
        method = Method(row.method).label if row.method else ""
        step.texts = [f"{method}: {row.finding}" if method else row.finding]


def _contact(row: Any) -> str:
    how = {"day": row.contact_on, "method": row.get_contact_method_display()}
    return _("The raiser was contacted on %(day)s (%(method)s)") % how


def figures(row: Any) -> str:
    """«Done: 14 of 20 households»."""
    if row.total is None:
        return _("Done: %(done)s %(counted)s") % {"done": row.done, "counted": row.counted}
    return _("Done: %(done)s of %(total)s %(counted)s") % {
        "done": row.done,
        "total": row.total,
        "counted": row.counted,
    }


def _who(entry: Entry, verb: str, assignment: Assignment, *, names: bool) -> str:
    if verb in _OF_UNIT and "link" in entry.data:
        return entry.on_behalf_of if names else entry.data["unit"]
    if verb in _OF_UNIT:
        unit = entry.on_behalf_of or entry.data.get("unit") or assignment.lead_unit.name
        person = entry.actor_name if names and not entry.on_behalf_of and entry.data.get("unit") else ""
        return f"{unit} {person}".strip()
    if entry.on_behalf_of and verb in ("verify", "rework"):
        return entry.on_behalf_of
    return (entry.actor_name if names else "") or entry.mandate_text or _("System")
