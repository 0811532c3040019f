"""Asking for more time; the first due date stays visible."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from consult.errors import Missing, WrongState
from members.models import Account
from outcomes.models import Assignment, Extension
from outcomes.services.moving import begin, finish, for_the_unit, need, promise
from outcomes.states import ExtensionState


@transaction.atomic
def ask_extension(
    assignment: Assignment, *, actor: Account, due_wanted: date, reason: str, on: date | None = None
) -> Extension:
    """The unit asks for a later day and says why."""
    assignment, on = begin(assignment, "ask_extension", actor=actor, on=on)
    reason = need(reason, "reason", _("Say why more time is needed."))
    if due_wanted is None or due_wanted <= assignment.due_on:
        raise Missing(due_wanted=_("Ask for a day after %(day)s.") % {"day": assignment.due_on.isoformat()})
    if assignment.extensions.filter(state=ExtensionState.ASKED).exists():
        raise WrongState(_("An extension has been asked for already and waits for its answer."))
    extension = Extension(
        assignment=assignment,
        asked_on=on,
        asked_by=actor,
        due_before=assignment.due_on,
        due_wanted=due_wanted,
        reason=reason,
    )
    extension.full_clean(exclude=["assignment", "asked_by"])
    extension.save()
    finish(
        assignment,
        "ask_extension",
        actor=actor,
        on=on,
        reason=reason,
        data={"due_wanted": due_wanted.isoformat()},
        on_behalf_of=for_the_unit(actor, assignment),
    )
    return extension


@transaction.atomic
def grant_extension(
    assignment: Assignment, *, actor: Account, due_on: date | None = None, reason: str = "", on: date | None = None
) -> Assignment:
    """The office gives the time asked for, or less."""
    assignment, on = begin(assignment, "grant", actor=actor, on=on)
    extension = _asked(assignment)
    due_on = due_on or extension.due_wanted
    if due_on <= assignment.due_on or due_on > extension.due_wanted:
        raise Missing(
            due_on=_("Grant a day after %(old)s and not after %(wanted)s, the day asked for.")
            % {"old": assignment.due_on.isoformat(), "wanted": extension.due_wanted.isoformat()}
        )
    _decide(extension, ExtensionState.GRANTED, actor=actor, on=on, reason=reason)
    earlier = assignment.due_on.isoformat()
    return finish(
        assignment,
        "grant",
        actor=actor,
        on=on,
        reason=reason.strip(),
        data={"earlier": earlier, "due_on": due_on.isoformat()},
        **promise(assignment, due_on),
    )


@transaction.atomic
def refuse_extension(assignment: Assignment, *, actor: Account, reason: str, on: date | None = None) -> Assignment:
    """The day stays; the unit is told why."""
    assignment, on = begin(assignment, "refuse", actor=actor, on=on)
    extension = _asked(assignment)
    reason = need(reason, "reason", _("Say why the day stays."))
    _decide(extension, ExtensionState.REFUSED, actor=actor, on=on, reason=reason)
    return finish(assignment, "refuse", actor=actor, on=on, reason=reason)


def _asked(assignment: Assignment) -> Extension:
    extension = assignment.extensions.filter(state=ExtensionState.ASKED).first()
    if extension is None:
        raise WrongState(_("No extension has been asked for."))
    return extension


def _decide(extension: Extension, state: str, *, actor: Account, on: date, reason: str) -> None:
    extension.state, extension.decided_on, extension.decided_by = state, on, actor
    extension.decision_reason = reason.strip()
    extension.clean_fields(exclude=["assignment", "asked_by", "decided_by"])
    extension.save(update_fields=["state", "decided_on", "decided_by", "decision_reason"])
