"""Somebody other than the handling unit goes and looks."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consult.errors import Missing
from consult.files.models import AttachmentKind
from members.models import Account, Organisation
from outcomes.models import Assignment, Verification
from outcomes.services.moving import begin, finish, keep_files, need, promise
from outcomes.states import Method


@transaction.atomic
def verify_assignment(
    assignment: Assignment,
    *,
    actor: Account,
    method: str,
    finding: str,
    verified_name: str = "",
    files: Iterable[Any] = (),
    date: datetime.date | None = None,
    on: datetime.date | None = None,
) -> Verification:
    """Seen on site, asked by telephone or in a talk: what was found. Never by the unit, nor by who works there."""
    assignment, on = begin(assignment, "verify", actor=actor, on=on or date)
    finding = need(finding, "finding", _("Say what was found."))
    if method not in Method.values:
        raise Missing(method=_("Say how it was verified: on site, by telephone or in a talk."))
    _refuse_handling_unit(assignment, verified_name)
    verification = _write(assignment, actor, on, method=method, finding=finding, name=verified_name, passed=True)
    keep_files(verification, files, AttachmentKind.PHOTO, actor=actor, within=assignment)
    finish(
        assignment,
        "verify",
        actor=actor,
        on=on,
        data={"verification": str(verification.uuid)},
        on_behalf_of=verified_name.strip(),
    )
    return verification


@transaction.atomic
def rework_assignment(
    assignment: Assignment,
    *,
    actor: Account,
    reason: str,
    due_on: datetime.date,
    method: str = "",
    verified_name: str = "",
    on: datetime.date | None = None,
) -> Assignment:
    """It is not done: back to the unit with what was found and a new due date."""
    assignment, on = begin(assignment, "rework", actor=actor, on=on)
    reason = need(reason, "reason", _("Say what is not done."))
    if due_on is None or due_on < on:
        raise Missing(due_on=_("Give a new due date from %(day)s on.") % {"day": on.isoformat()})
    _refuse_handling_unit(assignment, verified_name)
    _write(assignment, actor, on, method=method, finding=reason, name=verified_name, passed=False)
    return finish(
        assignment,
        "rework",
        actor=actor,
        on=on,
        reason=reason,
        on_behalf_of=verified_name.strip(),
        **promise(assignment, due_on),
    )


def _refuse_handling_unit(assignment: Assignment, name: str) -> None:
    """A paper that names the lead or an assisting unit as its own verifier is refused."""
    if name.strip() and Organisation.objects.filter(pk__in=assignment.handling_unit_ids, name=name.strip()).exists():
        raise Missing(
            verification=_("%(unit)s handles the assignment; it cannot verify its own work.") % {"unit": name.strip()}
        )


def _write(
    assignment: Assignment,
    actor: Account,
    on: datetime.date,
    *,
    method: str,
    finding: str,
    name: str,
    passed: bool,
) -> Verification:
    verification = Verification(
        assignment=assignment,
        reply=assignment.replies.last(),
        date=on,
        method=method,
        finding=finding,
        passed=passed,
        verified_by=actor,
        verified_name=name.strip(),
    )
    verification.full_clean(exclude=["assignment", "reply", "verified_by"])
    verification.save()
    return verification
