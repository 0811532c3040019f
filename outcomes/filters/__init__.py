"""One FilterSet for page and API: the same parameters find the same rows."""

from .assignments import AssignmentFilter, AssignmentPageFilter
from .outcomes import OutcomeFilter, OutcomePageFilter

__all__ = ["AssignmentFilter", "AssignmentPageFilter", "OutcomeFilter", "OutcomePageFilter"]
