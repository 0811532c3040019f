"""The end of the work: closing, reopening, and what follows for the outcome and the matter."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from consult import calendar, options
from consult.audit import record
from consult.errors import Missing, WrongState
from members.models import Account
from outcomes.models import Assignment, Outcome, SatisfactionSurvey
from outcomes.services.inviting import invite
from outcomes.services.moving import (
    begin,
    due_date,
    finish,
    lock_outcome,
    lock_topic,
    need,
    promise,
    tell_of_outcome,
)
from outcomes.states import AssignmentState, ExtensionState, ReplyClass
from topics.models import Topic
from topics.services import close_topic, return_to_consulted
from topics.states import TopicState


@transaction.atomic
def close_assignment(
    assignment: Assignment,
    *,
    actor: Account,
    next_review_on: date | None = None,
    on: date | None = None,
    implied: bool = False,
) -> Assignment:
    """Strike it off the list; what is only planned or impossible now gets a day to look again."""
    topic = lock_topic(assignment.topic_id)
    outcome = lock_outcome(assignment.outcome_id)
    assignment, on = begin(assignment, "close", actor=actor, on=on)
    reply = assignment.replies.last()
    unsolved = reply is not None and reply.reply_class in (ReplyClass.C, ReplyClass.D)
    if unsolved and next_review_on is None and not actor.is_system:
        raise Missing(next_review_on=_("It is not solved yet: say when to look at it again."))
    if next_review_on is not None and next_review_on <= on:
        raise Missing(next_review_on=_("The next look comes after the closing."))
    assignment = finish(
        assignment, "close", actor=actor, on=on, implied=implied, closed_on=on, next_review_on=next_review_on
    )
    settle(topic, outcome, actor=actor, on=on)
    return assignment


@transaction.atomic
def reopen_assignment(
    assignment: Assignment, *, actor: Account, reason: str, due_on: date | None = None, on: date | None = None
) -> Assignment:
    """A look back shows it is not done: work goes on with a new due date, and the matter is open again."""
    topic = lock_topic(assignment.topic_id)
    lock_outcome(assignment.outcome_id)
    assignment, on = begin(assignment, "reopen", actor=actor, on=on)
    reason = need(reason, "reason", _("Say what is not done."))
    assignment = finish(
        assignment,
        "reopen",
        actor=actor,
        on=on,
        reason=reason,
        closed_on=None,
        next_review_on=None,
        **promise(assignment, due_date(assignment.host_id, on, due_on)),
    )
    if topic.state == TopicState.CLOSED:
        return_to_consulted(topic, actor=actor, on=max(on, topic.moved_on), reason=reason)
    return assignment


def settle(topic: Topic, outcome: Outcome, *, actor: Account, on: date) -> None:
    """After the last move: ask how satisfied people are, and close the matter when nothing of it is left."""
    if outcome.assignments.unfinished().exists():
        return
    closed = outcome.assignments.filter(state=AssignmentState.CLOSED).order_by("-closed_on").first()
    if closed is not None:
        on = max(on, closed.closed_on)
        ask_satisfaction(outcome, actor=actor, on=on)
    if _is_finished(topic):
        close_topic(topic, actor=actor, on=max(on, topic.moved_on))


def _is_finished(topic: Topic) -> bool:
    """Every assignment is closed or annulled; of the present round one is closed, or there was nothing to assign."""
    if topic.state != TopicState.CONSULTED or topic.assignments.unfinished().exists():
        return False
    present = Outcome.objects.filter(topic=topic, round=topic.round).first()
    if present is None:
        return False
    if present.nothing_to_assign_on is not None:
        return True
    return present.assignments.filter(state=AssignmentState.CLOSED).exists()


@transaction.atomic
def close_if_finished(topic: Topic, *, actor: Account) -> bool:
    """A further session was called off: perhaps nothing is left of the matter after all."""
    topic = lock_topic(topic.pk)
    if not _is_finished(topic):
        return False
    close_topic(topic, actor=actor, on=topic.moved_on)
    return True


def ask_satisfaction(outcome: Outcome, *, actor: Account, on: date) -> SatisfactionSurvey:
    """Its last assignment is closed: the raiser and those who attended are asked, process and result apart.

    Asked again after a reopening, the answers start anew; the earlier ones stay in the record.
    """
    survey = outcome.survey
    earlier = _answers(survey) if survey is not None and survey.answered_on is not None else None
    survey = survey or SatisfactionSurvey(outcome=outcome)
    days = options.get(outcome.host_id, "limits.satisfaction_days")
    blank = SatisfactionSurvey(pk=survey.pk, outcome=outcome, recorded_by=actor, asked_on=on)
    blank.asking = survey.asking + 1 if survey.pk else 1
    blank.due_on = calendar.add_working_days(on, days, outcome.host_id)
    blank.save()
    if not actor.is_system:  # a matter from old paper asks nobody now
        invite(blank, outcome, on=on)
    record(
        actor=actor,
        verb="outcome.ask_satisfaction",
        subject=outcome,
        before=outcome.state,
        after=outcome.state,
        happened_at=on,
        matter_id=outcome.topic_id,
        data={"earlier": earlier} if earlier else None,
        implied=True,
    )
    tell_of_outcome(outcome, "ask_satisfaction", actor=actor, asked_on=on.isoformat())
    return blank


def _answers(survey: SatisfactionSurvey) -> dict[str, object]:
    return {
        "asked_on": survey.asked_on.isoformat(),
        "answered_on": survey.answered_on.isoformat(),
        "process": list(survey.process),
        "result": list(survey.result),
        "raiser_result": survey.raiser_result,
        "explanation": survey.explanation,
    }


def lapse_extensions(assignment: Assignment, *, actor: Account, on: date) -> None:
    """What was asked for and not decided is overtaken by the move."""
    open_ones = assignment.extensions.filter(state=ExtensionState.ASKED)
    open_ones.update(state=ExtensionState.LAPSED, decided_on=on, decided_by=actor)


def refuse_unfinished(outcome: Outcome) -> None:
    """Nobody is asked how the result satisfies before there is one."""
    if outcome.assignments.unfinished().exists():
        raise WrongState(
            _("Something is still being worked on; satisfaction is asked when the last assignment closes.")
        )
