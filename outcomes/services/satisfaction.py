"""How satisfied people are with process and result; the raiser's own word weighs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import DomainError, Missing, WrongState
from members.models import Account
from outcomes.models import Assignment, Invitee, Outcome, PaperForms, SatisfactionInvitation, SatisfactionSurvey
from outcomes.services import figures
from outcomes.services.closing import refuse_unfinished, reopen_assignment
from outcomes.services.moving import begin_outcome, finish_outcome, keep_files, lock_outcome, lock_topic, need
from outcomes.services.rating import owe_explanation
from outcomes.states import AssignmentState, RaiserVerdict

GRADES = figures.GRADES
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

    The figures are these totals, the paper forms entered before and the answers by link, added up; with it they stand
    for good. Others' answers are counted, not forcing; totals from old paper force nothing.
    """
    outcome, on = begin_outcome(outcome, "record_satisfaction", actor=actor, on=on or date)
    survey = _open_survey(outcome)
    given = {"process": _counted("process", process), "result": _counted("result", result)}
    _set_figures(survey, given)
    if raiser_result and raiser_result not in RaiserVerdict.values:
        raise ValidationError({"raiser_result": _("Satisfied, basically satisfied or not satisfied.")})
    if not figures.somebody_answered(survey, {"process": survey.process, "result": survey.result}):
        raise Missing(result=_("Nobody's answer is written down yet."))
    if raiser_result:
        _take_word_on_paper(survey, raiser_result)
    survey.answered_on = on
    survey.recorded_by = actor
    if raiser_result == RaiserVerdict.UNSATISFIED and not actor.is_system:
        owe_explanation(survey, on)
    survey.save()
    finish_outcome(
        outcome,
        "record_satisfaction",
        actor=actor,
        on=on,
        data={"process": list(survey.process), "result": list(survey.result), "raiser": survey.raiser_result},
    )
    return survey


def _set_figures(survey: SatisfactionSurvey, given: Mapping[str, Sequence[int]]) -> None:
    for what, totals in figures.together(survey, given).items():
        for grade, value in zip(GRADES, totals, strict=True):
            setattr(survey, f"{what}_{grade}", value)


def _take_word_on_paper(survey: SatisfactionSurvey, raiser_result: str) -> None:
    """The raiser spoke on paper: his link is void. What he said by link nobody else says differently."""
    if survey.raiser_result and survey.raiser_result != raiser_result:
        raise Missing(raiser_result=_("The raiser has answered by his link already; leave this empty."))
    SatisfactionInvitation.objects.filter(
        survey=survey, asking=survey.asking, kind=Invitee.RAISER, is_used=False
    ).update(is_used=True)
    survey.raiser_result = raiser_result


@transaction.atomic
def enter_forms(
    outcome: Outcome,
    *,
    actor: Account,
    process: Sequence[int],
    result: Sequence[int],
    of_invited: int = 0,
    files: Iterable[Any] = (),
    on: date | None = None,
) -> PaperForms:
    """A pile of paper forms, counted, with its scan; it adds to what was answered by link and to earlier piles.

    Nobody speaks twice: as many invitations are used up as of the forms came from people who hold one.
    """
    outcome, on = begin_outcome(outcome, "enter_forms", actor=actor, on=on)
    survey = _open_survey(outcome)
    given = {"process": _counted("process", process), "result": _counted("result", result)}
    most = max(sum(totals) for totals in given.values())
    if not most:
        raise Missing(result=_("Nobody's answer is written down yet."))
    if not _is_count(of_invited) or of_invited > most:
        raise ValidationError({"of_invited": _("Not more than the forms of this pile.")})
    if of_invited > (left := max(figures.voices_left(survey), 0)):
        raise Missing(
            of_invited=_("Only %(left)s of those invited have not answered; somebody would be counted twice.")
            % {"left": left}
        )
    pile = PaperForms.objects.create(
        survey=survey,
        asking=survey.asking,
        entered_on=on,
        process=list(given["process"]),
        result=list(given["result"]),
        of_invited=of_invited,
        recorded_by=actor,
    )
    keep_files(pile, files, "scan", actor=actor, within=outcome)
    data = {"process": pile.process, "result": pile.result, "of_invited": of_invited}
    finish_outcome(outcome, "enter_forms", actor=actor, on=on, data=data)
    return pile


def close_surveys(today: date | None = None) -> int:
    """The invitations are over: what was answered stands. Where nobody answered, the office still asks."""
    today = today or timezone.localdate()
    over = SatisfactionSurvey.objects.filter(answered_on__isnull=True, closes_on__lt=today)
    return sum(_close(outcome_id) for outcome_id in over.order_by("pk").values_list("outcome_id", flat=True))


@transaction.atomic
def _close(outcome_id: int) -> int:
    outcome = Outcome.objects.get(pk=outcome_id)
    lock_topic(outcome.topic_id)
    outcome = lock_outcome(outcome_id)
    survey = SatisfactionSurvey.objects.select_for_update(of=("self",), no_key=True).get(outcome=outcome)
    if survey.answered_on is not None or outcome.assignments.unfinished().exists():
        return 0
    found = figures.together(survey, {"process": (0, 0, 0), "result": (0, 0, 0)})
    if not figures.somebody_answered(survey, found):
        return 0
    on = max(survey.closes_on, outcome.moved_on)
    record_satisfaction(outcome, actor=Account.objects.system(), process=(0, 0, 0), result=(0, 0, 0), on=on)
    return 1


def _open_survey(outcome: Outcome) -> SatisfactionSurvey:
    refuse_unfinished(outcome)
    survey = SatisfactionSurvey.objects.select_for_update(of=("self",), no_key=True).filter(outcome=outcome).first()
    if survey is None:
        raise WrongState(_("Satisfaction is asked when the last assignment closes."))
    if survey.answered_on is not None:
        raise DomainError(_("The answers have been written down already."), code="answered_already")
    return survey


def _counted(what: str, answers: Sequence[int]) -> tuple[int, ...]:
    values = tuple(answers)
    if len(values) != len(GRADES) or not all(_is_count(value) for value in values):
        raise ValidationError({what: _("Write three whole numbers: satisfied, basically satisfied, not satisfied.")})
    return values


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
