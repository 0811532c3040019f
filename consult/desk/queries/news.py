"""刚刚发生: the newest entries of the record, of matters that the reader sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from consult.audit import Entry
from consult.workflow import Workflow
from members.states import Role
from outcomes.models import Assignment
from outcomes.querysets.outcomes import matters_seen_whole
from outcomes.states import ASSIGNMENT_WORKFLOW, NOTICE_WORKFLOW, OUTCOME_WORKFLOW
from sessions.states import MINUTES_WORKFLOW, RECORD_WORKFLOW, SESSION_WORKFLOW
from topics.models import Topic
from topics.states import TOPIC_WORKFLOW

from .kinds import Desk

SHOWN = 10
WORKFLOWS: dict[str, tuple[Workflow, ...]] = {
    "topic": (TOPIC_WORKFLOW,),
    "session": (SESSION_WORKFLOW, RECORD_WORKFLOW),
    "minutes": (MINUTES_WORKFLOW,),
    "outcome": (OUTCOME_WORKFLOW,),
    "assignment": (ASSIGNMENT_WORKFLOW,),
    "notice": (NOTICE_WORKFLOW,),
}
#: Moves that say something to others than who made them; drafts are nobody's news.
_TOLD = {
    "topic": (
        "submit",
        "resubmit",
        "return_topic",
        "pool",
        "decline",
        "transfer",
        "merge",
        "split",
        "approve",
        "drop",
        "claim",
        "release_claim",
        "study",
        "withdraw",
        "close",
        "reopen",
    ),
    "session": ("announce", "postpone", "cancel", "open", "close", "log"),
    "minutes": ("sign_minutes",),
    "outcome": ("submit_outcome", "adopt_outcome", "note_outcome", "nothing_to_assign", "record_satisfaction"),
    "assignment": (
        "issue",
        "sign_for",
        "send_back",
        "reassign",
        "annul",
        "add_progress",
        "ask_extension",
        "grant",
        "refuse",
        "reply",
        "verify",
        "rework",
        "close",
        "reopen",
    ),
    "notice": ("post_notice", "withdraw_notice", "record_objection", "answer_objection"),
}
NEWS = [f"{noun}.{verb}" for noun, verbs in _TOLD.items() for verb in verbs]
#: Entries that are no moves of a table.
OTHER = {
    "topic.draft": gettext_lazy("Kept as a draft"),
    "topic.take_in": gettext_lazy("Took in another matter"),
    "topic.follow": gettext_lazy("Somebody follows it"),
    "topic.show_contact": gettext_lazy("Looked at the telephone number"),
    "outcome.ask_satisfaction": gettext_lazy("Satisfaction asked"),
    "file.store": pgettext_lazy("desk", "File added"),
}
for _noun in ("topic", "session", "minutes", "outcome", "notice"):
    OTHER[f"{_noun}.hand_over"] = pgettext_lazy("desk", "Handed over")


@dataclass(frozen=True)
class News:
    at: datetime
    who: str
    move: str
    title: str
    url: str


def news_for(desk: Desk) -> list[News]:
    """One query: what happened last in the matters the reader sees whole, and to what his unit handles."""
    reader = desk.reader
    seen = Q(matter_id__in=matters_seen_whole(reader))
    if reader.unit_ids():
        handled = Assignment.objects.of_units(reader).values("pk")
        seen |= Q(subject_type=Assignment._meta.label_lower, subject_id__in=handled)
    rows = Entry.objects.filter(seen, verb__in=NEWS)
    if not desk.holds(Role.SUPERVISOR):
        rows = rows.filter(host_id__in=desk.hosts())
    topic = Topic.objects.filter(pk=OuterRef("matter_id"))
    rows = rows.annotate(topic_title=Subquery(topic.values("title")[:1]), topic_uuid=Subquery(topic.values("uuid")[:1]))
    names = desk.roles - {Role.SUPERVISOR} != set()
    return [_news(row, names) for row in rows.order_by("-pk")[:SHOWN]]


def _news(row: Any, names: bool) -> News:
    return News(
        at=row.recorded_at,
        who=row.data.get("unit") or (row.actor_name if names else row.mandate_text),
        move=str(label_of(row.verb)),
        title=row.topic_title or "",
        url=reverse("topics:detail", args=[row.topic_uuid]) if row.topic_uuid else "",
    )


def label_of(verb: str) -> Any:
    """The word of the table for an entry of the record."""
    noun, _dot, move = verb.partition(".")
    for workflow in WORKFLOWS.get(noun, ()):
        if move in workflow:
            return workflow.step(move).label
    return OTHER.get(verb, pgettext("desk", "Entry"))
