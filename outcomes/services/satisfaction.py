"""How satisfied people are with process and result; the raiser's own word weighs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult import calendar, options
from consult.errors import DomainError, Missing, WrongState
from members.models import Account
from outcomes.models import Assignment, Outcome, SatisfactionSurvey
from outcomes.services.closing import refuse_unfinished, reopen_assignment
from outcomes.services.moving import begin_outcome, finish_outcome, lock_outcome, lock_topic, need
from outcomes.states import AssignmentState, RaiserVerdict

GRADES = ("satisfied", "basically", "unsatisfied")
#: More answers than any village has people is a slip of the pen.
MOST = 1_000_000


@transaction.atomic
def record_satisfaction(
    outcome: Outcome,
    *,
    actor: Account,
    process: Sequence[int],
    result: Sequence[int],
    raiser_result: str = "",
    date: date | None = None,
    on: date | None = None,
) -> SatisfactionSurvey:
    """Write down the totals, and what the raiser himself says: not satisfied, the office has days to explain.

    Others' answers are counted, not forcing; totals from old paper force nothing.
    """
    outcome, on = begin_outcome(outcome, "record_satisfaction", actor=actor, on=on or date)
    survey = _open_survey(outcome)
    _count(survey, "process", process)
    _count(survey, "result", result)
    if raiser_result and raiser_result not in RaiserVerdict.values:
        raise ValidationError({"raiser_result": _("Satisfied, basically satisfied or not satisfied.")})
    if not sum(survey.process) and not sum(survey.result):
        raise Missing(result=_("Nobody's answer is written down yet."))
    survey.raiser_result = raiser_result
    survey.answered_on = on
    survey.recorded_by = actor
    if raiser_result == RaiserVerdict.UNSATISFIED and not actor.is_system:
        days = options.get(outcome.host_id, "limits.explain_days")
        survey.explain_by = calendar.add_working_days(on, days, outcome.host_id)
    survey.save()
    finish_outcome(
        outcome,
        "record_satisfaction",
        actor=actor,
        on=on,
        data={"process": list(survey.process), "result": list(survey.result), "raiser": raiser_result},
    )
    return survey


def _open_survey(outcome: Outcome) -> SatisfactionSurvey:
    refuse_unfinished(outcome)
    survey = SatisfactionSurvey.objects.select_for_update(of=("self",), no_key=True).filter(outcome=outcome).first()
    if survey is None:
        raise WrongState(_("Satisfaction is asked when the last assignment closes."))
    if survey.answered_on is not None:
        raise DomainError(_("The answers have been written down already."), code="answered_already")
    return survey


def _count(survey: SatisfactionSurvey, what: str, answers: Sequence[int]) -> None:
    values = tuple(answers)
    if len(values) != len(GRADES) or not all(_is_count(value) for value in values):
        raise ValidationError({what: _("Write three whole numbers: satisfied, basically satisfied, not satisfied.")})
    for grade, value in zip(GRADES, values, strict=True):
        setattr(survey, f"{what}_{grade}", value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST


@transaction.atomic
def explain_dissatisfaction(
    outcome: Outcome, *, actor: Account, explanation: str, on: date | None = None
) -> SatisfactionSurvey:
    """The office answers the raiser who is not satisfied; the explanation is shown, and nothing is reopened."""
    outcome, on = begin_outcome(outcome, "explain_dissatisfaction", actor=actor, on=on)
    explanation = need(explanation, "explanation", _("Write what you tell the raiser."))
    survey = SatisfactionSurvey.objects.select_for_update(of=("self",), no_key=True).filter(outcome=outcome).first()
    if survey is None or not survey.awaits_explanation:
        raise WrongState(_("No raiser is waiting for an explanation."))
    if on > survey.explain_by:
        raise Missing(on=_("An explanation was possible until %(day)s.") % {"day": survey.explain_by.isoformat()})
    survey.explanation, survey.explained_on = explanation, on
    survey.clean_fields(exclude=["outcome", "recorded_by"])
    survey.save(update_fields=["explanation", "explained_on"])
    finish_outcome(outcome, "explain_dissatisfaction", actor=actor, on=on, reason=explanation[:300])
    return survey


def reopen_unexplained(today: date | None = None) -> int:
    """The days for an explanation are over: what the raiser is not satisfied with is worked on again."""
    today = today or timezone.localdate()
    return sum(_reopen(outcome, today) for outcome in Outcome.objects.unexplained(today).order_by("pk"))


@transaction.atomic
def _reopen(outcome: Outcome, today: date) -> int:
    lock_topic(outcome.topic_id)
    lock_outcome(outcome.pk)
    survey = SatisfactionSurvey.objects.select_for_update(of=("self",), no_key=True).get(outcome=outcome)
    if not survey.awaits_explanation or survey.explain_by >= today:
        return 0  # explained, or reopened by another clock, in the meantime
    survey.forced_on = today
    survey.save(update_fields=["forced_on"])
    closed = Assignment.objects.filter(outcome=outcome, state=AssignmentState.CLOSED).order_by("pk")
    system = Account.objects.system()
    for assignment in closed:
        reopen_assignment(
            assignment,
            actor=system,
            on=today,
            reason=_("The raiser is not satisfied, and no explanation was filed in time."),
        )
    return len(closed)
