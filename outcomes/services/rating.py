"""答卷: one answer per invitation, for good. Whose it is nobody can find out, but for the raiser's own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult import calendar, options
from consult.audit import record
from consult.errors import DomainError, WrongState
from consult.text import Refused, clean_text
from members.models import Account
from outcomes.models import (
    Invitee,
    Outcome,
    RaiserAnswer,
    SatisfactionAnswer,
    SatisfactionInvitation,
    SatisfactionSurvey,
)
from outcomes.services import figures
from outcomes.services.inviting import LENGTH, hash_of
from outcomes.services.moving import lock_outcome, lock_topic, tell_of_outcome
from outcomes.states import RaiserVerdict
from topics.services.receipts import ALPHABET

COMMENT_AT_MOST = 500


class NoSuchInvitation(DomainError):
    """We never made this address, or it was copied with a letter missing."""

    code = "not_found"
    status = 404


class AnsweredAlready(DomainError):
    code = "answered_already"


@dataclass(frozen=True)
class Asked:
    """What an address opens; ``trouble`` says why nothing can be answered now."""

    invitation: SatisfactionInvitation
    trouble: str = ""

    @property
    def outcome(self) -> Outcome:
        return self.invitation.survey.outcome

    @property
    def is_raiser(self) -> bool:
        return self.invitation.kind == Invitee.RAISER


def open_invitation(token: str) -> Asked:
    """Raises NoSuchInvitation for an address that is not ours."""
    token = token.strip().upper()
    if len(token) != LENGTH or set(token) - set(ALPHABET):
        raise NoSuchInvitation(_("This link is not complete. Scan the code once more, or ask the office."))
    rows = SatisfactionInvitation.objects.select_related("survey__outcome__topic__host")
    invitation = rows.filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise NoSuchInvitation(_("This link is not complete. Scan the code once more, or ask the office."))
    return Asked(invitation, trouble_of(invitation))


def trouble_of(invitation: SatisfactionInvitation) -> str:
    """Why it cannot be answered (any more)."""
    survey = invitation.survey
    if invitation.is_used:
        return _("This invitation has been answered. An answer that was sent cannot be changed.")
    if invitation.asking != survey.asking or survey.outcome.assignments.unfinished().exists():
        return _("The work has begun again. You will be asked anew when it is done.")
    if survey.closes_on is not None and survey.closes_on < timezone.localdate():
        return _("Answers were taken until %(day)s.") % {"day": survey.closes_on.isoformat()}
    if invitation.kind == Invitee.ATTENDEE and survey.answered_on is not None:
        return _("The answers have been counted already. Thank you.")
    return ""


@transaction.atomic
def rate(token: str, *, process: str, result: str, comment: str = "", key: str = "") -> Asked:
    """Whoever holds the address answers, once. The same form sent again (twice clicked, 24 times) changes nothing."""
    found = open_invitation(token)
    outcome = found.outcome
    lock_topic(outcome.topic_id)
    outcome = lock_outcome(outcome.pk)
    rows = SatisfactionInvitation.objects.select_for_update(of=("self",), no_key=True)
    invitation = rows.get(pk=found.invitation.pk)
    survey = SatisfactionSurvey.objects.select_for_update(of=("self",), no_key=True).get(outcome=outcome)
    survey.outcome, invitation.survey = outcome, survey
    used_key = hashlib.sha256(key.encode()).hexdigest() if key else ""
    if invitation.is_used and used_key and used_key == invitation.used_key:
        return Asked(invitation)
    if trouble := trouble_of(invitation):
        raise (AnsweredAlready if invitation.is_used else WrongState)(trouble)
    words = {"process": _grade("process", process), "result": _grade("result", result), "comment": _comment(comment)}
    if invitation.kind == Invitee.RAISER:
        _take_raiser(invitation, survey, words)
    else:
        _take(survey, words)
    invitation.is_used, invitation.used_key = True, used_key
    invitation.save(update_fields=["is_used", "used_key"])
    return Asked(invitation)


def _grade(field: str, value: Any) -> str:
    if value not in RaiserVerdict.values:
        raise ValidationError({field: _("Satisfied, basically satisfied or not satisfied.")})
    return str(value)


def _comment(text: str) -> str:
    try:
        return clean_text(text or "", limit=COMMENT_AT_MOST)
    except Refused as error:
        raise ValidationError({"comment": _(error.msgid) % error.params}) from error


def _take(survey: SatisfactionSurvey, words: dict[str, str]) -> None:
    """No entry in the record, no event, no time: nothing that stands beside the moment of a person's coming."""
    if figures.voices_left(survey) <= 0:
        raise WrongState(_("Everybody who was asked has answered already, by link or on paper."))
    SatisfactionAnswer.objects.create(survey=survey, asking=survey.asking, **words)


def _take_raiser(invitation: SatisfactionInvitation, survey: SatisfactionSurvey, words: dict[str, str]) -> None:
    """His own word is known as his: not satisfied, the office explains in time or the work begins again."""
    today = timezone.localdate()
    RaiserAnswer.objects.create(invitation=invitation, answered_on=today, **words)
    survey.raiser_result = worse(survey.raiser_result, words["result"])
    if words["result"] == RaiserVerdict.UNSATISFIED:
        owe_explanation(survey, today)
    survey.save(update_fields=["raiser_result", "explain_by", "explained_on"])
    outcome = survey.outcome
    clerk = Account.objects.system()
    record(
        actor=clerk,
        verb="outcome.raiser_answer",
        subject=outcome,
        before=outcome.state,
        after=outcome.state,
        happened_at=today,
        on_behalf_of=_("The raiser"),
        matter_id=outcome.topic_id,
        data={"process": words["process"], "result": words["result"]},
    )
    tell_of_outcome(outcome, "raiser_answer", actor=clerk)


def worse(one: str, other: str) -> str:
    """Of several raisers the one who is least satisfied is heard."""
    grades = ["", *RaiserVerdict.values]
    return max(one, other, key=grades.index)


def owe_explanation(survey: SatisfactionSurvey, since: date) -> None:
    """The days begin; for a second raiser who is not satisfied after the first was answered, once more."""
    if survey.awaits_explanation:
        return
    days = options.get(survey.outcome.host_id, "limits.explain_days")
    survey.explain_by = calendar.add_working_days(since, days, survey.outcome.host_id)
    survey.explained_on = None
