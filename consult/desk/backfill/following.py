"""What came of a matter: outcome, assignments, satisfaction, the notice released on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from outcomes import services as outcomes
from outcomes.models import Outcome
from sessions.models import ConsensusPoint
from topics.models import Topic

from .course import Course, about_of
from .schema import CaseAnswers, CaseAssignment


def conclude(course: Course, topic: Topic) -> None:
    outcome = _outcome(course, topic)
    if outcome is not None:
        _assignments(course, topic, outcome)
        _ask(course, outcome)
    if course.case.notice is not None:
        _post(course, topic, outcome)


def _outcome(course: Course, topic: Topic) -> Outcome | None:
    part = course.case.outcome
    if part is None:
        return None
    course.here = part.at("submitted_on") if part.submitted_on else part.path
    submitted = course.when("outcome.submitted_on")
    adopted = course.when("outcome.adopted_on")
    drafted = submitted or adopted
    outcome = outcomes.draft_outcome(
        Topic.objects.get(pk=topic.pk),
        actor=course.actor,
        effects=part.effects,
        benefits=[
            {"what": one.what, "amount": Decimal(str(one.amount.n)), "about": one.amount.about, "unit": one.unit}
            for one in part.benefits
        ],
        products=[{"kind": part.product.kind, "title": part.product.title, "text": part.product.text}]
        if part.product
        else [],
        on=drafted.on if drafted else None,
        implied=True,
    )
    if submitted is not None:
        outcome = outcomes.submit_outcome(
            outcome,
            actor=course.actor,
            submitted_to=list(part.submitted_to),
            on=submitted.on,
            implied=submitted.implied,
        )
    if adopted is not None:
        course.here = part.at("adopted_on")
        outcome = outcomes.adopt_outcome(
            outcome, actor=course.actor, instruction=part.instruction, on=adopted.on, implied=adopted.implied
        )
    return outcome


def _assignments(course: Course, topic: Topic, outcome: Outcome) -> None:
    """Issue all, then make every later move in the order of its date: the last closing closes the matter."""
    points = {point.number: point for point in ConsensusPoint.objects.filter(topic=topic)}
    later: list[tuple[date, int, Callable[[], Any]]] = []
    for part in sorted(course.case.assignments, key=lambda one: one.number):
        issued = _issue(course, outcome, part, points)
        later += [(on, len(later) + place, make) for place, (on, make) in enumerate(_moves(course, issued, part))]
    for _on, _place, make in sorted(later, key=lambda entry: entry[:2]):
        make()


def _issue(course: Course, outcome: Outcome, part: CaseAssignment, points: dict[int, ConsensusPoint]) -> Any:
    course.here = part.at("issued_on") if part.issued_on else part.path
    when = course.when(part.at("issued_on"))
    funds = part.funds
    return outcomes.issue_assignment(
        outcome,
        actor=course.actor,
        matter=part.matter,
        fulfils=[points[number] for number in part.fulfils],
        lead_unit=course.parties.unit(part.lead_unit),
        assisting_units=[course.parties.unit(name) for name in part.assisting],
        requirement=part.requirement,
        due_on=part.due_on,
        issued_by=part.issued_by,
        funds_amount=Decimal(str(funds.amount.n)) if funds and funds.amount else None,
        funds_about=about_of(funds.amount) if funds else "",
        funds_kind=funds.kind if funds else "",
        funds_source=funds.source if funds else "",
        projects=part.projects,
        ordinal=part.number,
        on=when.on if when else None,
        implied=bool(when and when.implied),
    )


def _moves(course: Course, issued: Any, part: CaseAssignment) -> list[tuple[date, Callable[[], Any]]]:
    """The dated moves of one assignment; signing for it takes the date of the first of them."""
    made: list[tuple[date, Callable[[], Any]]] = []

    def add(path: str, make: Callable[..., Any]) -> None:
        when = course.when(path)
        if when is not None:
            made.append((when.on, lambda: _move(course, path, lambda: make(when))))

    for entry in part.progress:
        spent = Decimal(str(entry.spent.n)) if entry.spent else None
        add(
            entry.at("date"),
            lambda when, entry=entry, spent=spent: outcomes.add_progress(
                issued, actor=course.actor, text=entry.text, spent=spent, on=when.on
            ),
        )
    if part.reply is not None:
        reply = part.reply
        add(
            reply.at("date"),
            lambda when: outcomes.reply_assignment(
                issued,
                actor=course.actor,
                reply_class=reply.reply_class,
                result=reply.result,
                on_paper=True,
                on=when.on,
                implied=when.implied,
            ),
        )
    if part.verification is not None:
        seen = part.verification
        add(
            seen.at("date"),
            lambda when: outcomes.verify_assignment(
                issued,
                actor=course.actor,
                method=seen.method,
                finding=seen.finding,
                verified_name=seen.by,
                on=when.on,
            ),
        )
    add(
        part.at("closed_on"),
        lambda when: outcomes.close_assignment(issued, actor=course.actor, on=when.on, implied=when.implied),
    )
    if made:
        first = min(on for on, _make in made)
        made.insert(0, (first, lambda: _move(course, part.path, lambda: _sign_for(course, issued, first))))
    return made


def _sign_for(course: Course, issued: Any, on: date) -> Any:
    """A case file has no key for it: it takes the date of the first thing the unit did."""
    return outcomes.sign_for(issued, actor=course.actor, on=on, implied=True)


def _move(course: Course, path: str, make: Callable[[], Any]) -> Any:
    course.here = path
    return make()


def _ask(course: Course, outcome: Outcome) -> None:
    part = course.case.satisfaction
    if part is None:
        return
    course.here = part.at("date") if part.date else part.path
    outcomes.record_satisfaction(
        Outcome.objects.get(pk=outcome.pk),
        actor=course.actor,
        process=tuple(
            int(answer.n) for answer in (part.process.satisfied, part.process.basically, part.process.unsatisfied)
        ),
        result=tuple(
            int(answer.n) for answer in (part.result.satisfied, part.result.basically, part.result.unsatisfied)
        ),
        on=course.on("satisfaction.date"),
    )


def _post(course: Course, topic: Topic, outcome: Outcome | None) -> None:
    """Released on paper: drafted, reviewed and posted on its day by those whom the paper does not name."""
    part, on = course.case.notice, course.on("notice.posted_on")
    course.here = part.at("text")
    notice = outcomes.draft_notice(
        actor=course.actor,
        host=course.parties.host,
        kind=part.kind,
        title=part.title,
        text=part.text,
        topic=Topic.objects.get(pk=topic.pk),
        outcome=outcome,
        places=list(part.places),
        days=part.days,
        on=on,
    )
    notice = outcomes.review_notice(
        notice, actor=course.actor, secrecy="open", secrecy_basis=_("Released on paper"), on=on
    )
    course.here = part.at("posted_on")
    outcomes.post_notice(notice, actor=course.actor, on=on, on_paper=True)


def _answers(part: CaseAnswers) -> tuple[int, int, int]:
    return int(part.satisfied.n), int(part.basically.n), int(part.unsatisfied.n)
