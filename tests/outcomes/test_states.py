"""The tables of moves as facts: every state can be reached, and which are final."""

from outcomes.states import ASSIGNABLE, ASSIGNMENT_WORKFLOW, OUTCOME_WORKFLOW, AssignmentState, OutcomeState

#: verb -> from, to («=» the state stays)
ASSIGNMENT_MOVES = {
    "issue": ("", "issued"),
    "sign_for": ("issued", "accepted"),
    "send_back": ("issued", "sent_back"),
    "reassign": ("issued sent_back", "issued"),
    "annul": ("accepted in_progress issued replied sent_back", "annulled"),
    "start": ("accepted", "in_progress"),
    "add_progress": ("in_progress", "="),
    "ask_extension": ("in_progress", "="),
    "grant": ("in_progress", "="),
    "refuse": ("in_progress", "="),
    "reply": ("in_progress", "replied"),
    "verify": ("replied", "verified"),
    "rework": ("replied verified", "in_progress"),
    "close": ("verified", "closed"),
    "reopen": ("closed", "in_progress"),
    "confirm_reminders": ("accepted in_progress issued", "="),
    "set_milestones": ("accepted in_progress", "="),
    "urge": ("accepted in_progress issued", "="),
    "escalate": ("accepted in_progress issued", "="),
    "plan_check": ("accepted closed in_progress issued replied verified", "="),
    "record_check": ("accepted closed in_progress issued replied verified", "="),
    "drop_check": ("accepted closed in_progress issued replied sent_back verified", "="),
    "make_link": ("accepted in_progress issued", "="),
    "renew_link": ("accepted in_progress issued", "="),
    "revoke_link": ("accepted closed in_progress issued replied sent_back verified", "="),
    "urge_note": ("accepted annulled closed in_progress issued replied sent_back verified", "="),
    "answer_note": ("accepted annulled closed in_progress issued replied sent_back verified", "="),
    "settle_due": ("accepted in_progress issued sent_back", "="),
}
OUTCOME_MOVES = {
    "draft_outcome": ("", "drafted"),
    "edit_outcome": ("drafted", "="),
    "submit_outcome": ("drafted", "submitted"),
    "adopt_outcome": ("submitted", "adopted"),
    "note_outcome": ("submitted", "noted"),
    "nothing_to_assign": ("adopted noted submitted", "="),
    "record_benefits": ("adopted noted submitted", "="),
    "enter_forms": ("adopted noted submitted", "="),
    "record_satisfaction": ("adopted noted submitted", "="),
    "explain_dissatisfaction": ("adopted noted submitted", "="),
}


def as_table(workflow):
    return {step.verb: (" ".join(sorted(step.sources)), step.target or "=") for step in workflow}


def test_the_moves_of_an_assignment():
    assert as_table(ASSIGNMENT_WORKFLOW) == ASSIGNMENT_MOVES


def test_the_moves_of_an_outcome():
    assert as_table(OUTCOME_WORKFLOW) == OUTCOME_MOVES


def test_every_state_can_be_reached_and_annulled_is_final():
    assert ASSIGNMENT_WORKFLOW.reachable_from("issued") == set(AssignmentState.values)
    assert ASSIGNMENT_WORKFLOW.finals() == {"annulled"}
    assert OUTCOME_WORKFLOW.reachable_from("drafted") == set(OutcomeState.values) - {"drafted"}
    assert OUTCOME_WORKFLOW.finals() == {"adopted", "noted"}


def test_from_which_outcomes_something_may_be_assigned():
    assert ASSIGNABLE == {"formal": ("adopted",), "micro": ("submitted", "adopted", "noted")}
