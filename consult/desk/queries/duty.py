"""一键清: what a committee member did in a year, and what it counts, from the records of the procedure itself.

Nothing is typed in here. What only he himself reports stands in the list and counts nothing until somebody else's
step confirms it. One activity counts once: of a session the best of convening, leading, speaking, attending.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consult import options
from members.models import Member
from outcomes.models import Outcome, Verification
from outcomes.services.figures import share
from outcomes.states import OutcomeState
from sessions.models import ConsultSession, Minutes, Participant, Statement
from sessions.states import Attendance, MinutesState, SessionState
from topics.models import FieldStudy, Topic, Visit
from topics.states import TopicState, VisitState

KINDS = {
    "convene": (pgettext_lazy("duty", "Called consultations together"), pgettext_lazy("duty", "%(count)s sessions")),
    "lead": (pgettext_lazy("duty", "Led consultations"), pgettext_lazy("duty", "%(count)s sessions")),
    "speak": (pgettext_lazy("duty", "Took part and spoke"), pgettext_lazy("duty", "%(count)s sessions")),
    "attend": (pgettext_lazy("duty", "Took part"), pgettext_lazy("duty", "%(count)s sessions")),
    "study": (pgettext_lazy("duty", "House calls and verifications"), pgettext_lazy("duty", "%(count)s times")),
    "adopted": (pgettext_lazy("duty", "Outcomes adopted"), pgettext_lazy("duty", "%(count)s matters")),
    "satisfied": (pgettext_lazy("duty", "Settled, residents satisfied"), pgettext_lazy("duty", "%(count)s matters")),
}
WAITING = gettext_lazy("To be confirmed by the CPPCC")
#: A matter the office has taken in: what was logged with it is confirmed thereby.
_TAKEN_IN = (
    *(TopicState.POOLED, TopicState.APPROVED, TopicState.CLAIMED, TopicState.SCHEDULED),
    *(TopicState.CONSULTED, TopicState.CLOSED),
)


@dataclass(frozen=True)
class Deed:
    """One entry: what, when, what it is worth, and whether somebody else's step confirms it."""

    kind: str
    on: date
    title: str
    verified: bool
    note: str = ""
    url: str = ""
    points: int = 0


@dataclass
class Line:
    """One kind of deed in the table of points."""

    kind: str
    count: int = 0
    points: int = 0

    @property
    def label(self) -> Any:
        return KINDS[self.kind][0]

    @property
    def count_words(self) -> str:
        return str(KINDS[self.kind][1]) % {"count": self.count}


@dataclass
class Account:
    """The year of one member."""

    year: int
    deeds: list[Deed] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    earned: int = 0
    total: int = 0
    cap: int = 0

    @property
    def waiting(self) -> int:
        return sum(not deed.verified for deed in self.deeds)


def account_of(member: Member, year: int) -> Account:
    """Points by the rules in force at the end of that year (today, while it lasts); a fixed number of queries."""
    last = min(timezone.localdate(), date(year, 12, 31))
    rules = {key: int(options.get(member.host_id, f"scoring.{key}", on=last)) for key in (*KINDS, "cap")}
    found = [*_sessions(member, year), *_visits(member, year), *_verifications(member, year), *_fruits(member, year)]
    deeds = [_worth(deed, rules) for deed in sorted(found, key=lambda deed: deed.on, reverse=True)]
    lines = {kind: Line(kind) for kind in KINDS}
    for deed in deeds:
        if deed.verified:
            lines[deed.kind].count += 1
            lines[deed.kind].points += deed.points
    earned = sum(line.points for line in lines.values())
    cap = rules["cap"]
    shown = [line for line in lines.values() if line.count]
    return Account(year, deeds, shown, earned, min(earned, cap) if cap else earned, cap)


def years_of(member: Member) -> list[int]:
    """This year and those before it within his term, at most three."""
    this = timezone.localdate().year
    return [year for year in range(this, this - 3, -1) if year >= member.since.year]


def _worth(deed: Deed, rules: dict[str, int]) -> Deed:
    return Deed(deed.kind, deed.on, deed.title, deed.verified, deed.note, deed.url, rules[deed.kind])


def _between(year: int) -> tuple[datetime, datetime]:
    return timezone.make_aware(datetime(year, 1, 1)), timezone.make_aware(datetime(year + 1, 1, 1))


# sessions -------------------------------------------------------------------------------------------------------------


def _sessions(member: Member, year: int) -> Iterable[Deed]:
    start, end = _between(year)
    mine = Q(participants__member=member)
    called = Q(convenor__account=member.account) | Q(created_by=member.account, is_backfilled=True)
    leads = Q(lead_member=member)
    if member.account_id is None:
        called = Q(pk__in=())
    himself = Participant.objects.filter(member=member, attendance=Attendance.PRESENT, proxy_name="")
    came = himself.filter(session=OuterRef("pk"))
    spoke = Statement.objects.filter(session=OuterRef("pk"), participant__member=member)
    signed = Minutes.objects.filter(session=OuterRef("pk"), state=MinutesState.SIGNED)
    taken_in = Topic.objects.filter(session_topics__session=OuterRef("pk"), client_id=OuterRef("client_id"))
    reported = Outcome.objects.filter(topic__session_topics__session=OuterRef("pk"))
    keys = ConsultSession.objects.filter(mine | called | leads, starts_at__gte=start, starts_at__lt=end).values("pk")
    rows = (
        ConsultSession.objects.filter(
            pk__in=keys, host_id=member.host_id, state__in=(SessionState.HELD, SessionState.NEEDS_DECISION)
        )
        .annotate(
            came=Exists(came),
            spoke=Exists(spoke),
            signed=Exists(signed),
            taken_in=Exists(taken_in.filter(state__in=_TAKEN_IN)),
            reported=Exists(reported),
        )
        .select_related("convenor")
    )
    for row in rows:
        if deed := _part_in(row, member):
            yield deed


def _part_in(row: Any, member: Member) -> Deed | None:
    """The best of what he did there; being on the list without coming is nothing."""
    own_report = row.is_backfilled and row.created_by_id == member.account_id
    if own_report or (row.convenor and row.convenor.account_id == member.account_id and member.account_id):
        kind = "convene"
    elif row.lead_member_id == member.pk:
        kind = "lead"
    elif row.came:
        kind = "speak" if row.spoke else "attend"
    else:
        return None
    confirmed = row.state == SessionState.HELD and (
        not own_report or row.signed or row.reported or (row.client_id is not None and row.taken_in)
    )
    notes = [
        _("minutes signed") if row.signed else "",
        _("on the roster") if row.came else "",
        _("taken in by the office") if own_report and row.taken_in else "",
    ]
    said = "　".join(note for note in notes if note)
    return Deed(kind, timezone.localtime(row.starts_at).date(), row.title, confirmed, said, row.get_absolute_url())


# visits, verifications, what came of it -----------------------------------------------------------------------------


def _visits(member: Member, year: int) -> Iterable[Deed]:
    """House calls count once the matter they were made for has been consulted; the rest of the book is shown."""
    if member.account_id is None:
        return
    consulted = (TopicState.CONSULTED, TopicState.CLOSED)
    for study in FieldStudy.objects.filter(
        recorded_by=member.account, topic__host_id=member.host_id, date_from__year=year
    ).select_related("topic"):
        ready = study.topic.state in consulted
        yield Deed("study", study.date_from, study.topic.title, ready, _doors(study.households))
    rows = Visit.objects.filter(recorded_by=member.account, host_id=member.host_id, visited_on__year=year)
    for visit in rows.exclude(state=VisitState.SET_ASIDE):
        yield Deed(
            "study",
            visit.visited_on,
            visit.place or "，".join(visit.findings)[:40] or _("House calls"),
            False,
            _doors(visit.households),
        )


def _doors(households: int | None) -> str:
    return _("%(count)s households") % {"count": households} if households else ""


def _verifications(member: Member, year: int) -> Iterable[Deed]:
    if member.account_id is None:
        return
    rows = Verification.objects.filter(
        verified_by=member.account, assignment__host_id=member.host_id, date__year=year
    ).select_related("assignment")
    for row in rows:
        yield Deed("study", row.date, row.assignment.matter, True, _("verified on the spot"))


def _fruits(member: Member, year: int) -> Iterable[Deed]:
    """Of matters he took up or whose consultation he led: adopted, and settled to the residents' satisfaction."""
    mine = Q(topic__claimed_member=member) | Q(topic__sessions__lead_member=member)
    if member.account_id is not None:
        mine |= Q(topic__claimed_by=member.account)
    keys = Outcome.objects.filter(mine, host_id=member.host_id).values("pk")
    rows = Outcome.objects.filter(pk__in=keys).select_related("topic", "satisfaction")
    for row in rows:
        if row.state == OutcomeState.ADOPTED and row.adopted_on and row.adopted_on.year == year:
            yield Deed("adopted", row.adopted_on, row.topic.title, True, _("adopted"))
        survey = row.survey
        settled = row.topic.state == TopicState.CLOSED and survey is not None and survey.answered_on
        if settled and survey.answered_on.year == year and _pleased(survey):
            told = _share(survey)
            few = _("content: %(count)s") % {"count": _content(survey)}
            words = _("satisfied %(share)s%%") % {"share": told} if told else few
            yield Deed("satisfied", survey.answered_on, row.topic.title, True, words)


def _pleased(survey: Any) -> bool:
    """The raiser is not dissatisfied, and more are content with the result than not."""
    content = survey.result_satisfied + survey.result_basically
    return survey.raiser_result != "unsatisfied" and content > survey.result_unsatisfied


def _content(survey: Any) -> int:
    return survey.result_satisfied + survey.result_basically


def _share(survey: Any) -> str:
    return share(_content(survey), sum(survey.result), survey.outcome.host_id)
