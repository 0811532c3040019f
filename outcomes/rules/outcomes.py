"""Who may do what with an outcome, one line per move of PROCEDURE «Outcome»."""

from __future__ import annotations

from typing import Any

import rules

from members.rules import holds
from members.states import Role
from outcomes.models import Outcome
from outcomes.states import OUTCOME_WORKFLOW
from sessions.models import ConsultSession
from sessions.states import SessionState


@rules.predicate
def records_session(actor: Any, outcome: Any) -> bool:
    """He recorded a session that was held on the matter; to be a recorder is a relation, not a mandate."""
    held = ConsultSession.objects.filter(recorder=actor, state=SessionState.HELD)
    return held.filter(session_topics__topic_id=outcome.topic_id).exists()


@rules.predicate
def drafts(actor: Any, outcome: Any) -> bool:
    return outcome.drafted_by_id == actor.pk


@rules.predicate
def sees(actor: Any, outcome: Any) -> bool:
    """The queryset answers, so that list and page cannot disagree."""
    return Outcome.objects.visible_to(actor).filter(pk=outcome.pk).exists()


office = holds(Role.OFFICE)

#: Whose mandate the record names for a move.
ROLES: dict[str, tuple[str, ...]] = {step.verb: (Role.OFFICE,) for step in OUTCOME_WORKFLOW}

rules.add_perm("outcomes.view_outcome", sees)
rules.add_perm("outcomes.draft_outcome_outcome", office | records_session)
rules.add_perm("outcomes.edit_outcome_outcome", office | drafts)
rules.add_perm("outcomes.submit_outcome_outcome", office)
rules.add_perm("outcomes.adopt_outcome_outcome", office)
rules.add_perm("outcomes.note_outcome_outcome", office)
rules.add_perm("outcomes.nothing_to_assign_outcome", office)
rules.add_perm("outcomes.record_benefits_outcome", office)
rules.add_perm("outcomes.enter_forms_outcome", office)
rules.add_perm("outcomes.record_satisfaction_outcome", office)
rules.add_perm("outcomes.explain_dissatisfaction_outcome", office)
