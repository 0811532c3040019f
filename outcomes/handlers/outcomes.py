"""Who is told about outcomes, and what follows when a further session is called off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from consult.delivery import tell_all
from consult.outbox import handles
from members.models import Account
from members.states import Role
from outcomes.models import Outcome
from outcomes.people import holders, raisers
from outcomes.services.closing import close_if_finished
from outcomes.services.inviting import link_of
from topics.models import Topic


def _outcome(event: Any) -> Outcome:
    return Outcome.objects.select_related("topic", "host").get(pk=event.payload["outcome_id"])


def _tell(event: Any, outcome: Outcome, people: Iterable[Any], title: str, body: str = "") -> None:
    others = [account for account in people if account.pk != event.payload["actor_id"]]
    tell_all(
        others,
        key=f"{event.name}:{event.pk}",
        title=title % {"topic": outcome.topic, "number": outcome.number},
        body=body,
        url=outcome.get_absolute_url(),
        event=event,
    )


@handles("outcome.draft_outcome")
def tell_drafted(event: Any) -> None:
    outcome = _outcome(event)
    _tell(event, outcome, holders(outcome, Role.OFFICE), _("Submit the outcome: %(topic)s"))


@handles("outcome.submit_outcome")
def tell_submitted(event: Any) -> None:
    outcome = _outcome(event)
    people = {a.pk: a for a in (*raisers(outcome.topic), *holders(outcome, Role.APPROVER, Role.SUPERVISION_OFFICE))}
    words = _("To %(names)s.") % {"names": "、".join(outcome.submitted_to)}
    _tell(event, outcome, people.values(), _("Outcome submitted, %(number)s: %(topic)s"), words)


@handles("outcome.adopt_outcome")
def tell_adopted(event: Any) -> None:
    outcome = _outcome(event)
    people = holders(outcome, Role.OFFICE, Role.APPROVER, Role.SUPERVISION_OFFICE)
    _tell(event, outcome, people, _("Adopted, can be assigned: %(topic)s"), outcome.instruction)


@handles("outcome.ask_satisfaction")
def tell_asked(event: Any) -> None:
    """The office asks the raiser and those who attended."""
    outcome = _outcome(event)
    survey = outcome.survey
    if survey is None or survey.answered_on is not None:
        return
    words = _("Process and result apart, until %(day)s.") % {"day": survey.due_on}
    _tell(event, outcome, holders(outcome, Role.OFFICE), _("Ask how satisfied people are: %(topic)s"), words)
    _invite(event, outcome, survey)


def _invite(event: Any, outcome: Outcome, survey: Any) -> None:
    """Each account that is asked gets its own address; it opens once."""
    rows = survey.invitations.filter(asking=survey.asking, account__isnull=False, is_used=False)
    for one in rows.select_related("account"):
        tell_all(
            [one.account],
            key=f"outcome.ask_satisfaction:{survey.pk}:{survey.asking}",
            title=_("Are you satisfied? %(topic)s") % {"topic": outcome.topic},
            body=_("What was agreed has been carried out. You can answer once, until %(day)s.")
            % {"day": survey.closes_on},
            url=link_of(one),
            event=event,
        )


@handles("outcome.record_satisfaction", "outcome.raiser_answer")
def tell_unsatisfied(event: Any) -> None:
    outcome = _outcome(event)
    survey = outcome.survey
    if survey is None or not survey.awaits_explanation:
        return
    words = _("Without an explanation by %(day)s the work is reopened.") % {"day": survey.explain_by}
    people = holders(outcome, Role.OFFICE, Role.APPROVER)
    tell_all(
        people,
        key=f"{event.name}:{event.pk}",
        title=_("The raiser is not satisfied: %(topic)s") % {"topic": outcome.topic},
        body=words,
        url=outcome.get_absolute_url(),
        event=event,
    )


@handles("outcome.explain_dissatisfaction")
def tell_explained(event: Any) -> None:
    outcome = _outcome(event)
    survey = outcome.survey
    words = survey.explanation if survey else ""
    _tell(event, outcome, raisers(outcome.topic), _("An answer to you: %(topic)s"), words)


@handles("topic.unschedule", "topic.conclude")
def close_what_is_finished(event: Any) -> None:
    """A further session was called off, and everything assigned may be done already."""
    topic = Topic.objects.get(pk=event.payload["topic_id"])
    close_if_finished(topic, actor=Account.objects.system())
