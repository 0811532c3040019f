"""What waits about assignments: for the unit, for the office, for who verifies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast, Left
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consult.web.words import say_day
from members.states import Role
from outcomes.models import Assignment, Extension, FieldCheck
from outcomes.rules.assignments import belongs_to
from outcomes.states import AssignmentState, ExtensionState

from .kinds import Desk, Kind, from_day
from .rows import Row, branch

A = AssignmentState
VERIFYING = (Role.OFFICE, Role.CONVENOR, Role.MEMBER, Role.GROUP_LEADER)


def _assignments(rows: QuerySet[Assignment], kind: str, **columns: Any) -> QuerySet[Any]:
    values = {"uuid": F("uuid"), "title": F("matter"), "host": F("host_id"), "day": F("due_on")}
    values |= {"who": F("lead_unit__name"), "note": F("topic__title")}
    return branch(rows, kind, order=("due_on", "pk"), **{**values, **columns})


def to_sign_for(desk: Desk) -> QuerySet[Any] | None:
    units = desk.units(Role.LIAISON, Role.UNIT_CHIEF)
    if not units:
        return None
    return _assignments(Assignment.objects.filter(lead_unit__in=units, state=A.ISSUED), "sign_for", day=F("issued_on"))


def to_work_on(desk: Desk) -> QuerySet[Any] | None:
    units = desk.units(Role.LIAISON, Role.UNIT_CHIEF)
    if not units:
        return None
    rows = Assignment.objects.filter(lead_unit__in=units, state__in=(A.ACCEPTED, A.IN_PROGRESS))
    return _assignments(rows, "reply", shade=Left("reason", 60))


def to_assist(desk: Desk) -> QuerySet[Any] | None:
    units = desk.units(Role.LIAISON, Role.UNIT_CHIEF)
    if not units:
        return None
    helped = Assignment.assisting_units.through.objects.filter(organisation_id__in=units).values("assignment_id")
    rows = Assignment.objects.filter(pk__in=helped, state__in=(A.ACCEPTED, A.IN_PROGRESS))
    return _assignments(rows, "assist")


def to_reassign(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE):
        return None
    rows = Assignment.objects.sent_back().filter(desk.within(Role.OFFICE))
    return _assignments(rows, "reassign", note=Left("send_back_reason", 60), shade=F("proper_unit"))


def overdue(desk: Desk) -> QuerySet[Any] | None:
    roles = (Role.OFFICE, Role.SUPERVISION_OFFICE)
    if not desk.holds(*roles):
        return None
    rows = Assignment.objects.climbing().filter(desk.within(*roles), due_on__lt=desk.today)
    return _assignments(rows, "overdue")


def to_confirm(desk: Desk) -> QuerySet[Any] | None:
    """Brought in from old paper and still running: the office says whether reminders begin."""
    if not desk.holds(Role.OFFICE):
        return None
    rows = Assignment.objects.unconfirmed().filter(desk.within(Role.OFFICE))
    return _assignments(rows, "confirm")


def extensions(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE):
        return None
    scope = desk.within(Role.OFFICE, host="assignment__host_id", region="assignment__region_code")
    rows = Extension.objects.filter(scope, state=ExtensionState.ASKED, assignment__state=A.IN_PROGRESS)
    return branch(
        rows,
        "extension",
        order=("assignment__due_on", "pk"),
        uuid=F("assignment__uuid"),
        title=F("assignment__matter"),
        host=F("assignment__host_id"),
        day=F("assignment__due_on"),
        who=F("assignment__lead_unit__name"),
        shade=Cast("due_wanted", TextField()),
        note=Left("reason", 60),
    )


def to_verify(desk: Desk) -> QuerySet[Any] | None:
    """Nobody of a handling unit verifies; members verify what they see."""
    if not desk.holds(*VERIFYING):
        return None
    own = belongs_to(desk.reader)
    helped = Assignment.assisting_units.through.objects.filter(organisation_id__in=own).values("assignment_id")
    rows = Assignment.objects.to_verify().filter(desk.within(*VERIFYING)).exclude(lead_unit__in=own)
    rows = rows.exclude(pk__in=helped)
    if not desk.holds(Role.OFFICE, Role.CONVENOR):
        rows = rows.filter(pk__in=Assignment.objects.visible_to(desk.reader).values("pk"))
    return _assignments(rows, "verify", day=F("moved_on"))


def to_close(desk: Desk) -> QuerySet[Any] | None:
    roles = (Role.OFFICE, Role.SUPERVISION_OFFICE)
    if not desk.holds(*roles):
        return None
    return _assignments(Assignment.objects.to_close().filter(desk.within(*roles)), "close_out", day=F("moved_on"))


def to_revisit(desk: Desk) -> QuerySet[Any] | None:
    roles = (Role.OFFICE, Role.CONVENOR)
    if not desk.holds(*roles):
        return None
    rows = Assignment.objects.due_for_review(desk.today).filter(desk.within(*roles))
    return _assignments(rows, "revisit", day=F("next_review_on"))


def to_visit(desk: Desk) -> QuerySet[Any] | None:
    """Visits planned for the reader: from the day before on."""
    if not desk.holds(*VERIFYING):
        return None
    rows = FieldCheck.objects.waiting().filter(people=desk.reader, planned_on__lte=desk.today + timedelta(days=1))
    return branch(
        rows,
        "visit_check",
        order=("planned_on", "pk"),
        uuid=F("assignment__uuid"),
        title=F("assignment__matter"),
        host=F("assignment__host_id"),
        day=F("planned_on"),
        who=F("assignment__lead_unit__name"),
        note=F("note"),
    )


# words ----------------------------------------------------------------------------------------------------------------


def _send_back_due(row: Row, desk: Desk) -> date | None:
    return desk.working_days_after(row.day, row.host, "send_back_days") if row.day else None


def _of(row: Row, desk: Desk) -> str:
    return _("From “%(topic)s”, lead unit %(unit)s") % {"topic": row.note, "unit": row.who}


def _why_reply(row: Row, desk: Desk) -> str:
    if row.shade:
        return _("Sent back for rework: %(reason)s") % {"reason": row.shade}
    return _("From “%(topic)s”") % {"topic": row.note}


def _why_sign_for(row: Row, desk: Desk) -> str:
    return _("Issued on %(day)s, from “%(topic)s”; what is not yours goes back by then") % {
        "day": say_day(row.day),
        "topic": row.note,
    }


def _why_reassign(row: Row, desk: Desk) -> str:
    return _("%(unit)s sent it back: %(reason)s; it names %(proper)s") % {
        "unit": row.who,
        "reason": row.note,
        "proper": row.shade,
    }


def _why_extension(row: Row, desk: Desk) -> str:
    return _("%(unit)s asks for %(day)s: %(reason)s") % {"unit": row.who, "day": row.shade, "reason": row.note}


def _why_visit(row: Row, desk: Desk) -> str:
    planned = _("Planned for %(day)s, lead unit %(unit)s") % {"day": say_day(row.day), "unit": row.who}
    return f"{planned}：{row.note}" if row.note else planned


def _since(row: Row, desk: Desk) -> str:
    return _("%(unit)s, since %(day)s") % {"unit": row.who, "day": say_day(row.day)}


KINDS = (
    Kind(
        "overdue",
        "查",
        overdue,
        gettext_lazy("Press for “%(title)s”"),
        gettext_lazy("Press for %(count)s overdue assignments"),
        pgettext_lazy("button", "Press"),
        "outcomes:detail",
        _of,
        from_day,
        all_page="outcomes:list",
        all_query="late=overdue",
    ),
    Kind(
        "sign_for",
        "查",
        to_sign_for,
        gettext_lazy("Sign for “%(title)s”"),
        gettext_lazy("Sign for %(count)s assignments"),
        pgettext_lazy("button", "Sign for it"),
        "outcomes:answer",
        _why_sign_for,
        _send_back_due,
        all_page="outcomes:desk",
    ),
    Kind(
        "reply",
        "查",
        to_work_on,
        gettext_lazy("Carry out and answer “%(title)s”"),
        gettext_lazy("Carry out and answer %(count)s assignments"),
        pgettext_lazy("button", "Answer"),
        "outcomes:answer",
        _why_reply,
        from_day,
        all_page="outcomes:desk",
    ),
    Kind(
        "assist",
        "查",
        to_assist,
        gettext_lazy("Assist in “%(title)s”"),
        gettext_lazy("Assist in %(count)s assignments"),
        pgettext_lazy("button", "Report"),
        "outcomes:detail",
        _of,
        from_day,
        all_page="outcomes:desk",
    ),
    Kind(
        "reassign",
        "查",
        to_reassign,
        gettext_lazy("Find another unit for “%(title)s”"),
        gettext_lazy("Reassign %(count)s assignments that were sent back"),
        pgettext_lazy("button", "Reassign"),
        "outcomes:reassign",
        _why_reassign,
        from_day,
        all_page="outcomes:list",
        all_query="late=sent_back",
    ),
    Kind(
        "extension",
        "查",
        extensions,
        gettext_lazy("Answer the extension asked for “%(title)s”"),
        gettext_lazy("Answer %(count)s requests for an extension"),
        pgettext_lazy("button", "Answer"),
        "outcomes:detail",
        _why_extension,
        from_day,
        all_page="outcomes:list",
    ),
    Kind(
        "revisit",
        "查",
        to_revisit,
        gettext_lazy("Look again at “%(title)s”"),
        gettext_lazy("Look again at %(count)s assignments"),
        pgettext_lazy("button", "Look again"),
        "outcomes:detail",
        _of,
        from_day,
        all_page="outcomes:list",
        all_query="late=finished",
    ),
    Kind(
        "visit_check",
        "查",
        to_visit,
        gettext_lazy("Look into what was planned for “%(title)s”"),
        gettext_lazy("Make %(count)s visits"),
        gettext_lazy("Record a visit"),
        "outcomes:record_check",
        _why_visit,
        from_day,
        all_page="outcomes:checks",
    ),
    Kind(
        "verify",
        "查",
        to_verify,
        gettext_lazy("Verify “%(title)s”"),
        gettext_lazy("Verify %(count)s replies"),
        pgettext_lazy("button", "Verify"),
        "outcomes:verify",
        _since,
        all_page="outcomes:list",
        all_query="late=to_verify",
    ),
    Kind(
        "close_out",
        "查",
        to_close,
        gettext_lazy("Close out “%(title)s”"),
        gettext_lazy("Close out %(count)s assignments"),
        pgettext_lazy("button", "Close out"),
        "outcomes:close",
        _since,
        all_page="outcomes:list",
        all_query="late=to_close",
    ),
    Kind(
        "confirm",
        "查",
        to_confirm,
        gettext_lazy("Say whether “%(title)s” is still owed"),
        gettext_lazy("Say whether %(count)s assignments from old papers are still owed"),
        pgettext_lazy("button", "Look"),
        "outcomes:detail",
        lambda row, desk: (
            _("Brought in from paper, due on %(day)s; no reminders until you confirm") % {"day": say_day(row.day)}
        ),
        all_page="outcomes:list",
    ),
)
