"""The states of a topic and the table of its moves (PROCEDURE «Topic»). No ORM queries here."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from consult.errors import WrongState
from consult.workflow import Transition, Workflow, move


class TopicState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To be screened")
    RETURNED = "returned", _("Returned")
    POOLED = "pooled", _("In the pool")
    APPROVED = "approved", _("Approved")
    CLAIMED = "claimed", _("Claimed")
    SCHEDULED = "scheduled", _("To be consulted")
    CONSULTED = "consulted", _("Consulted")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Not taken up")
    TRANSFERRED = "transferred", _("Transferred")
    MERGED = "merged", _("Merged")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Profile(TextChoices):
    FORMAL = "formal", _("Formal consultation")
    MICRO = "micro", _("Micro-consultation")


class Source(TextChoices):
    """Where a topic comes from; the list a CPPCC offers is data (options), these are the keys of the case format."""

    RESIDENT = "resident", _("Resident")
    PARTY = "party", _("Party committee")
    GOVERNMENT = "government", _("Government")
    MEMBER = "member", _("Committee member")
    OFFICE = "office", _("CPPCC office")
    VILLAGE = "village", _("Village or community")
    HOTLINE = "hotline", _("Hotline 12345")
    PROPOSAL = "proposal", _("Proposal")


class PartyCategory(TextChoices):
    """Classes of people and bodies that a matter concerns and that sit in a session."""

    DEPARTMENT = "department", _("Department")
    MEMBER = "member", _("Committee member")
    DEPUTY = "deputy", _("Congress deputy")
    RESIDENT = "resident", _("Residents")
    ENTERPRISE = "enterprise", _("Enterprise")
    VILLAGE = "village", _("Village or community")
    EXPERT = "expert", _("Expert")
    FOREIGN = "foreign", _("Foreign national")
    OTHER = "other", _("Others")


class About(TextChoices):
    """余 (over) or 近 (nearly) behind a reported figure; empty means exact."""

    OVER = "over", _("more than")
    UNDER = "under", _("nearly")


class RaiserKind(TextChoices):
    RAISER = "raiser", _("Raised it")
    FOLLOWER = "follower", _("Follows it")


#: What a move needs the matter to be: a formal matter is approved, a micro matter is claimed.
PROFILE_OF_MOVE = {
    "approve": Profile.FORMAL,
    "drop": Profile.FORMAL,
    "claim": Profile.MICRO,
    "release_claim": Profile.MICRO,
}


#: Offered beside the note it answers, not in the row of buttons.
PANEL_VERBS = ("answer_note",)


class TopicWorkflow(Workflow):
    """The table of moves, of which four belong to one of the two profiles only."""

    def check(self, subject: Any, verb: str, *, actor: Any) -> Transition:
        step = super().check(subject, verb, actor=actor)
        if not _fits(subject, verb):
            raise WrongState(_wrong_profile(verb))
        return step

    def available(self, subject: Any, actor: Any) -> list[Transition]:
        offered = super().available(subject, actor)
        return [step for step in offered if _fits(subject, step.verb) and step.verb not in PANEL_VERBS]


def _fits(topic: Any, verb: str) -> bool:
    return PROFILE_OF_MOVE.get(verb, topic.profile) == topic.profile


def _wrong_profile(verb: str) -> Any:
    if PROFILE_OF_MOVE[verb] == Profile.FORMAL:
        return _("This matter goes the way of the four slips: it is claimed, not approved. Change its profile first.")
    return _("This matter goes the formal way: it is approved, not claimed. Change its profile first.")


S = TopicState
_OPEN = {S.SUBMITTED, S.RETURNED, S.POOLED, S.CLAIMED, S.APPROVED}
#: States in which the matter is over, whatever came of it.
OVER = (S.CLOSED, S.DECLINED, S.TRANSFERRED, S.MERGED, S.WITHDRAWN)
#: States of a matter that another one can be merged into: handed in and not over.
ALIVE = (S.SUBMITTED, S.RETURNED, S.POOLED, S.APPROVED, S.CLAIMED, S.SCHEDULED, S.CONSULTED)

TOPIC_WORKFLOW = TopicWorkflow(
    "topic",
    "topics",
    move("submit", _("Hand in"), {S.DRAFT}, S.SUBMITTED),
    move("resubmit", _("Hand in again"), {S.RETURNED}, S.SUBMITTED),
    move("pool", _("Take into the pool"), {S.SUBMITTED}, S.POOLED, style="ink"),
    move("approve", _("Approve"), {S.POOLED}, S.APPROVED, style="ink"),
    move("claim", _("Take up"), {S.POOLED}, S.CLAIMED, style="ink"),
    move("study", _("Record a field study"), {S.APPROVED, S.CLAIMED, S.SCHEDULED, S.CONSULTED}, None),
    move("return_topic", _("Return for completion"), {S.SUBMITTED}, S.RETURNED),
    move("split", _("Split"), {S.SUBMITTED, S.POOLED}, None),
    move("merge", _("Merge"), {S.SUBMITTED, S.RETURNED, S.POOLED}, S.MERGED),
    move("change_profile", _("Change the profile"), {S.POOLED}, None),
    move("reconsider", _("Take back the decision"), {S.POOLED, S.DECLINED, S.TRANSFERRED, S.MERGED}, S.SUBMITTED),
    move("transfer", _("Transfer"), _OPEN, S.TRANSFERRED),
    move("decline", _("Not take up"), _OPEN, S.DECLINED, style="danger"),
    move("lapse", _("Close as unanswered"), {S.RETURNED}, S.DECLINED),
    move("drop", _("Drop from the plan"), {S.APPROVED}, S.POOLED, style="danger"),
    move("release_claim", _("Give back"), {S.CLAIMED}, S.POOLED, style="danger"),
    move("schedule", _("Schedule"), {S.APPROVED, S.CLAIMED, S.CONSULTED}, S.SCHEDULED, driven=True),
    move("conclude", _("Conclude"), {S.SCHEDULED}, S.CONSULTED, driven=True),
    move(
        "unschedule",
        _("Unschedule"),
        {S.SCHEDULED},
        None,
        targets={S.APPROVED, S.CLAIMED, S.CONSULTED},
        driven=True,
    ),
    move("close", _("Settle the matter"), {S.CONSULTED}, S.CLOSED, driven=True),
    move("reopen", _("Reopen after a revisit"), {S.CLOSED}, S.CONSULTED),
    move("return_to_consulted", _("Reopen with its assignment"), {S.CLOSED}, S.CONSULTED, driven=True),
    move("withdraw", _("Withdraw"), {S.DRAFT, S.SUBMITTED, S.RETURNED, S.POOLED}, S.WITHDRAWN, style="danger"),
    move("urge_note", _("Ask about it from above"), set(S) - {S.DRAFT}, None),
    move("answer_note", _("Answer the note"), set(S) - {S.DRAFT}, None),
)


class VisitState(TextChoices):
    """An entry of the visit book stands as written, or somebody has to say what becomes of it."""

    NOTED = "noted", _("Noted")
    NEEDS_DECISION = "needs_decision", _("Needs a decision")
    SET_ASIDE = "set_aside", _("Set aside")


V = VisitState
VISIT_WORKFLOW = Workflow(
    "visit",
    "topics",
    move("note", _("Write into the visit book"), set(), V.NOTED),
    move("keep_undecided", _("Keep for a decision"), set(), V.NEEDS_DECISION, driven=True),
    move("accept", _("Accept the entry"), {V.NEEDS_DECISION}, V.NOTED, style="ink"),
    move("set_aside", _("Set aside"), {V.NEEDS_DECISION}, V.SET_ASIDE, style="danger"),
)
