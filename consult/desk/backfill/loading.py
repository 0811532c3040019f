"""Load a case file that was read: the same services as everybody else, by the system account, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import DomainError, Missing
from members.models import Account
from outcomes import services as outcomes
from outcomes.models import Outcome
from sessions import services as sessions
from sessions.models import ConsensusPoint, ConsultSession
from sessions.states import VenueKind
from topics import services as topics
from topics.models import Topic

from .chain_marks import chain_marks
from .parties import Parties, host_of
from .problems import Problem
from .reader import problem_at, read_file
from .schema import CaseAnswers, CaseAssignment, CaseFile, CaseMinutes, CaseParticipant, CaseSession

#: Of a session whose end the file does not give.
USUAL_LENGTH = timedelta(hours=2)


@dataclass
class Result:
    """What became of one file: loaded (with whom it created), known already, or refused with what to mend."""

    file: str
    topic: Topic | None = None
    created: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: bool = False
    changed: bool = False


class _Refused(Exception):
    def __init__(self, problems: list[Problem]):
        self.problems = problems


def load_file(path: str | Path, *, actor: Account, today: date | None = None) -> Result:
    """Backfill one matter. Loading it twice changes nothing the second time; a bad file stores nothing."""
    reading = read_file(path, today=today)
    if reading.case is None:
        return Result(str(path), problems=reading.problems)
    try:
        with transaction.atomic():
            return _Loader(reading.case, str(path), actor).load()
    except _Refused as refused:
        return Result(str(path), problems=refused.problems)


class _Loader:
    """Walks the chain in the order of the procedure; ``here`` is the path of the move being made."""

    def __init__(self, case: CaseFile, file: str, actor: Account):
        self.case, self.file, self.actor = case, file, actor
        self.here = ""

    def load(self) -> Result:
        try:
            self.parties: Parties = host_of(self.case, self.actor)
            known = Topic.objects.filter(host=self.parties.host, case_key=self.case.key).first()
            if known is not None:
                return Result(self.file, topic=known, known=True, changed=known.case_sha256 != self.case.sha256)
            topic = self._make_all()
        except (DomainError, ValidationError) as error:
            raise _Refused(self._problems_of(error)) from error
        return Result(self.file, topic=topic, created=self.parties.created)

    def _make_all(self) -> Topic:
        topic = self._hand_in()
        if not self._screen(topic):
            return Topic.objects.get(pk=topic.pk)
        self._take_up(topic)
        for study in self.case.field_study:
            self.here = study.at("from")
            topics.study_topic(
                topic,
                actor=self.actor,
                date_from=study.date_from,
                date_to=study.date_to or study.date_from,
                places=study.places,
                method=study.method,
                households=_count(study.households),
                households_about=_about(study.households),
                findings=study.findings,
            )
        for part in sorted(self.case.sessions, key=lambda one: one.starts_at):
            self._hold(topic, part)
        self._conclude(topic)
        return Topic.objects.get(pk=topic.pk)

    # the topic ------------------------------------------------------------------------------------------------------

    def _hand_in(self) -> Topic:
        case, part = self.case, self.case.topic
        self.here = "topic.region"
        raised = part.raised_by
        return topics.hand_in(
            actor=self.actor,
            host=self.parties.host,
            region_code=part.region,
            source=part.source,
            title=part.title,
            problem=part.problem,
            raiser={
                "category": (raised and raised.category) or "other",
                "name": raised.name if raised else "",
                "organisation": raised.organisation if raised else "",
                "on_behalf": True,
            },
            on=self._on("topic.raised_on"),
            place=part.place,
            expectation=part.expectation,
            category=part.category,
            tags=part.tags,
            households=_count(part.households),
            households_about=_about(part.households),
            people=_count(part.people),
            people_about=_about(part.people),
            pending_since=part.pending_since,
            stakeholders=part.stakeholders,
            programme=case.programme,
            joint_hosts=[self.parties.cppcc(code) for code in case.joint],
            case_key=case.key,
            case_sha256=case.sha256,
            marks=chain_marks(case),
        )

    def _screen(self, topic: Topic) -> bool:
        """True when the matter was pooled and goes on."""
        part = self.case.screening
        if part is None:
            return False
        self.here, on = part.at("decision"), self._on("screening.date")
        if part.decision == "decline":
            topics.decline_topic(
                topic, actor=self.actor, reason=part.reason or part.reply, reply_text=part.reply or part.reason, on=on
            )
        elif part.decision == "transfer":
            topics.transfer_topic(
                topic,
                actor=self.actor,
                to_unit=part.to_unit,
                reason=part.reason or part.reply,
                reply_text=part.reply or part.reason,
                on=on,
            )
        elif part.decision == "merge":
            self.here = part.at("into")
            target = Topic.objects.filter(host=self.parties.host, case_key=part.into).first()
            if target is None:
                raise Missing(
                    _("No matter with the key “%(key)s” is loaded. Load its file first.") % {"key": part.into}
                )
            topics.merge_topic(topic, actor=self.actor, into=target, reason=part.reason, on=on)
        else:
            topics.pool_topic(
                topic,
                actor=self.actor,
                profile=self.case.profile,
                category=self.case.topic.category,
                small_cut=bool(part.small_cut),
                wide_reach=bool(part.wide_reach),
                vital_interest=bool(part.vital_interest),
                on=on,
                implied=self._implied("screening.date"),
            )
        return part.decision == "pool"

    def _take_up(self, topic: Topic) -> None:
        case = self.case
        if case.approval is not None:
            part = case.approval
            self.here = part.at("party_on") if part.party_on else part.path
            topics.approve_topic(
                topic,
                actor=self.actor,
                council_on=part.council_on,
                party_on=part.party_on,
                party_text=part.party_text,
                plan_year=part.plan_year,
                lead_committee=self.parties.committee(part.lead_committee) if part.lead_committee else None,
                on=self._on("approval.party_on") or self._on("approval.council_on"),
                implied=self._implied("approval.party_on"),
            )
        if case.claim is not None:
            part = case.claim
            self.here = part.at("date") if part.date else part.path
            topics.claim_topic(
                topic,
                actor=self.actor,
                promised_on=part.promised_on,
                group=self.parties.group(part.group, case.topic.region) if part.group else None,
                member=self.parties.member(part.member),
                claimed_name=part.member,
                on=self._on("claim.date"),
                implied=self._implied("claim.date"),
            )

    # the sessions ---------------------------------------------------------------------------------------------------

    def _hold(self, topic: Topic, part: CaseSession) -> None:
        self.here = part.at("starts_at")
        starts = _aware(part.starts_at)
        ends = _aware(part.ends_at) if part.ends_at else starts + USUAL_LENGTH
        room = self.parties.room(part.room, part) if part.room else None
        session = sessions.plan_session(
            actor=self.actor,
            host=self.parties.host,
            topics=[Topic.objects.get(pk=topic.pk)],
            form=part.form,
            venue_kind=part.venue_kind,
            region_code=part.region,
            title=part.title,
            starts_at=starts,
            ends_at=ends,
            room=room,
            place=part.place or ("" if room or part.venue_kind == VenueKind.ONLINE else self.case.topic.place or "—"),
            convenor=self.parties.convenor(part.convenor),
            convenor_name=part.convenor,
            lead_member=self.parties.member(part.lead_member),
            lead_name=part.lead_member,
            moderator_name=part.moderator,
            recorder_name=part.recorder,
            languages=part.languages,
            agenda=part.agenda,
            participants=[self._participant(line) for line in part.participants],
            at=starts,
        )
        session = sessions.announce_session(session, actor=self.actor, at=starts)
        session = sessions.open_session(session, actor=self.actor, at=starts)
        self._record(session, topic, part)
        session = sessions.close_session(session, actor=self.actor, at=ends, no_statements=not part.statements)
        minutes = self.case.minutes_of(part)
        if minutes is not None:
            self._write_minutes(session, minutes)

    def _participant(self, line: CaseParticipant) -> dict[str, Any]:
        values = {
            "category": line.category,
            "name": line.name,
            "title": line.title,
            "count": int(line.count.n) if line.count else 1,
            "attendance": line.attendance,
        }
        if line.organisation and (line.category == "member" or self.parties.is_group(line.organisation)):
            return {**values, "organisation_name": line.organisation}
        if line.organisation:
            values["organisation"] = self.parties.unit(line.organisation, line.category)
        return values

    def _record(self, session: ConsultSession, topic: Topic, part: CaseSession) -> None:
        for said in part.statements:
            self.here = said.at("text")
            sessions.add_statement(session, said.by, said.category or "other", said.text, actor=self.actor)
        for point in part.consensus:
            self.here = point.at("number")
            sessions.agree_point(session, topic, point.text, point.level, actor=self.actor, number=point.number)
        for kept in part.dissent:
            self.here = kept.at("text")
            sessions.keep_dissent(session, topic, kept.text, kept.by, actor=self.actor)

    def _write_minutes(self, session: ConsultSession, part: CaseMinutes) -> None:
        signed = self.case.when(part.at("signed_on"))
        drafted = self.case.when(part.at("drafted_on")) or signed
        if drafted is None:
            return
        self.here = part.at("signed_on") if part.signed_on else part.path
        minutes = sessions.draft_minutes(session, actor=self.actor, on=drafted.on, drafted_name=_("paper file"))
        if signed is not None:
            minutes = sessions.file_minutes(minutes, actor=self.actor, on=drafted.on)
            sessions.sign_minutes(minutes, actor=self.actor, signed_name=part.signed_by, on_paper=True, on=signed.on)

    # what came of it ------------------------------------------------------------------------------------------------

    def _conclude(self, topic: Topic) -> None:
        outcome = self._outcome(topic)
        if outcome is not None:
            self._assignments(topic, outcome)
            self._ask(outcome)
        if self.case.notice is not None:
            self._post(topic, outcome)

    def _outcome(self, topic: Topic) -> Outcome | None:
        part = self.case.outcome
        if part is None:
            return None
        self.here = part.at("submitted_on") if part.submitted_on else part.path
        submitted = self.case.when("outcome.submitted_on")
        adopted = self.case.when("outcome.adopted_on")
        drafted = submitted or adopted
        outcome = outcomes.draft_outcome(
            Topic.objects.get(pk=topic.pk),
            actor=self.actor,
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
                actor=self.actor,
                submitted_to=list(part.submitted_to),
                on=submitted.on,
                implied=submitted.implied,
            )
        if adopted is not None:
            self.here = part.at("adopted_on")
            outcome = outcomes.adopt_outcome(
                outcome, actor=self.actor, instruction=part.instruction, on=adopted.on, implied=adopted.implied
            )
        return outcome

    def _assignments(self, topic: Topic, outcome: Outcome) -> None:
        """Issue all, then make every later move in the order of its date: the last closing closes the matter."""
        points = {point.number: point for point in ConsensusPoint.objects.filter(topic=topic)}
        later: list[tuple[date, int, Callable[[], Any]]] = []
        for part in sorted(self.case.assignments, key=lambda one: one.number):
            issued = self._issue(outcome, part, points)
            later += [(on, len(later) + place, make) for place, (on, make) in enumerate(self._moves(issued, part))]
        for _on, _place, make in sorted(later, key=lambda entry: entry[:2]):
            make()

    def _issue(self, outcome: Outcome, part: CaseAssignment, points: dict[int, ConsensusPoint]) -> Any:
        self.here = part.at("issued_on") if part.issued_on else part.path
        when = self.case.when(part.at("issued_on"))
        funds = part.funds
        return outcomes.issue_assignment(
            outcome,
            actor=self.actor,
            matter=part.matter,
            fulfils=[points[number] for number in part.fulfils],
            lead_unit=self.parties.unit(part.lead_unit),
            assisting_units=[self.parties.unit(name) for name in part.assisting],
            requirement=part.requirement,
            due_on=part.due_on,
            issued_by=part.issued_by,
            funds_amount=Decimal(str(funds.amount.n)) if funds and funds.amount else None,
            funds_about=_about(funds.amount) if funds else "",
            funds_kind=funds.kind if funds else "",
            funds_source=funds.source if funds else "",
            projects=part.projects,
            ordinal=part.number,
            on=when.on if when else None,
            implied=bool(when and when.implied),
        )

    def _moves(self, issued: Any, part: CaseAssignment) -> list[tuple[date, Callable[[], Any]]]:
        """The dated moves of one assignment; signing for it takes the date of the first of them."""
        made: list[tuple[date, Callable[[], Any]]] = []

        def add(path: str, make: Callable[..., Any]) -> None:
            when = self.case.when(path)
            if when is not None:
                made.append((when.on, lambda: self._make(path, lambda: make(when))))

        for entry in part.progress:
            spent = Decimal(str(entry.spent.n)) if entry.spent else None
            add(
                entry.at("date"),
                lambda when, entry=entry, spent=spent: outcomes.add_progress(
                    issued, actor=self.actor, text=entry.text, spent=spent, on=when.on
                ),
            )
        if part.reply is not None:
            reply = part.reply
            add(
                reply.at("date"),
                lambda when: outcomes.reply_assignment(
                    issued,
                    actor=self.actor,
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
                    actor=self.actor,
                    method=seen.method,
                    finding=seen.finding,
                    verified_name=seen.by,
                    on=when.on,
                ),
            )
        add(
            part.at("closed_on"),
            lambda when: outcomes.close_assignment(issued, actor=self.actor, on=when.on, implied=when.implied),
        )
        if made:
            first = min(on for on, _make in made)
            sign = lambda: self._make(  # noqa: E731
                part.path, lambda: outcomes.sign_for(issued, actor=self.actor, on=first, implied=True)
            )
            made.insert(0, (first, sign))
        return made

    def _make(self, path: str, make: Callable[[], Any]) -> Any:
        self.here = path
        return make()

    def _ask(self, outcome: Outcome) -> None:
        part = self.case.satisfaction
        if part is None:
            return
        self.here = part.at("date") if part.date else part.path
        outcomes.record_satisfaction(
            Outcome.objects.get(pk=outcome.pk),
            actor=self.actor,
            process=tuple(
                int(answer.n) for answer in (part.process.satisfied, part.process.basically, part.process.unsatisfied)
            ),
            result=tuple(
                int(answer.n) for answer in (part.result.satisfied, part.result.basically, part.result.unsatisfied)
            ),
            on=self._on("satisfaction.date"),
        )

    def _post(self, topic: Topic, outcome: Outcome | None) -> None:
        """Released on paper: drafted, reviewed and posted on its day by those whom the paper does not name."""
        part, on = self.case.notice, self._on("notice.posted_on")
        self.here = part.at("text")
        notice = outcomes.draft_notice(
            actor=self.actor,
            host=self.parties.host,
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
            notice, actor=self.actor, secrecy="open", secrecy_basis=_("Released on paper"), on=on
        )
        self.here = part.at("posted_on")
        outcomes.post_notice(notice, actor=self.actor, on=on, on_paper=True)

    # dates and refusals ---------------------------------------------------------------------------------------------

    def _on(self, path: str) -> date | None:
        when = self.case.when(path)
        return when.on if when else None

    def _implied(self, path: str) -> bool:
        when = self.case.when(path)
        return bool(when and when.implied)

    def _problems_of(self, error: DomainError | ValidationError) -> list[Problem]:
        if isinstance(error, Missing) and error.fields:
            messages = [str(message) for found in error.fields.values() for message in found]
        elif isinstance(error, ValidationError):
            messages = [str(message) for message in error.messages]
        else:
            messages = [str(error)]
        return [problem_at(self.case, self.file, self.here, message) for message in messages]


def _count(figure: Any) -> int | None:
    return int(figure.n) if figure is not None else None


def _about(figure: Any) -> str:
    return figure.about if figure is not None else ""


def _answers(part: CaseAnswers) -> tuple[int, int, int]:
    return int(part.satisfied.n), int(part.basically.n), int(part.unsatisfied.n)


def _aware(moment: datetime) -> datetime:
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
