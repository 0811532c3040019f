"""What happens to outcomes, assignments and notices: one public function per sentence of the procedure."""

from .assignments import annul, issue_assignment, reassign, send_back, sign_for
from .checks import drop_check, plan_check, plan_checks, record_check
from .closing import close_assignment, reopen_assignment
from .extensions import ask_extension, grant_extension, refuse_extension
from .handling import add_progress, confirm_reminders, reply_assignment, start
from .inviting import invitation_of, link_of, slips_of
from .links import make_link, renew_link, revoke_link
from .milestones import set_milestones
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
from .oversight import answer_assignment_note, urge_assignment
from .photos import add_photo
from .promises import enter_holiday_plan, settle_promises
from .rating import open_invitation, rate
from .satisfaction import (
    close_surveys,
    enter_forms,
    explain_dissatisfaction,
    record_satisfaction,
    reopen_unexplained,
)
from .urging import URGED, escalate, urge, urge_all, urge_named
from .verification import rework_assignment, verify_assignment

__all__ = [
    "URGED",
    "add_photo",
    "add_progress",
    "adopt_outcome",
    "annul",
    "answer_assignment_note",
    "answer_objection",
    "ask_extension",
    "close_assignment",
    "close_surveys",
    "confirm_reminders",
    "correct_notice",
    "draft_notice",
    "draft_outcome",
    "drop_check",
    "edit_notice",
    "edit_outcome",
    "enter_forms",
    "enter_holiday_plan",
    "escalate",
    "expire_notice",
    "expire_notices",
    "explain_dissatisfaction",
    "grant_extension",
    "invitation_of",
    "issue_assignment",
    "link_of",
    "make_link",
    "mask_notice",
    "note_outcome",
    "nothing_to_assign",
    "open_invitation",
    "plan_check",
    "plan_checks",
    "post_notice",
    "rate",
    "reassign",
    "record_benefits",
    "record_check",
    "record_objection",
    "record_satisfaction",
    "refuse_extension",
    "renew_link",
    "reopen_assignment",
    "reopen_unexplained",
    "reply_assignment",
    "return_notice",
    "review_notice",
    "revoke_link",
    "rework_assignment",
    "send_back",
    "set_milestones",
    "settle_promises",
    "sign_for",
    "slips_of",
    "start",
    "submit_outcome",
    "urge",
    "urge_all",
    "urge_named",
    "urge_assignment",
    "verify_assignment",
    "withdraw_notice",
]
