"""Every table of moves in the house: nothing unreachable, nothing unknown, its ends as the procedure says."""

import pytest
import rules
from django.utils.functional import Promise

from outcomes.states import (
    ASSIGNMENT_WORKFLOW,
    NOTICE_WORKFLOW,
    OUTCOME_WORKFLOW,
    AssignmentState,
    NoticeState,
    OutcomeState,
)
from sessions.states import MINUTES_WORKFLOW, SESSION_WORKFLOW, MinutesState, SessionState
from tests.factories.workflows import unknown, unreachable
from topics.states import TOPIC_WORKFLOW, TopicState

TABLES = [
    (TOPIC_WORKFLOW, TopicState, ["draft"], {"withdrawn"}),
    (SESSION_WORKFLOW, SessionState, [], {"held", "cancelled"}),
    (MINUTES_WORKFLOW, MinutesState, [], {"signed"}),
    (OUTCOME_WORKFLOW, OutcomeState, [], {"adopted", "noted"}),
    (ASSIGNMENT_WORKFLOW, AssignmentState, [], {"annulled"}),
    (NOTICE_WORKFLOW, NoticeState, [], {"withdrawn"}),
]
NOUNS = [table[0].noun for table in TABLES]


@pytest.mark.parametrize(("workflow", "states", "start", "finals"), TABLES, ids=NOUNS)
def test_every_state_is_reached_and_the_ends_are_those_of_the_procedure(workflow, states, start, finals):
    assert unreachable(workflow, states.values, start) == set()
    assert unknown(workflow, states.values) == set()
    assert workflow.finals() == finals


@pytest.mark.parametrize(("workflow", "states", "start", "finals"), TABLES, ids=NOUNS)
def test_every_move_has_a_right_and_a_translated_label(workflow, states, start, finals):
    without = [step.verb for step in workflow if not step.driven and not rules.perm_exists(workflow.perm(step.verb))]
    assert without == []
    assert all(isinstance(step.label, Promise) for step in workflow)
