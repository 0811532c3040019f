"""What happens to outcomes, assignments and notices: one public function per sentence of the procedure."""

from .assignments import annul, issue_assignment, reassign, send_back, sign_for
from .closing import close_assignment, reopen_assignment
from .extensions import ask_extension, grant_extension, refuse_extension
from .handling import add_progress, confirm_reminders, reply_assignment, start
from .notices import (
    answer_objection,
    correct_notice,
    draft_notice,
    edit_notice,
    expire_notice,
    expire_notices,
    mask_notice,
    post_notice,
    record_objection,
    return_notice,
    review_notice,
    withdraw_notice,
)
from .outcomes import (
    adopt_outcome,
    draft_outcome,
    edit_outcome,
    note_outcome,
    nothing_to_assign,
    record_benefits,
    submit_outcome,
)
from .photos import add_photo
from .promises import enter_holiday_plan, settle_promises
from .satisfaction import explain_dissatisfaction, record_satisfaction, reopen_unexplained
from .verification import rework_assignment, verify_assignment

__all__ = [
    "add_photo",
    "add_progress",
    "adopt_outcome",
    "annul",
    "answer_objection",
    "ask_extension",
    "close_assignment",
    "confirm_reminders",
    "correct_notice",
    "draft_notice",
    "draft_outcome",
    "edit_notice",
    "edit_outcome",
    "enter_holiday_plan",
    "expire_notice",
    "expire_notices",
    "explain_dissatisfaction",
    "grant_extension",
    "issue_assignment",
    "mask_notice",
    "note_outcome",
    "nothing_to_assign",
    "post_notice",
    "reassign",
    "record_benefits",
    "record_objection",
    "record_satisfaction",
    "refuse_extension",
    "reopen_assignment",
    "reopen_unexplained",
    "reply_assignment",
    "return_notice",
    "review_notice",
    "rework_assignment",
    "send_back",
    "settle_promises",
    "sign_for",
    "start",
    "submit_outcome",
    "verify_assignment",
    "withdraw_notice",
]
