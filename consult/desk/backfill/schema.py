"""The shape of a case file, and the same shape as typed values once it is read.

One class per block of the file; a field's ``entry`` says how its key is written and read, so that shape and result
cannot differ. Fields are named like their keys, except ``from`` and ``to`` (``date_from``, ``date_to``) and the
``class`` of a reply (``reply_class``). What the file leaves out is ``""``, ``()`` or ``None``. ``path`` is where the
block stands in the file. What is required is there in every ``CaseFile`` that is handed out; while a file is still
being checked it may be ``None``, and the checks mind that. Limits are those of the columns (a test compares them).
"""

import datetime as dt
from dataclasses import dataclass, field

from outcomes.states import Effect, FundsKind, Method, NoticeKind, ProductKind, ReplyClass
from sessions.states import Attendance, Level, SessionForm, VenueKind
from topics.states import PartyCategory, Profile, Source

from .kinds import (
    YEARS,
    Amount,
    Choice,
    Code,
    Day,
    Figure,
    ListOf,
    Moment,
    Number,
    Projects,
    Since,
    Text,
    Word,
    YesNo,
    block,
    blocks,
    choice,
    entry,
)

SMALL = 32_767
YUAN = Amount(most=999_999_999_999, places=2)
PLAN_YEARS = Number(YEARS.start, YEARS.stop - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    path: str = ""

    def at(self, key: str) -> str:
        """The path of one of its keys."""
        return f"{self.path}.{key}" if self.path else key


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRaiser(Part):
    category: str = choice(PartyCategory.values)
    name: str = entry(Text(60))
    organisation: str = entry(Text(100))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTopic(Part):
    title: str = entry(Text(100), required=True)
    source: str = choice(Source.values, required=True)
    region: str = entry(Code(), required=True)
    place: str = entry(Text(100))
    category: str = entry(Text(40))
    tags: tuple[str, ...] = entry(ListOf(Text(20), unique=True))
    problem: str = entry(Text(3000, lines=True), required=True)
    expectation: str = entry(Text(1000, lines=True))
    households: Figure | None = entry(Amount())
    people: Figure | None = entry(Amount())
    pending_since: str = entry(Since())
    raised_on: dt.date | None = entry(Day())
    raised_by: CaseRaiser | None = block(CaseRaiser)
    stakeholders: tuple[str, ...] = entry(ListOf(Choice(tuple(PartyCategory.values)), unique=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseScreening(Part):
    date: dt.date | None = entry(Day())
    small_cut: bool | None = entry(YesNo())
    wide_reach: bool | None = entry(YesNo())
    vital_interest: bool | None = entry(YesNo())
    decision: str = choice(["pool", "decline", "transfer", "merge"], required=True)
    reason: str = entry(Text(500, lines=True))
    into: str = entry(Word())
    to_unit: str = entry(Text(100, digits=True))  # 12345, 12388 and their like
    reply: str = entry(Text(1000, lines=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseApproval(Part):
    council_on: dt.date | None = entry(Day())
    party_on: dt.date | None = entry(Day())
    party_text: str = entry(Text(300))
    lead_committee: str = entry(Text(100))
    plan_year: int | None = entry(PLAN_YEARS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClaim(Part):
    date: dt.date | None = entry(Day())
    group: str = entry(Text(100))
    member: str = entry(Text(100))
    promised_on: dt.date | None = entry(Day())


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStudy(Part):
    date_from: dt.date = entry(Day(), required=True, key="from")
    date_to: dt.date | None = entry(Day(), key="to")
    places: tuple[str, ...] = entry(ListOf(Text(100)))
    method: str = entry(Text(100))
    households: Figure | None = entry(Amount())
    findings: tuple[str, ...] = entry(ListOf(Text(300)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseParticipant(Part):
    category: str = choice(PartyCategory.values, required=True)
    organisation: str = entry(Text(100))
    name: str = entry(Text(60))
    title: str = entry(Text(60))
    count: Figure | None = entry(Amount(least=1, most=SMALL))
    attendance: str = choice(Attendance.values)

    @property
    def called(self) -> str:
        """What the roster shows: name or organisation, else the class."""
        return self.name or self.organisation or str(PartyCategory(self.category).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStatement(Part):
    by: str = entry(Text(100), required=True)
    category: str = choice(PartyCategory.values)
    text: str = entry(Text(3000, lines=True), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseConsensus(Part):
    number: int = entry(Number(1, SMALL), required=True)
    text: str = entry(Text(500, lines=True), required=True)
    level: str = choice(Level.values, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDissent(Part):
    text: str = entry(Text(500, lines=True), required=True)
    by: str = entry(Text(100))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMinutes(Part):
    drafted_on: dt.date | None = entry(Day())
    signed_on: dt.date | None = entry(Day())
    signed_by: str = entry(Text(60))

    @property
    def is_signed(self) -> bool:
        return bool(self.signed_on or self.signed_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSession(Part):
    title: str = entry(Text(100), required=True)
    form: str = choice(SessionForm.values, required=True)
    venue_kind: str = choice(VenueKind.values, required=True)
    room: str = entry(Text(80))
    place: str = entry(Text(100))
    region: str = entry(Code(), required=True)
    starts_at: dt.datetime = entry(Moment(), required=True)
    ends_at: dt.datetime | None = entry(Moment())
    languages: tuple[str, ...] = entry(ListOf(Text(30), unique=True))
    convenor: str = entry(Text(60))
    lead_member: str = entry(Text(60))
    moderator: str = entry(Text(60))
    recorder: str = entry(Text(60))
    agenda: tuple[str, ...] = entry(ListOf(Text(200)))
    participants: tuple[CaseParticipant, ...] = blocks(CaseParticipant)
    statements: tuple[CaseStatement, ...] = blocks(CaseStatement)
    consensus: tuple[CaseConsensus, ...] = blocks(CaseConsensus)
    dissent: tuple[CaseDissent, ...] = blocks(CaseDissent)
    minutes: CaseMinutes | None = block(CaseMinutes)

    @property
    def is_bench(self) -> bool:
        return self.form == SessionForm.BENCH

    @property
    def last_day(self) -> dt.date | None:
        """The day on which it was over."""
        return (self.ends_at or self.starts_at).date() if self.starts_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProduct(Part):
    kind: str = choice(ProductKind.values, required=True)
    title: str = entry(Text(100), required=True)
    text: str = entry(Text(5000, lines=True), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBenefit(Part):
    what: str = entry(Text(60), required=True)
    amount: Figure = entry(YUAN, required=True)
    unit: str = entry(Text(10), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome(Part):
    effects: tuple[str, ...] = entry(ListOf(Choice(tuple(Effect.values)), unique=True))
    product: CaseProduct | None = block(CaseProduct)
    benefits: tuple[CaseBenefit, ...] = blocks(CaseBenefit)
    submitted_to: tuple[str, ...] = entry(ListOf(Text(100), unique=True))
    submitted_on: dt.date | None = entry(Day())
    adopted_on: dt.date | None = entry(Day())
    instruction: str = entry(Text(500, lines=True))

    @property
    def is_adopted(self) -> bool:
        return bool(self.adopted_on or self.instruction)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFunds(Part):
    amount: Figure | None = entry(YUAN)
    kind: str = choice(FundsKind.values)
    source: str = entry(Text(100))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProgress(Part):
    date: dt.date | None = entry(Day())
    text: str = entry(Text(1000, lines=True), required=True)
    spent: Figure | None = entry(YUAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReply(Part):
    date: dt.date | None = entry(Day())
    reply_class: str = entry(Choice(tuple(ReplyClass.values)), required=True, key="class")
    result: str = entry(Text(2000, lines=True), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVerification(Part):
    date: dt.date | None = entry(Day())
    by: str = entry(Text(100), required=True)
    method: str = choice(Method.values, required=True)
    finding: str = entry(Text(500, lines=True), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAssignment(Part):
    number: int = entry(Number(1, SMALL), required=True)
    matter: str = entry(Text(200), required=True)
    fulfils: tuple[int, ...] = entry(ListOf(Number(1, SMALL), least=1, unique=True), required=True)
    lead_unit: str = entry(Text(100), required=True)
    assisting: tuple[str, ...] = entry(ListOf(Text(100), unique=True))
    issued_by: str = entry(Text(100), required=True)
    issued_on: dt.date | None = entry(Day())
    due_on: dt.date | None = entry(Day())
    requirement: str = entry(Text(2000, lines=True))
    funds: CaseFunds | None = block(CaseFunds)
    projects: str = entry(Projects())
    progress: tuple[CaseProgress, ...] = blocks(CaseProgress)
    reply: CaseReply | None = block(CaseReply)
    verification: CaseVerification | None = block(CaseVerification)
    closed_on: dt.date | None = entry(Day())

    @property
    def units(self) -> tuple[str, ...]:
        """The handling units: lead and assisting."""
        return (self.lead_unit, *self.assisting)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnswers(Part):
    satisfied: Figure = entry(Amount(most=1_000_000), required=True)
    basically: Figure = entry(Amount(most=1_000_000), required=True)
    unsatisfied: Figure = entry(Amount(most=1_000_000), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSatisfaction(Part):
    date: dt.date | None = entry(Day())
    process: CaseAnswers = block(CaseAnswers, required=True)
    result: CaseAnswers = block(CaseAnswers, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNotice(Part):
    kind: str = choice(NoticeKind.values, required=True)
    title: str = entry(Text(100), required=True)
    text: str = entry(Text(5000, lines=True), required=True)
    posted_on: dt.date = entry(Day(), required=True)
    days: int | None = entry(Number(1, 365))
    places: tuple[str, ...] = entry(ListOf(Text(60), unique=True))


@dataclass(frozen=True, slots=True)
class When:
    """The business date of a move; ``implied`` when the file does not give it and the next dated move does."""

    on: dt.date
    implied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile(Part):
    """One matter. ``marks``, ``dates``, ``sha256`` and ``lines`` are filled in by the reader."""

    key: str = entry(Word(), required=True)
    host: str = entry(Code(), required=True)
    joint: tuple[str, ...] = entry(ListOf(Code(), unique=True))
    profile: str = choice(Profile.values, required=True)
    programme: str = entry(Text(60))
    topic: CaseTopic = block(CaseTopic, required=True)
    screening: CaseScreening | None = block(CaseScreening)
    approval: CaseApproval | None = block(CaseApproval)
    claim: CaseClaim | None = block(CaseClaim)
    field_study: tuple[CaseStudy, ...] = blocks(CaseStudy)
    sessions: tuple[CaseSession, ...] = blocks(CaseSession)
    minutes: CaseMinutes | None = block(CaseMinutes)
    outcome: CaseOutcome | None = block(CaseOutcome)
    assignments: tuple[CaseAssignment, ...] = blocks(CaseAssignment)
    satisfaction: CaseSatisfaction | None = block(CaseSatisfaction)
    notice: CaseNotice | None = block(CaseNotice)
    illustrative: tuple[str, ...] = entry(ListOf(Text(200)))

    marks: tuple[str, ...] = ()
    dates: dict[str, When] = field(default_factory=dict)
    sha256: str = ""
    lines: dict[str, int] = field(default_factory=dict, repr=False)

    @property
    def spoken(self) -> tuple[CaseSession, ...]:
        """The sessions that are not bench sessions, in the order in which they were held."""
        held = [session for session in self.sessions if not session.is_bench and session.starts_at]
        return tuple(sorted(held, key=lambda session: session.starts_at))

    def minutes_of(self, session: CaseSession) -> CaseMinutes | None:
        """The minutes of a session: its own, or those of the file when it is the last one that is no bench session."""
        if session.minutes is not None:
            return session.minutes
        return self.minutes if self.spoken and self.spoken[-1].path == session.path else None

    def when(self, path: str) -> When | None:
        """The date of a move, given or implied: ``case.when("screening.date")``, ``case.when(reply.at("date"))``."""
        return self.dates.get(path)

    def is_sample(self, path: str) -> bool:
        """The value at this path is illustrative: 示例."""
        return path in self.marks
