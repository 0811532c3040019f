"""What the unit does: begin, report progress, reply; and the office's yes to reminders for backfilled work."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing, WrongState
from consult.files.models import AttachmentKind
from members.models import Account
from members.states import Role
from outcomes.models import Assignment, HandlingReply, ProgressEntry
from outcomes.rules.assignments import assists
from outcomes.services.closing import lapse_extensions
from outcomes.services.moving import (
    begin,
    finish,
    for_the_unit,
    keep_files,
    lock_assignment,
    need,
    speaks_for_unit,
    tell_of_assignment,
)
from outcomes.states import ASSIGNMENT_WORKFLOW

#: Words that fill an answer without saying anything; what is left without them must say something.
_EMPTY_WORDS = re.compile(
    "(目前|现在|现|正在|已在|已经|已|仍在|持续|积极|抓紧|加快|有序|稳步|按计划|进一步|逐步|大力|全力"
    "|推进|推动|办理|处理|落实|协调|跟进|研究|开展|进行|工作|事项|相关|有关|该|此|本|中|之|了|的|和|与|并|等|我(局|单位|镇|乡|街道)?)"
)
_MARKS = re.compile(r"[\W_]+")


def says_nothing(text: str) -> bool:
    """«正在推进中» and its like: after the empty words are taken out, nothing is left."""
    return len(_EMPTY_WORDS.sub("", _MARKS.sub("", text))) < 3


@transaction.atomic
def start(assignment: Assignment, *, actor: Account, on: date | None = None, implied: bool = False) -> Assignment:
    """The unit has begun."""
    assignment, on = begin(assignment, "start", actor=actor, on=on)
    return finish(
        assignment, "start", actor=actor, on=on, implied=implied, on_behalf_of=for_the_unit(actor, assignment)
    )


@transaction.atomic
def add_progress(
    assignment: Assignment,
    *,
    actor: Account,
    text: str,
    spent: Decimal | None = None,
    files: Iterable[Any] = (),
    date: date | None = None,
    on: date | None = None,
) -> ProgressEntry:
    """A dated entry: what was done, with figures; the first one starts the work."""
    assignment, on = begin(assignment, "add_progress", actor=actor, on=on or date)
    text = need(text, "text", _("Say what was done and what is still missing."))
    if not actor.is_system:
        _refuse_empty(text, "text")
    if spent is not None and spent < 0:
        raise ValidationError({"spent": _("The amount cannot be negative.")})
    entry = ProgressEntry(
        assignment=assignment,
        date=on,
        text=text,
        spent=spent,
        recorded_by=actor,
        on_paper=actor.is_system or not assists.test(actor, assignment),
    )
    entry.full_clean(exclude=["assignment", "recorded_by"])
    entry.save()
    keep_files(entry, files, AttachmentKind.DOCUMENT, actor=actor, within=assignment)
    finish(
        assignment,
        "add_progress",
        actor=actor,
        on=on,
        data={"progress": str(entry.uuid), "text": text[:100]},
        on_behalf_of=assignment.lead_unit.name if entry.on_paper else "",
    )
    return entry


@transaction.atomic
def reply_assignment(
    assignment: Assignment,
    *,
    actor: Account,
    reply_class: str,
    result: str,
    measures: str = "",
    contact_on: date | None = None,
    contact_method: str = "",
    contact_note: str = "",
    on_paper: bool = False,
    files: Iterable[Any] = (),
    on: date | None = None,
    implied: bool = False,
) -> HandlingReply:
    """The unit answers: measures, result, class A to D, contact with the raiser. The office records it from paper."""
    assignment, on = begin(assignment, "reply", actor=actor, on=on)
    result = need(result, "result", _("Say what was done and what is still missing."))
    if not actor.is_system:
        _refuse_empty(result, "result")
        measures = need(measures, "measures", _("Say which measures were taken."))
        _refuse_uncontacted(contact_on, contact_method, on)
    own = speaks_for_unit(actor, assignment)
    reply = HandlingReply(
        assignment=assignment,
        date=on,
        reply_class=reply_class,
        measures=measures.strip(),
        result=result,
        contact_on=contact_on,
        contact_method=contact_method,
        contact_note=contact_note.strip(),
        recorded_by=actor,
        on_paper=on_paper or not own,
    )
    reply.full_clean(exclude=["assignment", "recorded_by"])
    reply.save()
    keep_files(reply, files, AttachmentKind.DOCUMENT, actor=actor, within=assignment)
    lapse_extensions(assignment, actor=actor, on=on)
    finish(
        assignment,
        "reply",
        actor=actor,
        on=on,
        implied=implied,
        data={"reply": str(reply.uuid), "class": reply.reply_class},
        on_behalf_of=for_the_unit(actor, assignment),
    )
    return reply


def _refuse_empty(text: str, field: str) -> None:
    if says_nothing(text):
        raise Missing({field: _("Say what was done and what is still missing; “in progress” alone is not an answer.")})


def _refuse_uncontacted(contact_on: date | None, contact_method: str, on: date) -> None:
    """The reply tells when and how the raiser was spoken to."""
    missing = {}
    if contact_on is None:
        missing["contact_on"] = _("Say on which day the raiser was contacted.")
    elif contact_on > on:
        missing["contact_on"] = _("The contact comes before the reply.")
    if not contact_method:
        missing["contact_method"] = _("Say how the raiser was contacted.")
    if missing:
        raise Missing(missing)


@transaction.atomic
def confirm_reminders(assignment: Assignment, *, actor: Account) -> Assignment:
    """Backfilled work is reminded of from today on: the office has confirmed that it is really still owed."""
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, "confirm_reminders", actor=actor)
    if assignment.ladder_from is not None:
        raise WrongState(_("Reminders run already."))
    assignment.ladder_from = timezone.localdate()
    assignment.save(update_fields=["ladder_from"])
    record(
        actor=actor,
        verb="assignment.confirm_reminders",
        subject=assignment,
        before=assignment.state,
        after=assignment.state,
        mandate=actor.mandate_for(Role.OFFICE, host_id=assignment.host_id, code=assignment.region_code),
        matter_id=assignment.topic_id,
    )
    tell_of_assignment(assignment, "confirm_reminders", actor=actor)
    return assignment
