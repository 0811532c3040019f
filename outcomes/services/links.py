"""A link for a unit without an account: signed, expiring, taken back at will; it opens one assignment.

How such links live and end: ``sessions.services.given_links``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from consult.audit import record
from consult.dbclock import database_now
from consult.errors import DomainError, Missing, NotAllowed
from members.models import Account, Organisation
from outcomes.models import AnswerLink, Assignment, ProgressEntry
from outcomes.services.assignments import sign_for
from outcomes.services.handling import add_progress, reply_assignment
from outcomes.services.moving import lock_assignment, need, note
from outcomes.states import ASSIGNMENT_WORKFLOW, RUNNING_STATES, AssignmentState
from sessions.services import given_links, tokens, tries

SALT = "answer"
#: What whoever holds the link may do; where the unit only assists, it reports.
MOVES: dict[str, Callable[..., Any]] = {"sign_for": sign_for, "add_progress": add_progress, "reply": reply_assignment}
USES = 60  # of one link within ten minutes: more is not a person who types
CHANGES = 10


@dataclass(frozen=True)
class Answer:
    """What an address opens. ``trouble`` says why nothing can be answered; without a link nothing is shown either."""

    link: AnswerLink | None
    trouble: str = ""

    @property
    def assignment(self) -> Assignment:
        return self.link.assignment  # type: ignore[union-attr]  # asked only where there is a link

    @property
    def verbs(self) -> list[str]:
        """The moves possible now, the most pressing first."""
        if self.link is None or self.trouble:
            return []
        if self.assignment.state == AssignmentState.ISSUED:
            return ["sign_for"] if self.leads else []
        return ["add_progress", "reply"] if self.leads else ["add_progress"]

    @property
    def leads(self) -> bool:
        return self.link is not None and self.link.unit_id == self.assignment.lead_unit_id


@transaction.atomic
def make_link(
    assignment: Assignment, *, actor: Account, name: str, unit: Organisation | None = None, days: int | None = None
) -> AnswerLink:
    """The office lets a liaison without an account answer this one assignment for some days."""
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, "make_link", actor=actor)
    unit = unit or assignment.lead_unit
    if unit.pk not in assignment.handling_unit_ids:
        raise Missing(unit=_("Choose the lead unit or one that assists."))
    name = need(name, "name", _("Say to whom the link is given."))
    until = given_links.term(assignment.host_id, days)
    link = AnswerLink(assignment=assignment, unit=unit, name=name, made_by=actor, expires_at=until)
    link.full_clean(exclude=["assignment", "unit", "made_by"])
    link.save()
    _write(link, assignment, "make_link", actor)
    return link


@transaction.atomic
def renew_link(assignment: Assignment, *, actor: Account, link: AnswerLink, days: int | None = None) -> AnswerLink:
    """Another address with a new term; the one that went out opens nothing any more."""
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, "renew_link", actor=actor)
    link = _locked(link, assignment)
    given_links.renew(link, assignment.host_id, days)
    _write(link, assignment, "renew_link", actor)
    return link


@transaction.atomic
def revoke_link(assignment: Assignment, *, actor: Account, link: AnswerLink) -> AnswerLink:
    """Taken back: from this moment on the address opens a sentence only."""
    assignment = lock_assignment(assignment.pk)
    ASSIGNMENT_WORKFLOW.check(assignment, "revoke_link", actor=actor)
    link = _locked(link, assignment)
    if given_links.revoke(link):
        _write(link, assignment, "revoke_link", actor)
    return link


def _locked(link: AnswerLink, assignment: Assignment) -> AnswerLink:
    found = AnswerLink.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
    row = found.filter(pk=link.pk, assignment=assignment).first()
    if row is None:
        raise Missing(link=_("This link belongs to another assignment."))
    return row


def _write(link: AnswerLink, assignment: Assignment, verb: str, actor: Account) -> None:
    data = {"link": str(link.uuid), "unit": link.unit.name, "expires_at": link.expires_at.isoformat()}
    reason = _("%(unit)s: %(name)s") % {"unit": link.unit.name, "name": link.name}
    note(assignment, verb, actor=actor, reason=reason, data=data)


def path_of_link(link: AnswerLink) -> str:
    """Nobody's name stands in it."""
    return reverse("answer:page", args=[tokens.seal(SALT, link.uuid, link.version)])


# without an account


def open_link(token: str) -> Answer | None:
    """None for an address that we never made; else what it opens, or why it opens nothing any more."""
    found = tokens.unseal(SALT, token)
    if found is None:
        return None
    rows = AnswerLink.objects.select_related(
        "unit", "assignment__lead_unit", "assignment__host", "assignment__topic", "assignment__outcome"
    )
    link = rows.filter(uuid=found.uuid).first()
    trouble = given_links.why_closed(link, found.number)
    if link is None or trouble:
        return Answer(None, trouble)
    if link.unit_id not in link.assignment.handling_unit_ids:
        return Answer(None, _("This matter is handled by another unit now; nothing is asked of yours. Thank you."))
    return Answer(link, _over(link.assignment))


def _over(assignment: Assignment) -> str:
    if assignment.state in RUNNING_STATES:
        return ""
    return {
        AssignmentState.REPLIED: _("This has been answered and waits for verification. Thank you."),
        AssignmentState.VERIFIED: _("This has been answered and verified. Thank you."),
        AssignmentState.CLOSED: _("This is closed out; nothing is asked any more. Thank you."),
        AssignmentState.SENT_BACK: _("This was sent back; the office finds the proper unit."),
    }.get(AssignmentState(assignment.state), _("This was annulled; nothing is asked any more."))


@transaction.atomic
def note_use(answer: Answer) -> None:
    """Each time the link is opened: counted, and written down."""
    link = answer.link
    if link is None:
        return
    if tries.note("answer", str(link.uuid)) > USES:
        raise tries.TooOften  # one link is used more often than a person types
    AnswerLink.objects.filter(pk=link.pk).update(used_at=database_now())
    _audit(link, "link.open")


def answer_by_link(token: str, verb: str, **words: Any) -> Any:
    """Sign for it, report or reply, by whoever holds the link; recorded as the unit's liaison by link."""
    # counted first, in a transaction of its own: what is refused counts as well
    answer = open_link(token)
    if answer is None or answer.link is None:
        raise DomainError(answer.trouble if answer else _("This link is not complete."))
    if tries.note("answers", str(answer.link.uuid)) > CHANGES * len(MOVES):
        raise tries.TooOften  # one link is used more often than a person types
    return _answer(token, verb, answer.link.assignment_id, words)


@transaction.atomic
def _answer(token: str, verb: str, assignment_id: int, words: dict[str, Any]) -> Any:
    """Under the lock of the assignment everything is asked again: a link taken back meanwhile answers nothing."""
    lock_assignment(assignment_id)
    answer = open_link(token)
    if answer is None or answer.link is None or answer.trouble:
        raise DomainError(answer.trouble if answer else _("This link is not complete."))
    if verb not in MOVES or not (answer.leads or verb == "add_progress"):
        raise NotAllowed(_("This link is for reporting only; the lead unit signs and replies."))
    if verb == "add_progress" and (twin := _twin(answer.link, words)) is not None:
        return twin
    clerk = Account.objects.system()
    done = MOVES[verb](answer.assignment, actor=clerk, via=answer.link, **words)
    _audit(answer.link, f"link.{verb}")
    return done


def _twin(link: AnswerLink, words: dict[str, Any]) -> ProgressEntry | None:
    """The same words once more are the second tap of an impatient finger."""
    last = link.assignment.progress.order_by("-pk").first()
    same = last is not None and last.recorded_by.is_system and last.text == (words.get("text") or "").strip()
    return last if same else None


def _audit(link: AnswerLink, verb: str) -> None:
    record(
        actor=Account.objects.system(),
        verb=verb,
        subject=link.assignment,
        before=link.assignment.state,
        after=link.assignment.state,
        on_behalf_of=_("%(unit)s, liaison by link: %(name)s") % {"unit": link.unit.name, "name": link.name},
        matter_id=link.assignment.topic_id,
        data={"link": str(link.uuid)},
    )
