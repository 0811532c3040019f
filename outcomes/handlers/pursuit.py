"""Who is told when somebody urges, or plans a visit. Twice run, the inbox keeps one item per account and key."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consult.delivery import tell_all
from consult.outbox import handles
from outcomes.models import FieldCheck, Urging
from outcomes.services.urging import reached_by
from outcomes.states import UrgingKind


@handles("assignment.urge", "assignment.escalate")
def deliver(event: Any) -> None:
    """One notice for each person: the letter itself, in the words that were sent."""
    letter = Urging.objects.select_related("assignment__lead_unit", "assignment__topic").get(
        pk=event.payload["urging_id"]
    )
    assignment = letter.assignment
    is_urging = letter.kind == UrgingKind.URGE
    title = _("The office urges: %(matter)s") if is_urging else _("Reported to you: %(matter)s (%(unit)s)")
    tell_all(
        [account for account in reached_by(assignment, letter.kind) if account.pk != event.payload["actor_id"]],
        key=f"{event.name}:{letter.pk}",
        title=title % {"matter": assignment.matter, "unit": assignment.lead_unit},
        body=letter.text,
        url=assignment.get_absolute_url(),
        event=event,
        kind="urge" if is_urging else "report",
        facts={
            "matter": assignment.matter,
            "unit": assignment.lead_unit.name,
            "number": assignment.number,
            "due": assignment.due_on,
        },
    )


@handles("assignment.plan_check", "assignment.drop_check")
def tell_visitors(event: Any) -> None:
    """Who is to go is told, and told when he need not."""
    check = FieldCheck.objects.select_related("assignment__lead_unit").get(pk=event.payload["check_id"])
    planned = event.name == "assignment.plan_check"
    title = _("Visit on %(day)s: %(matter)s") if planned else _("Visit called off: %(matter)s")
    tell_all(
        [account for account in check.people.filter(is_active=True) if account.pk != event.payload["actor_id"]],
        key=f"{event.name}:{check.pk}",
        title=title % {"day": check.planned_on, "matter": check.assignment.matter},
        body=(check.note if planned else check.drop_reason) or str(check.assignment.lead_unit),
        url=check.get_absolute_url() if planned else reverse("outcomes:checks"),
        event=event,
    )
