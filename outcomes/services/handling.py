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
from outcomes.models import AnswerLink, Assignment, HandlingReply, Milestone, ProgressEntry
from outcomes.rules.assignments import assists
from outcomes.services.closing import lapse_extensions
from outcomes.services.milestones import check_off, unit_of
from outcomes.services.moving import (
    begin,
    by_link,
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
    "(高度重视|领导重视|十分重视|非常重视|认真|抓好|抓实|统筹|尽快|尽早|早日|力争|争取|继续|目前|现在|现|正在|已在|已经|已|仍在|持续|积极|抓紧|加快|有序|稳步|按计划|进一步|逐步|大力|全力"
    "|推进|推动|办理|处理|落实|协调|跟进|研究|开展|进行|工作|事项|相关|有关|该|此|本|中|之|了|的|和|与|并|等|我(局|单位|镇|乡|街道)?)"
)
_MARKS = re.compile(r"[\W_]+")


def says_nothing(text: str, least: int = 3) -> bool:
    """«正在推进中», «高度重视，抓好落实» and their like: after the empty words are taken out, nothing is left."""
    return len(_EMPTY_WORDS.sub("", _MARKS.sub("", text))) < least


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
    done: int | None = None,
    total: int | None = None,
    counted: str = "",
    steps: Iterable[Milestone] = (),
    contact_on: date | None = None,
    contact_method: str = "",
    contact_note: str = "",
    files: Iterable[Any] = (),
    date: date | None = None,
    on: date | None = None,
    via: AnswerLink | None = None,
) -> ProgressEntry:
    """A dated entry: what was done, with figures and steps checked off; the first one starts the work."""
    assignment, on = begin(assignment, "add_progress", actor=actor, on=on or date, via=via)
    text = need(text, "text", _("Say what was done and what is still missing."))
    if via is not None or not actor.is_system:
        _refuse_empty(text, "text")
    _refuse_odd_figures(done, total)
    if contact_on is not None or contact_method or contact_note.strip():
        _refuse_uncontacted(contact_on, contact_method, on)
    if spent is not None and spent < 0:
        raise ValidationError({"spent": _("The amount cannot be negative.")})
    entry = ProgressEntry(
        assignment=assignment,
        date=on,
        text=text,
        spent=spent,
        done=done,
        total=total,
        counted=counted.strip(),
        contact_on=contact_on,
        contact_method=contact_method,
        contact_note=contact_note.strip(),
        recorded_by=actor,
        on_paper=via is None and (actor.is_system or not assists.test(actor, assignment)),
    )
    entry.full_clean(exclude=["assignment", "recorded_by"])
    entry.save()
    keep_files(entry, files, AttachmentKind.DOCUMENT, actor=actor, within=assignment)
    checked = check_off(assignment, steps, by=unit_of(actor, assignment, via), on=on)
    behalf = assignment.lead_unit.name if entry.on_paper else for_the_unit(actor, assignment, via) if via else ""
    finish(
        assignment,
        "add_progress",
        actor=actor,
        on=on,
        data={
            "progress": str(entry.uuid),
            "text": text[:100],
            **({"steps": checked} if checked else {}),
            **by_link(via),
        },
        on_behalf_of=behalf,
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
    via: AnswerLink | None = None,
) -> HandlingReply:
    """The unit answers: measures, result, class A to D, contact with the raiser. The office records it from paper."""
    assignment, on = begin(assignment, "reply", actor=actor, on=on, via=via)
    result = need(result, "result", _("Say what was done and what is still missing."))
    if via is not None or not actor.is_system:
        _refuse_empty(result, "result")
        measures = need(measures, "measures", _("Say which measures were taken."))
        _refuse_empty(measures, "measures", least=1)
        _refuse_uncontacted(contact_on, contact_method, on)
    own = via is not None or speaks_for_unit(actor, assignment)
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
        data={"reply": str(reply.uuid), "class": reply.reply_class, **by_link(via)},
        on_behalf_of=for_the_unit(actor, assignment, via),
    )
    return reply


def _refuse_odd_figures(done: int | None, total: int | None) -> None:
    """«14 of 20»: never more than there are."""
    if total is not None and done is None:
        raise Missing(done=_("Say how many of them are done."))
    if total is not None and done is not None and done > total:
        raise Missing(done=_("More are done than there are; correct one of the two figures."))


def _refuse_empty(text: str, field: str, least: int = 3) -> None:
    if says_nothing(text, least):
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
