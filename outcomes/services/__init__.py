"""What happens to outcomes, assignments and notices: one public function per sentence of the procedure."""

from .assignments import annul, issue_assignment, reassign, send_back, sign_for
from .closing import close_assignment, reopen_assignment
from .extensions import ask_extension, grant_extension, refuse_extension
from .handling import add_progress, confirm_reminders, reply_assignment, start
from .outcomes import (
    adopt_outcome,
    draft_outcome,
    edit_outcome,
    note_outcome,
    nothing_to_assign,
    record_benefits,
    submit_outcome,
)
from .satisfaction import explain_dissatisfaction, record_satisfaction, reopen_unexplained
from .verification import rework_assignment, verify_assignment

__all__ = [
    "add_progress",
    "adopt_outcome",
    "annul",
    "ask_extension",
    "close_assignment",
    "confirm_reminders",
    "draft_outcome",
    "edit_outcome",
    "explain_dissatisfaction",
    "grant_extension",
    "issue_assignment",
    "note_outcome",
    "nothing_to_assign",
    "reassign",
    "record_benefits",
    "record_satisfaction",
    "refuse_extension",
    "reopen_assignment",
    "reopen_unexplained",
    "reply_assignment",
    "rework_assignment",
    "send_back",
    "sign_for",
    "start",
    "submit_outcome",
    "verify_assignment",
]
