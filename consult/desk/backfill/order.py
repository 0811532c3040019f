"""When each move of a matter happened: in the order of the chain, and what the file leaves undated filled in.

A move that the file does not date takes the date of the next dated move. The moves are the points of a small graph,
an arrow meaning "not before"; the date of a point without one is the earliest of the points it leads to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from .problems import Problems
from .schema import CaseAssignment, CaseFile, CaseSession, When


@dataclass(slots=True)
class _Step:
    """A move; ``on`` is its date, its own or implied, ``floor`` the latest dated move right before it."""

    path: str
    own: date | None
    after: list["_Step"] = field(default_factory=list)
    next: list["_Step"] = field(default_factory=list)
    on: date | None = None
    floor: tuple[date, str] | None = None


class Chain:
    """The steps of one matter; ``check`` notes what is out of order, ``dates`` answers for all others."""

    def __init__(self, case: CaseFile):
        self.steps: list[_Step] = []
        self.promises: list[tuple[_Step, str, date | None]] = []
        self.case = case
        self.screened = self.raised = self._step("topic.raised_on", case.topic.raised_on if case.topic else None)
        taken_up = self._take_up()
        consulted = self._consult(taken_up)
        handed_on = self._hand_on(consulted)
        self._post(handed_on, consulted, taken_up)
        self._fill_in()

    def _fill_in(self) -> None:
        """Dates from the end backwards, floors from the beginning on: a step is made after those it comes after."""
        for step in reversed(self.steps):
            step.on = step.own or min((later.on for later in step.next if later.on), default=None)
        for step in self.steps:
            before = [(early.own, early.path) if early.own else early.floor for early in step.after]
            step.floor = max((early for early in before if early), default=None)

    def dates(self) -> dict[str, When]:
        """The date of every move that was made."""
        return {step.path: When(step.on, implied=step.own is None) for step in self.steps if step.on}

    def check(self, today: date, problems: Problems) -> None:
        for step in self.steps:
            if step.on is None:
                message = _("This move has no date, and no later one has one either.")
                problems.add(step.path, message, _("Add its date here."))
            elif step.own and step.own > today:
                message = _("%(day)s is still to come.") % {"day": step.own}
                problems.add(step.path, message, _("Give the day on which it happened, or leave the move out."))
            elif step.own and step.floor and step.floor[0] > step.own:
                _out_of_order(step.path, step.own, step.floor[1], step.floor[0], problems)
        for step, path, promised in self.promises:
            if step.on and promised and promised < step.on:
                _out_of_order(path, promised, step.path, step.on, problems)

    def _step(self, path: str, own: date | None, after: Iterable["_Step | None"] = ()) -> _Step:
        step = _Step(path, own, [before for before in after if before is not None])
        for before in step.after:
            before.next.append(step)
        self.steps.append(step)
        return step

    def _take_up(self) -> _Step:
        """Screening, then approval or claim."""
        case, last = self.case, self.raised
        if case.screening is not None:
            last = self.screened = self._step("screening.date", case.screening.date, [last])
        if case.approval is not None:
            if case.approval.council_on is not None:
                last = self._step("approval.council_on", case.approval.council_on, [last])
            last = self._step("approval.party_on", case.approval.party_on, [last])
        if case.claim is not None:
            last = self._step("claim.date", case.claim.date, [last])
            self.promises.append((last, "claim.promised_on", case.claim.promised_on))
        for study in case.field_study:
            # Before the matter was taken up somebody may have gone and looked; before it was raised nobody.
            seen = self._step(study.at("from"), study.date_from, [self.raised])
            if study.date_to is not None:
                self._step(study.at("to"), study.date_to, [seen])
        return last

    def _consult(self, taken_up: _Step) -> list[_Step]:
        """The sessions with their minutes; a bench session may have come before anything was filed."""
        done = []
        for session in self.case.sessions:
            begun = self._step(session.at("starts_at"), _day(session), [] if session.is_bench else [taken_up])
            if session.is_bench and self.raised.own is None and begun.own is not None:
                self.raised.next.append(begun)
            done.append(self._minutes(session, begun))
        return done

    def _minutes(self, session: CaseSession, begun: _Step) -> _Step:
        minutes = self.case.minutes_of(session)
        over = begun
        if session.ends_at is not None and session.starts_at is not None:
            over = self._step(session.at("ends_at"), session.ends_at.date(), [begun])
        if minutes is None:
            return over
        last = self._step(minutes.at("drafted_on"), minutes.drafted_on, [over])
        if minutes.is_signed or self._outcome_needs(session):
            last = self._step(minutes.at("signed_on"), minutes.signed_on, [last])
        return last

    def _outcome_needs(self, session: CaseSession) -> bool:
        """The outcome was drawn from signed minutes of the last session, so they were signed."""
        spoken = self.case.spoken
        return self.case.outcome is not None and bool(spoken) and spoken[-1].path == session.path

    def _hand_on(self, consulted: list[_Step]) -> list[_Step]:
        """Outcome, assignments, satisfaction; returns what an outcome notice comes after."""
        case, outcome = self.case, self.case.outcome
        if outcome is None:
            return []
        spoken = {session.path for session in case.spoken}
        sources = [
            step for session, step in zip(case.sessions, consulted, strict=True) if not spoken or session.path in spoken
        ]
        submitted = self._step("outcome.submitted_on", outcome.submitted_on, sources)
        adopted = None
        if outcome.is_adopted or (case.profile == "formal" and case.assignments):
            adopted = self._step("outcome.adopted_on", outcome.adopted_on, [submitted])
        gate = adopted if adopted is not None and case.profile == "formal" else submitted
        closed = [self._assignment(assignment, gate) for assignment in case.assignments]
        last = [submitted, adopted]
        if case.satisfaction is not None:
            last = [self._step("satisfaction.date", case.satisfaction.date, [submitted, adopted, *closed])]
        return [step for step in last if step is not None]

    def _assignment(self, assignment: CaseAssignment, gate: _Step) -> _Step:
        issued = last = self._step(assignment.at("issued_on"), assignment.issued_on, [gate])
        self.promises.append((issued, assignment.at("due_on"), assignment.due_on))
        for progress in assignment.progress:
            last = self._step(progress.at("date"), progress.date, [last])
        if assignment.reply is not None:
            last = self._step(assignment.reply.at("date"), assignment.reply.date, [last])
        if assignment.verification is not None:
            last = self._step(assignment.verification.at("date"), assignment.verification.date, [last])
            if assignment.closed_on is not None or self.case.satisfaction is not None:
                last = self._step(assignment.at("closed_on"), assignment.closed_on, [last])
        return last

    def _post(self, handed_on: list[_Step], consulted: list[_Step], taken_up: _Step) -> None:
        notice = self.case.notice
        if notice is None:
            return
        after = {"outcome": handed_on or consulted or [taken_up], "announcement": [taken_up]}
        if notice.kind == "progress":
            # What is told is how things stand that day: anything after the consultation may be still to come.
            after["progress"] = consulted[:1] or [taken_up]
        self._step("notice.posted_on", notice.posted_on, after.get(notice.kind, [self.screened]))


def _day(session: CaseSession) -> date | None:
    return session.starts_at.date() if session.starts_at else None


def _out_of_order(path: str, day: date, before: str, earlier: date, problems: Problems) -> None:
    message = _("%(day)s lies before %(before)s (%(earlier)s, line %(line)d), which comes first.")
    params = {"day": day, "before": before, "earlier": earlier, "line": problems.line_of(before)}
    problems.add(path, message % params, _("Mend one of the two dates."))
