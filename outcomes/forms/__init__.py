"""What pages ask for, one form per move; ``FORMS`` names them by verb."""

from .assignments import ASSIGNMENT_FORMS as _OF_ASSIGNMENTS
from .assignments import IssueForm
from .desk import DESK_FORMS
from .outcomes import OUTCOME_FORMS, DraftOutcomeForm
from .pursuit import PURSUIT_FORMS, PlanRoundForm, UrgeAllForm

ASSIGNMENT_FORMS = {**_OF_ASSIGNMENTS, **PURSUIT_FORMS}

__all__ = [
    "ASSIGNMENT_FORMS",
    "DESK_FORMS",
    "OUTCOME_FORMS",
    "DraftOutcomeForm",
    "IssueForm",
    "PlanRoundForm",
    "UrgeAllForm",
]
