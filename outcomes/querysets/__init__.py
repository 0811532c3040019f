"""The vocabulary of reading outcomes, assignments and notices."""

from .assignments import AssignmentQuerySet
from .notices import NoticeQuerySet
from .outcomes import OutcomeQuerySet

__all__ = ["AssignmentQuerySet", "NoticeQuerySet", "OutcomeQuerySet"]
