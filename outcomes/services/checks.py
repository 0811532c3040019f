"""查单, 回头看: visits that are planned, made and recorded; what is found may verify, send back or reopen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import LostRace, Missing, WrongState
from consult.files.models import AttachmentKind
from members.models import Account, Mandate
from outcomes.models import Assignment, FieldCheck
from outcomes.people import holders
from outcomes.rules.assignments import VERIFIERS, is_independent
from outcomes.services.closing import reopen_assignment
from outcomes.services.moving import business_date, keep_files, lock_assignment, lock_topic, need, note
from outcomes.services.verification import rework_assignment, verify_assignment
from outcomes.states import ASSIGNMENT_WORKFLOW, AssignmentState, CheckVerdict, Method

#: What may follow from a visit at once.
FOLLOWING = ("verify", "rework", "reopen")
MOST_PEOPLE, MOST_CHECKS = 10, 100


def who_may_go(row: Any) -> QuerySet[Account]:
    """Office, convenors, members and leaders of groups whose mandates cover the place."""
    units = row.handling_unit_ids
    bound = Mandate.objects.in_force(timezone.localdate()).filter(organisation_id__in=units)
    return holders(row, *VERIFIERS).exclude(employer_id__in=units).exclude(pk__in=bound.values("account_id"))


@transaction.atomic
def plan_check(
    assignment: Assignment, *, actor: Account, planned_on: date, people: Iterable[Account], note_text: str = ""
) -> FieldCheck:
    """Who goes on which day, and what to look at."""
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, "plan_check", actor=actor)
    if planned_on is None or planned_on < timezone.localdate():
        raise Missing(planned_on=_("Choose today or a later day."))
    going = _going(assignment, people)
    check = FieldCheck(assignment=assignment, planned_on=planned_on, planned_by=actor, note=note_text.strip())
    check.full_clean(exclude=["assignment", "planned_by", "done_by"])
    check.save()
    check.people.set(going)
    note(
        assignment,
        "plan_check",
        actor=actor,
        reason=check.note,
        data={"check": str(check.uuid), "planned_on": planned_on.isoformat(), "n": len(going)},
        payload={"check_id": check.pk},
    )
    return check


@transaction.atomic
def plan_checks(
    rows: Iterable[Assignment], *, actor: Account, planned_on: date, people: Iterable[Account], note_text: str = ""
) -> list[FieldCheck]:
    """One round of visits: the same people see several assignments on one day."""
    chosen = {row.pk: row for row in rows}
    if not chosen:
        raise Missing(items=_("Choose at least one assignment."))
    if len(chosen) > MOST_CHECKS:
        raise Missing(items=_("At most %(most)s at once.") % {"most": MOST_CHECKS})
    going = list(people)
    words: dict[str, Any] = {"planned_on": planned_on, "people": going, "note_text": note_text}
    return [plan_check(chosen[pk], actor=actor, **words) for pk in sorted(chosen)]


def _going(assignment: Assignment, people: Iterable[Account]) -> list[Account]:
    going = list({account.pk: account for account in people}.values())
    if not going:
        raise Missing(people=_("Choose who goes."))
    if len(going) > MOST_PEOPLE:
        raise Missing(people=_("At most %(most)s people.") % {"most": MOST_PEOPLE})
    for account in going:
        may = account.mandate_for(*VERIFIERS, host_id=assignment.host_id, code=assignment.region_code)
        if may is None or not is_independent.test(account, assignment):
            raise Missing(people=_("%(name)s cannot look at the work of this unit.") % {"name": account})
    return going


@transaction.atomic
def record_check(
    assignment: Assignment,
    *,
    actor: Account,
    verdict: str,
    method: str,
    finding: str,
    check: FieldCheck | None = None,
    then: str = "",
    due_on: date | None = None,
    files: Iterable[Any] = (),
    client_id: UUID | None = None,
    on: date | None = None,
) -> FieldCheck:
    """What was found. It may be the verification, send the work back, or reopen what was closed, as he says."""
    if client_id is not None and (known := _sent_before(client_id, assignment, actor)) is not None:
        return known
    lock_topic(assignment.topic_id)
    assignment = lock_assignment(assignment.pk)
    if client_id is not None and (known := _sent_before(client_id, assignment, actor)) is not None:
        return known
    ASSIGNMENT_WORKFLOW.check(assignment, "record_check", actor=actor)
    on = business_date(on, assignment.issued_on)
    finding = need(finding, "finding", _("Say what was found."))
    if method not in Method.values:
        raise Missing(method=_("Say how it was verified: on site, by telephone or in a talk."))
    if verdict not in CheckVerdict.values:
        raise Missing(verdict=_("Say whether it is done."))
    _refuse_unfit(assignment, verdict, then, due_on)
    row = _row_of(assignment, check, actor, on)
    row.done_on, row.done_by, row.method, row.finding, row.verdict = on, actor, method, finding, verdict
    row.client_id = client_id
    row.full_clean(exclude=["assignment", "planned_by", "done_by", "verification", "client_id"])
    row.save()
    keep_files(row, files, AttachmentKind.PHOTO, actor=actor, within=assignment)
    data = {"check": str(row.uuid), "verdict": verdict, **({"then": then} if then else {})}
    note(assignment, "record_check", actor=actor, on=on, data=data, payload={"check_id": row.pk})
    _follow(assignment, row, then, due_on, actor=actor, on=on)
    return row


def _sent_before(client_id: UUID, assignment: Assignment, actor: Account) -> FieldCheck | None:
    known = FieldCheck.objects.filter(client_id=client_id).first()
    if known is not None and (known.assignment_id, known.done_by_id) != (assignment.pk, actor.pk):
        raise LostRace(_("This id was used for another visit. Make a new one."))
    return known


def _row_of(assignment: Assignment, check: FieldCheck | None, actor: Account, on: date) -> FieldCheck:
    """The visit that was planned, or one that nobody had planned."""
    if check is None:
        return FieldCheck(assignment=assignment, planned_on=on, planned_by=actor)
    row = FieldCheck.objects.select_for_update(of=("self",), no_key=True).get(pk=check.pk)
    if row.assignment_id != assignment.pk:
        raise Missing(check=_("This visit is about another assignment."))
    if not row.is_open:
        raise WrongState(_("This visit was recorded or called off already."))
    return row


def _refuse_unfit(assignment: Assignment, verdict: str, then: str, due_on: date | None) -> None:
    """«Done» verifies; «not done» sends back, or reopens what was closed."""
    state = assignment.state
    fits = {
        "": True,
        "verify": verdict == CheckVerdict.OK and state == AssignmentState.REPLIED,
        "rework": verdict == CheckVerdict.NOT_OK and state in (AssignmentState.REPLIED, AssignmentState.VERIFIED),
        "reopen": verdict == CheckVerdict.NOT_OK and state == AssignmentState.CLOSED,
    }
    if not fits.get(then, False):
        raise Missing(then=_("This does not follow from what was found, or not in the present state."))
    if then == "rework" and due_on is None:
        raise Missing(due_on=_("Give a new due date."))


def _follow(
    assignment: Assignment, row: FieldCheck, then: str, due_on: date | None, *, actor: Account, on: date
) -> None:
    if not then:
        return
    on = max(on, assignment.moved_on)
    if then == "verify":
        verify_assignment(assignment, actor=actor, method=row.method, finding=row.finding, on=on)
    elif then == "rework":
        rework_assignment(assignment, actor=actor, reason=row.finding[:300], due_on=due_on, method=row.method, on=on)
    else:
        reopen_assignment(assignment, actor=actor, reason=row.finding[:300], due_on=due_on, on=on)
    if then in ("verify", "rework"):
        row.verification = assignment.verifications.order_by("-pk").first()
        row.save(update_fields=["verification"])


@transaction.atomic
def drop_check(assignment: Assignment, *, actor: Account, check: FieldCheck, reason: str) -> FieldCheck:
    """The visit is called off; who was to go is told."""
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, "drop_check", actor=actor)
    row = _row_of(assignment, check, actor, timezone.localdate())
    row.drop_reason = need(reason, "reason", _("Say why it is called off."))
    row.dropped_on = timezone.localdate()
    row.save(update_fields=["dropped_on", "drop_reason"])
    data = {"check": str(row.uuid)}
    note(assignment, "drop_check", actor=actor, reason=row.drop_reason, data=data, payload={"check_id": row.pk})
    return row
