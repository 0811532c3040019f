"""Who is told about assignments. Every handler may run twice; the inbox keeps one item per account and key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from consult.delivery import tell_all
from consult.outbox import handles
from members.states import Role
from outcomes.models import Assignment
from outcomes.people import (
    assisting_people,
    claimers,
    holders,
    unit_or_office,
    unit_people,
)
from outcomes.services.promises import settle_promises


def _assignment(event: Any) -> Assignment:
    rows = Assignment.objects.select_related("topic", "lead_unit", "host")
    return rows.get(pk=event.payload["assignment_id"])


def _tell(event: Any, assignment: Assignment, people: Iterable[Any], title: str, body: str = "") -> None:
    """Nobody is told of what he did himself."""
    others = [account for account in people if account.pk != event.payload["actor_id"]]
    tell_all(
        others,
        key=f"{event.name}:{event.pk}",
        title=title % {"matter": assignment.matter, "unit": assignment.lead_unit, "number": assignment.number},
        body=body or _("From “%(topic)s”, due on %(day)s.") % {"topic": assignment.topic, "day": assignment.due_on},
        url=assignment.get_absolute_url(),
        event=event,
    )


@handles("assignment.issue", "assignment.reassign")
def hand_over(event: Any) -> None:
    """The units are told; where a unit has no account, the office hands the slip over on paper."""
    assignment = _assignment(event)
    own = list(unit_people(assignment.lead_unit_id))
    _tell(event, assignment, own, _("Sign for %(number)s: %(matter)s"))
    _tell(event, assignment, assisting_people(assignment), _("Your unit assists: %(matter)s"))
    if not own:
        office = holders(assignment, Role.OFFICE)
        _tell(event, assignment, office, _("%(unit)s has no account: hand over %(number)s on paper"))


@handles("assignment.send_back")
def tell_sent_back(event: Any) -> None:
    assignment = _assignment(event)
    words = _("%(reason)s It says this belongs to %(proper)s.") % {
        "reason": assignment.send_back_reason,
        "proper": assignment.proper_unit,
    }
    _tell(event, assignment, holders(assignment, Role.OFFICE), _("%(unit)s sent back: %(matter)s"), words)


@handles("assignment.annul")
def tell_annulled(event: Any) -> None:
    assignment = _assignment(event)
    people = [*unit_people(assignment.lead_unit_id), *assisting_people(assignment)]
    _tell(event, assignment, people, _("Annulled: %(matter)s"))


@handles("assignment.ask_extension")
def tell_asked(event: Any) -> None:
    assignment = _assignment(event)
    _tell(event, assignment, holders(assignment, Role.OFFICE), _("%(unit)s asks for more time: %(matter)s"))


@handles("calendar.load_plan")
def settle(event: Any) -> None:
    """The year's holidays are known now: dates that were counted by guess become final."""
    settle_promises(event.host_id, event.payload["year"])


@handles("assignment.settle_due")
def tell_settled(event: Any) -> None:
    assignment = _assignment(event)
    people = unit_or_office(assignment, Role.LIAISON)
    _tell(event, assignment, people, _("The holiday plan moved the due date: %(matter)s"))


@handles("assignment.grant")
def tell_granted(event: Any) -> None:
    assignment = _assignment(event)
    _tell(event, assignment, unit_or_office(assignment, Role.LIAISON), _("More time granted: %(matter)s"))


@handles("assignment.refuse")
def tell_refused(event: Any) -> None:
    assignment = _assignment(event)
    _tell(event, assignment, unit_or_office(assignment, Role.LIAISON), _("The day stays: %(matter)s"))


@handles("assignment.reply")
def tell_replied(event: Any) -> None:
    """Those who may go and look: office, convenor, and who took the matter up."""
    assignment = _assignment(event)
    people = [*holders(assignment, Role.OFFICE, Role.CONVENOR), *claimers(assignment.topic)]
    _tell(event, assignment, people, _("Verify what %(unit)s says is done: %(matter)s"))


@handles("assignment.verify")
def tell_verified(event: Any) -> None:
    assignment = _assignment(event)
    people = holders(assignment, Role.OFFICE, Role.SUPERVISION_OFFICE)
    _tell(event, assignment, people, _("Verified, can be closed out: %(matter)s"))


@handles("assignment.rework", "assignment.reopen")
def tell_rework(event: Any) -> None:
    assignment = _assignment(event)
    people = [*unit_or_office(assignment, Role.LIAISON, Role.UNIT_CHIEF), *assisting_people(assignment)]
    _tell(event, assignment, people, _("To be worked on again: %(matter)s"))
    if event.name == "assignment.reopen":
        known = {account.pk for account in people}
        office = [account for account in holders(assignment, Role.OFFICE) if account.pk not in known]
        _tell(event, assignment, office, _("Reopened: %(matter)s"))


@handles("assignment.close")
def tell_closed(event: Any) -> None:
    assignment = _assignment(event)
    _tell(event, assignment, unit_people(assignment.lead_unit_id), _("Closed out: %(matter)s"))
