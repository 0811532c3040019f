"""Outcome, assignment and public notice: their states and the tables of their moves (PROCEDURE)."""

from copy import copy
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.workflow import Transition, Workflow, move


class OutcomeState(TextChoices):
    DRAFTED = "drafted", pgettext_lazy("outcome", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("outcome", "Submitted")
    ADOPTED = "adopted", pgettext_lazy("outcome", "Adopted")
    NOTED = "noted", pgettext_lazy("outcome", "Noted")


class Effect(TextChoices):
    EXPLAINED = "explained", _("Policy explained")
    CALMED = "calmed", _("Feelings calmed")
    RESOLVED = "resolved", _("Dispute resolved")
    CONSENSUS = "consensus", _("Consensus built")


class ProductKind(TextChoices):
    VILLAGE_RULES = "village_rules", _("Village rules")
    MECHANISM = "mechanism", _("Mechanism")
    AGREEMENT = "agreement", _("Agreement")


class AssignmentState(TextChoices):
    ISSUED = "issued", pgettext_lazy("assignment", "To be signed for")
    ACCEPTED = "accepted", pgettext_lazy("assignment", "Signed for")
    SENT_BACK = "sent_back", pgettext_lazy("assignment", "Sent back")
    IN_PROGRESS = "in_progress", pgettext_lazy("assignment", "In hand")
    REPLIED = "replied", pgettext_lazy("assignment", "To be verified")
    VERIFIED = "verified", pgettext_lazy("assignment", "Verified")
    CLOSED = "closed", pgettext_lazy("assignment", "Closed out")
    ANNULLED = "annulled", pgettext_lazy("assignment", "Annulled")


class FundsKind(TextChoices):
    BUDGET = "budget", _("Budget")
    ENTERPRISE = "enterprise", _("Enterprise")
    DONATION = "donation", _("Donation")
    IN_KIND = "in_kind", _("In kind")
    OTHER = "other", _("Other")


class ReplyClass(TextChoices):
    A = "A", _("A solved")
    B = "B", _("B under way")
    C = "C", _("C planned")
    D = "D", _("D cannot now")


class Method(TextChoices):
    SITE = "site", _("On site")
    PHONE = "phone", _("By telephone")
    MEETING = "meeting", _("In a talk")


class UrgingKind(TextChoices):
    URGE = "urge", _("Urged")
    ESCALATE = "escalate", _("Told those above")


class CheckVerdict(TextChoices):
    OK = "ok", _("It is done")
    NOT_OK = "not_ok", _("It is not done")


class ExtensionState(TextChoices):
    ASKED = "asked", _("Asked")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    LAPSED = "lapsed", _("Lapsed")


class RaiserVerdict(TextChoices):
    """What the raiser himself says of the result; his "not satisfied" reopens the work."""

    SATISFIED = "satisfied", _("Satisfied")
    BASICALLY = "basically", _("Basically satisfied")
    UNSATISFIED = "unsatisfied", _("Not satisfied")


class NoticeState(TextChoices):
    DRAFTED = "drafted", pgettext_lazy("notice", "Draft")
    REVIEWED = "reviewed", pgettext_lazy("notice", "To be posted")
    POSTED = "posted", pgettext_lazy("notice", "Posted")
    EXPIRED = "expired", pgettext_lazy("notice", "Period over")
    WITHDRAWN = "withdrawn", pgettext_lazy("notice", "Taken down")


class NoticeKind(TextChoices):
    TOPIC = "topic", _("Topic notice")
    ANNOUNCEMENT = "announcement", pgettext_lazy("notice", "Announcement")
    OUTCOME = "outcome", _("Outcome notice")
    PROGRESS = "progress", _("Progress notice")


class SecrecyConclusion(TextChoices):
    OPEN = "open", _("May be published")
    NOT_OPEN = "not_open", _("Not to be published")
    ASK = "ask", _("To be submitted for approval")


class OfferingWorkflow(Workflow):
    """Offers no button that the row itself rules out (no extension was asked for, nothing is left to explain)."""

    def available(self, subject: Any, actor: Any) -> list[Transition]:
        return [step for step in super().available(subject, actor) if subject.offers(step.verb)]


class AssignmentWorkflow(OfferingWorkflow):
    """The first progress, extension or reply implies the start, so they are possible once it is signed for."""

    def check(self, subject: Any, verb: str, *, actor: Any) -> Transition:
        if verb in IMPLIES_START and subject.state == AssignmentState.ACCEPTED:
            subject = copy(subject)
            subject.state = AssignmentState.IN_PROGRESS
        return super().check(subject, verb, actor=actor)

    def available(self, subject: Any, actor: Any) -> list[Transition]:
        offered = super().available(subject, actor)
        if subject.state == AssignmentState.ACCEPTED:
            offered += [
                step for step in self if step.verb in IMPLIES_START and actor.has_perm(self.perm(step.verb), subject)
            ]
        return offered


O = OutcomeState  # noqa: E741  as S, A and N in the tables beside it
OUTCOME_WORKFLOW = OfferingWorkflow(
    "outcome",
    "outcomes",
    move("draft_outcome", _("Draft the outcome"), set(), O.DRAFTED),
    move("edit_outcome", _("Edit the outcome"), {O.DRAFTED}, None),
    move("submit_outcome", pgettext_lazy("outcome", "Submit"), {O.DRAFTED}, O.SUBMITTED, style="ink"),
    move("adopt_outcome", _("Record the adoption"), {O.SUBMITTED}, O.ADOPTED, style="ink"),
    move("note_outcome", _("Record as noted"), {O.SUBMITTED}, O.NOTED),
    move("nothing_to_assign", _("Nothing to assign"), {O.SUBMITTED, O.ADOPTED, O.NOTED}, None),
    move("record_benefits", _("Record what residents got"), {O.SUBMITTED, O.ADOPTED, O.NOTED}, None),
    move("enter_forms", _("Enter paper forms"), {O.SUBMITTED, O.ADOPTED, O.NOTED}, None),
    move("record_satisfaction", _("Record satisfaction"), {O.SUBMITTED, O.ADOPTED, O.NOTED}, None),
    move("explain_dissatisfaction", _("File an explanation"), {O.SUBMITTED, O.ADOPTED, O.NOTED}, None),
)

#: From which states something may be assigned: a formal outcome is adopted first, a micro one submitted.
ASSIGNABLE = {"formal": (O.ADOPTED,), "micro": (O.SUBMITTED, O.ADOPTED, O.NOTED)}

A = AssignmentState
#: States in which the unit still owes something: the ladder runs, lateness counts.
RUNNING_STATES = (A.ISSUED, A.ACCEPTED, A.IN_PROGRESS)
#: States whose due date moves when the holiday plan of its year becomes known.
SETTLED_STATES = (*RUNNING_STATES, A.SENT_BACK)
#: States in which somebody may go and look: whatever is with the unit, answered, verified or closed (回头看).
CHECKABLE_STATES = (*RUNNING_STATES, A.REPLIED, A.VERIFIED, A.CLOSED)
#: Moves that a panel of the page offers beside the visit or the link they are about, not the row of buttons.
PANEL_VERBS = ("drop_check", "renew_link", "revoke_link", "answer_note")
#: States that count as finished for the topic.
FINISHED_STATES = (A.CLOSED, A.ANNULLED)

#: The first of these on an assignment that was signed for starts it.
IMPLIES_START = ("add_progress", "ask_extension", "reply")

ASSIGNMENT_WORKFLOW = AssignmentWorkflow(
    "assignment",
    "outcomes",
    move("issue", _("Issue an assignment"), set(), A.ISSUED),
    move("sign_for", _("Sign for it"), {A.ISSUED}, A.ACCEPTED, style="ink"),
    move("send_back", _("Send back"), {A.ISSUED}, A.SENT_BACK, style="danger"),
    move("reassign", _("Reassign"), {A.ISSUED, A.SENT_BACK}, A.ISSUED),
    move(
        "annul", _("Annul"), {A.ISSUED, A.ACCEPTED, A.SENT_BACK, A.IN_PROGRESS, A.REPLIED}, A.ANNULLED, style="danger"
    ),
    move("start", _("Begin"), {A.ACCEPTED}, A.IN_PROGRESS),
    move("add_progress", _("Report progress"), {A.IN_PROGRESS}, None),
    move("ask_extension", _("Ask for an extension"), {A.IN_PROGRESS}, None),
    move("grant", _("Grant the extension"), {A.IN_PROGRESS}, None),
    move("refuse", _("Refuse the extension"), {A.IN_PROGRESS}, None),
    move("reply", _("Reply"), {A.IN_PROGRESS}, A.REPLIED, style="ink"),
    move("verify", _("Verify"), {A.REPLIED}, A.VERIFIED, style="ink"),
    move("rework", _("Send back for rework"), {A.REPLIED, A.VERIFIED}, A.IN_PROGRESS, style="danger"),
    move("close", _("Close out"), {A.VERIFIED}, A.CLOSED, style="ink"),
    move("reopen", _("Reopen"), {A.CLOSED}, A.IN_PROGRESS, style="danger"),
    move("confirm_reminders", _("Start reminders"), set(RUNNING_STATES), None),
    move("set_milestones", _("Lay down the steps"), {A.ACCEPTED, A.IN_PROGRESS}, None),
    move("urge", _("Urge"), set(RUNNING_STATES), None),
    move("escalate", _("Tell those above"), set(RUNNING_STATES), None),
    move("plan_check", _("Plan a visit"), set(CHECKABLE_STATES), None),
    move("record_check", _("Record a visit"), set(CHECKABLE_STATES), None),
    move("drop_check", _("Call the visit off"), {*CHECKABLE_STATES, A.SENT_BACK}, None),
    move("make_link", _("Let a unit without an account answer"), set(RUNNING_STATES), None),
    move("renew_link", _("Renew the link"), set(RUNNING_STATES), None),
    move("revoke_link", _("Take the link back"), {*CHECKABLE_STATES, A.SENT_BACK}, None),
    move("urge_note", _("Ask about it from above"), set(A), None),
    move("answer_note", _("Answer the note"), set(A), None),
    move("settle_due", _("Settle the due date"), set(SETTLED_STATES), None, driven=True),
)

N = NoticeState
#: States whose snapshot the public may read.
PUBLIC_STATES = (N.POSTED, N.EXPIRED)
#: What stands in the list of the board; of what was taken down only number, kind, dates and reason.
BOARD_STATES = (N.POSTED, N.EXPIRED, N.WITHDRAWN)

NOTICE_WORKFLOW = OfferingWorkflow(
    "notice",
    "outcomes",
    move("draft_notice", _("Draft a notice"), set(), N.DRAFTED),
    move("edit_notice", _("Edit the notice"), {N.DRAFTED}, None),
    move("review_notice", pgettext_lazy("notice", "Review"), {N.DRAFTED}, N.REVIEWED, style="ink"),
    move("return_notice", pgettext_lazy("notice", "Return to the drafter"), {N.REVIEWED}, N.DRAFTED),
    move("post_notice", pgettext_lazy("notice", "Post"), {N.REVIEWED}, N.POSTED, style="ink"),
    move("expire_notice", pgettext_lazy("notice", "End the period"), {N.POSTED}, N.EXPIRED, driven=True),
    move("withdraw_notice", pgettext_lazy("notice", "Take down"), {N.POSTED, N.EXPIRED}, N.WITHDRAWN, style="danger"),
    move("correct_notice", pgettext_lazy("notice", "Correct"), {N.POSTED, N.EXPIRED}, None),
    move("record_objection", pgettext_lazy("notice", "Record an objection"), {N.POSTED, N.EXPIRED}, None),
    move("answer_objection", pgettext_lazy("notice", "Answer the objection"), {N.POSTED, N.EXPIRED}, None),
)
