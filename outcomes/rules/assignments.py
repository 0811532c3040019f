"""Who may do what with an assignment, one line per move of PROCEDURE «Assignment»."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import F, Q

from consult.workflow import four_eyes
from members.models import Organisation
from members.rules import holds
from members.states import Role
from outcomes.models import Assignment
from topics.rules import oversees


@rules.predicate
def handles(actor: Any, assignment: Any) -> bool:
    """Liaison of the lead unit: signs for it, answers for it."""
    return actor.mandate_for(Role.LIAISON, organisation_ids={assignment.lead_unit_id}) is not None


@rules.predicate
def assists(actor: Any, assignment: Any) -> bool:
    """Liaison of the lead unit or of one that assists: may report progress."""
    return actor.mandate_for(Role.LIAISON, organisation_ids=assignment.handling_unit_ids) is not None


@rules.predicate
def is_independent(actor: Any, assignment: Any) -> bool:
    """Nobody of the lead or an assisting unit verifies, nor a member employed there (declared interest)."""
    if not actor.is_authenticated:
        return True  # nobody's employee; the right itself is refused
    return not assignment.handling_unit_ids & belongs_to(actor)


def belongs_to(actor: Any) -> set[int]:
    """The organisations somebody speaks or works for: by mandate, by his employer, by his employer as a member."""
    mandated = {mandate.organisation_id for mandate in actor.mandates_now()}
    return {*mandated, actor.employer_id, *_workplaces(actor)} - {None}


def _workplaces(actor: Any) -> list[int]:
    """A member whose workplace is written down by its name only is bound all the same; asked once per request."""
    if "_workplaces" not in actor.__dict__:
        employed = Q(employed_members__account=actor)
        named = Q(host__members__account=actor, host__members__workplace=F("name"))
        actor.__dict__["_workplaces"] = list(Organisation.objects.filter(employed | named).values_list("pk", flat=True))
    return actor.__dict__["_workplaces"]


@rules.predicate
def reads_names(actor: Any, assignment: Any) -> bool:
    """A supervising CPPCC reads the work, not who did it."""
    named = [mandate for mandate in actor.mandates_now() if mandate.role != Role.SUPERVISOR]
    return bool(named) or not actor.prefixes(Role.SUPERVISOR)


@rules.predicate
def sees(actor: Any, assignment: Any) -> bool:
    """The queryset answers, so that list and page cannot disagree."""
    return Assignment.objects.visible_to(actor).filter(pk=assignment.pk).exists()


VERIFIERS = (Role.CONVENOR, Role.MEMBER, Role.GROUP_LEADER, Role.OFFICE)
ISSUERS = (Role.OFFICE, Role.SUPERVISION_OFFICE)
PLANNERS = (*ISSUERS, Role.CONVENOR)

office = holds(Role.OFFICE)
issues, plans, verifies = holds(*ISSUERS), holds(*PLANNERS), holds(*VERIFIERS)

#: Whose mandate the record names for a move; moves of the unit are not listed, its liaison makes them.
ROLES: dict[str, tuple[str, ...]] = {
    "issue": ISSUERS,
    "verify": VERIFIERS,
    "rework": VERIFIERS,
    "close": ISSUERS,
    "urge": ISSUERS,
    "escalate": ISSUERS,
    "plan_check": PLANNERS,
    "record_check": VERIFIERS,
    "drop_check": PLANNERS,
}

rules.add_perm("outcomes.view_assignment", sees)
rules.add_perm("outcomes.see_names_assignment", reads_names)
rules.add_perm("outcomes.issue_assignment", issues)
# the office stands beside the liaison where it records the unit's paper
rules.add_perm("outcomes.sign_for_assignment", handles | office)
rules.add_perm("outcomes.send_back_assignment", handles | office)
rules.add_perm("outcomes.reassign_assignment", office)
rules.add_perm("outcomes.annul_assignment", office)
rules.add_perm("outcomes.start_assignment", handles | office)
rules.add_perm("outcomes.add_progress_assignment", assists | office)
rules.add_perm("outcomes.ask_extension_assignment", handles | office)
rules.add_perm("outcomes.grant_assignment", office)
rules.add_perm("outcomes.refuse_assignment", office)
rules.add_perm("outcomes.reply_assignment", handles | office)
rules.add_perm("outcomes.verify_assignment", verifies)
rules.add_perm("outcomes.rework_assignment", verifies)
rules.add_perm("outcomes.close_assignment", issues)
rules.add_perm("outcomes.reopen_assignment", office)
rules.add_perm("outcomes.confirm_reminders_assignment", office)
rules.add_perm("outcomes.urge_note_assignment", oversees)
rules.add_perm("outcomes.answer_note_assignment", office)
rules.add_perm("outcomes.set_milestones_assignment", handles | office)
rules.add_perm("outcomes.urge_assignment", issues)
rules.add_perm("outcomes.escalate_assignment", issues)
rules.add_perm("outcomes.plan_check_assignment", plans)
rules.add_perm("outcomes.record_check_assignment", verifies)
rules.add_perm("outcomes.drop_check_assignment", plans)
rules.add_perm("outcomes.make_link_assignment", office)
rules.add_perm("outcomes.renew_link_assignment", office)
rules.add_perm("outcomes.revoke_link_assignment", office)

four_eyes("outcomes.verify_assignment", is_independent)
four_eyes("outcomes.rework_assignment", is_independent)
four_eyes("outcomes.record_check_assignment", is_independent)
