"""What pages ask for, one form per move; ``FORMS`` names them by verb."""

from .assignments import ASSIGNMENT_FORMS, IssueForm
from .desk import DESK_FORMS
from .outcomes import OUTCOME_FORMS, DraftOutcomeForm

__all__ = ["ASSIGNMENT_FORMS", "DESK_FORMS", "OUTCOME_FORMS", "DraftOutcomeForm", "IssueForm"]
