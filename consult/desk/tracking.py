"""查我的点单: the matter of one receipt, told to who raised it, in the order of the four slips.

Everything is read from the public form of the chain: no names of people, no contacts. Without a telephone left at the
slip the same story is told by its dates alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult import options
from consult.audit import Entry
from consult.calendar import add_working_days, is_provisional
from consult.web.states import position
from consult.web.words import PUBLIC, say_day, say_span
from outcomes.chain import build_chain
from outcomes.chain.people import hide_in
from outcomes.marks import Marks
from outcomes.models import PublicNotice, SatisfactionSurvey
from outcomes.services import invitation_of, link_of
from outcomes.services.rating import trouble_of
from outcomes.states import RUNNING_STATES, AssignmentState
from sessions.models import ConsultSession
from sessions.services import minutes_due_on
from sessions.states import SessionForm, SessionState
from topics.models import Raiser, Topic
from topics.services import find_by_receipt
from topics.states import Profile, RaiserKind, TopicState

#: A chain of merged matters is followed so far; more would be a circle.
MERGES = 10
S = TopicState


@dataclass(frozen=True)
class Event:
    """A dated step below one of the four slips; undated ones are still to come."""

    text: str
    day: date | None = None
    strong: str = ""
    sample: bool = False
    url: str = ""


@dataclass
class Slip:
    """One of 点 接 解 查 with what happened under it."""

    mark: str
    title: str
    tone: str = "n"  # d done, k current, s all done, n not begun
    standing: str = ""
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class Next:
    """What happens next, and by when."""

    title: str
    text: str = ""
    by: date | None = None
    is_provisional: bool = False

    @property
    def day_words(self) -> str:
        """11 月 24 日（周二）; a day that the year's holiday plan may still move says so."""
        words = say_day(self.by, PUBLIC)
        return _("%(day)s (provisional)") % {"day": words} if self.is_provisional else words


@dataclass
class Tracked:
    """What a page of tracking tells."""

    receipt: str
    topic: Topic
    title: str
    raised_on: date
    raised_sample: bool
    next: Next
    slips: list[Slip]
    told_whole: bool
    is_merged: bool
    phone: str
    hours: str
    has_samples: bool
    rating_url: str = ""
    explanation: str = ""
    explained_on: date | None = None

    @property
    def phone_link(self) -> str:
        """Digits only, for a telephone."""
        return "".join(character for character in self.phone if character.isdigit() or character == "+")


def track(receipt: str, phone_tail: str) -> Tracked | None:
    """The matter of the receipt when the last four digits are right; None alike for a wrong one and an unknown one."""
    raiser = find_by_receipt(receipt, phone_tail)
    return tell(raiser) if raiser is not None else None


def tell(raiser: Raiser) -> Tracked:
    own = raiser.topic
    topic = _goes_on_in(own)
    told_whole = bool(raiser.phone_tail)
    story = _Story(topic, told_whole, merged_from=own if topic.pk != own.pk else None)
    return Tracked(
        receipt=raiser.receipt,
        topic=topic,
        title=own.title if told_whole else "",
        raised_on=own.raised_on,
        raised_sample=topic.pk == own.pk and story.marks.covers("topic.raised_on"),
        next=story.next(),
        slips=story.slips(),
        told_whole=told_whole,
        is_merged=topic.pk != own.pk,
        phone=options.get(own.host_id, "contact.phone") or own.host.phone,
        hours=options.get(own.host_id, "contact.hours"),
        has_samples=bool(story.marks),
        **_asked(raiser, topic, told_whole),
    )


def _asked(raiser: Raiser, topic: Topic, told_whole: bool) -> dict[str, Any]:
    """The address by which the raiser says how satisfied he is, and what he was told when he was not."""
    invitation = invitation_of(raiser) if raiser.kind == RaiserKind.RAISER else None
    found = {"rating_url": link_of(invitation) if invitation is not None and not trouble_of(invitation) else ""}
    answered = SatisfactionSurvey.objects.filter(outcome__topic=topic, explained_on__isnull=False).order_by("-pk")
    survey = answered.first() if told_whole else None
    if survey is None:
        return found
    return {**found, "explanation": hide_in(survey.explanation, ()), "explained_on": survey.explained_on}


def _goes_on_in(topic: Topic) -> Topic:
    """A merged matter goes on in another one; its raiser hears of that."""
    for _step in range(MERGES):
        if topic.state != S.MERGED or topic.merged_into_id is None:
            break
        topic = Topic.objects.select_related("host").get(pk=topic.merged_into_id)
    return topic


class _Story:
    """The chain as its raiser reads it."""

    def __init__(self, topic: Topic, told_whole: bool, merged_from: Topic | None):
        self.topic, self.told_whole, self.merged_from = topic, told_whole, merged_from
        self.chain = build_chain(topic, public=True)
        self.marks = Marks(self.chain.get("illustrative", ()))
        self.place = position("topic", topic.state, topic.profile)
        self.sessions = list(
            ConsultSession.objects.filter(topics=topic)
            .exclude(state=SessionState.NEEDS_DECISION)
            .select_related("room")
            .with_minutes_state()
            .order_by("starts_at", "pk")
        )
        self.notices = list(
            PublicNotice.objects.public().filter(topic=topic).select_related("host").only("uuid", "posted_on", "host")
        )

    # what happened ----------------------------------------------------------------------------------------------------

    def slips(self) -> list[Slip]:
        told = [
            Slip("点", _("Slip handed in"), events=list(self._handed_in())),
            Slip("接", _("Taken up"), events=list(self._taken_up())),
            Slip("解", pgettext("desk", "Talked over"), events=list(self._talked_over())),
            Slip("查", pgettext("desk", "Followed up"), events=list(self._followed_up())),
        ]
        for number, slip in enumerate(told, 1):
            slip.tone, slip.standing = self._standing(number)
            slip.events.sort(key=lambda event: event.day or date.max)
        return told

    def _standing(self, number: int) -> tuple[str, str]:
        """How one of the four slips stands, from the place of the whole."""
        done, begun, to_come = _("done"), pgettext("desk", "under way"), pgettext("desk", "not begun")
        if self.place >= 5:
            return "s", done
        if self.place < 0:
            ended = -self.place
            return ("d", pgettext("desk", "ended here")) if number == ended else ("d" if number < ended else "n", "")
        if number == self.place:
            return "k", begun
        return ("d", done) if number < self.place else ("n", to_come)

    def _event(self, path: str, plain: str, whole: str = "", strong: str = "") -> Iterable[Event]:
        """A dated step, if the chain knows its day."""
        if day := self._day(path):
            yield Event(whole if self.told_whole else plain, day, strong if self.told_whole else "", self._marked(path))

    def _handed_in(self) -> Iterable[Event]:
        if self.merged_from is not None:
            yield Event(_("The slip was handed in"), self.merged_from.raised_on)
            yield Event(_("It goes on together with another slip about the same matter"), self.merged_from.moved_on)
        else:
            yield from self._event("topic.raised_on", _("The slip was handed in"), _("The slip was handed in"))
        number = self._value("topic.number") or ""
        accepted = _("Accepted under %(number)s") % {"number": number} if number else pgettext("desk", "Screened")
        if self._value("screening.decision") == "pool":
            yield from self._event("screening.date", accepted, accepted)
        if self.topic.state in (S.DECLINED, S.TRANSFERRED, S.WITHDRAWN):
            yield Event(str(self.topic.get_state_display()), self.topic.moved_on)

    def _taken_up(self) -> Iterable[Event]:
        approved = _("The Party committee agreed to consult about it")
        yield from self._event("approval.party_on", approved, approved)
        who = self._value("claim.group") or self._value("claim.member") or ""
        taken = _("%(who)s took it up") % {"who": who} if who else _("It was taken up")
        yield from self._event("claim.date", _("It was taken up"), taken)
        for place in self._places("field_study"):
            asked = self._value(f"{place}.households")
            count = asked.get("n") if isinstance(asked, dict) else asked
            looked = _("Members went to see and asked %(count)s households") % {"count": count} if count else ""
            yield from self._event(f"{place}.to", _("Members went to see"), looked or _("Members went to see"))

    def _talked_over(self) -> Iterable[Event]:
        # of the last proper session the minutes stand, and are marked, with the matter
        last = ([one for one in self._places("sessions") if self._value(f"{one}.form") != SessionForm.BENCH] or [""])[
            -1
        ]
        for place in self._places("sessions"):
            points = [point.get("text", "") for point in self._value(f"{place}.consensus") or ()]
            counted = _("It was talked over; %(count)s points were agreed") % {"count": len(points)}
            whole = f"{counted}{pgettext('separator', ': ')}{'；'.join(points)}" if points else _("It was talked over")
            if not self._is_settled(place):
                counted = whole = _("It was talked over; the minutes are being written")
            yield from self._event(f"{place}.starts_at", counted, whole, str(self._value(f"{place}.title") or ""))
            number = self._value(f"{place}.minutes.number") or ""
            signed = _("The minutes were signed: %(number)s") % {"number": number}
            at = "minutes.signed_on" if place == last else f"{place}.minutes.signed_on"
            yield from self._event(at, signed, signed)
        for session in self.sessions:
            if session.state in (SessionState.ANNOUNCED, SessionState.IN_PROGRESS):
                when = say_span(session.starts_at, session.ends_at, PUBLIC)
                where = f"{pgettext('clause', ', ')}{session.where}" if self.told_whole and session.where else ""
                called = Entry.objects.about(session).filter(verb="session.announce").order_by("-pk").first()
                day = timezone.localtime(called.happened_at).date() if called else None
                yield Event(_("A session is called for %(when)s") % {"when": when} + where, day)
            elif session.state == SessionState.CANCELLED:
                day = timezone.localtime(session.moved_at).date()
                yield Event(_("A session was cancelled"), day)

    def _is_settled(self, place: str) -> bool:
        """What was agreed is told when the minutes are signed; a bench session has none."""
        is_bench = self._value(f"{place}.form") == SessionForm.BENCH
        return is_bench or bool(self._value(f"{place}.minutes.signed_on"))

    def _followed_up(self) -> Iterable[Event]:
        yield from self._event("outcome.submitted_on", _("The outcome was submitted"), _("The outcome was submitted"))
        for place in self._places("assignments"):
            yield from self._assignment(place)
        asked = _("People were asked how satisfied they are")
        yield from self._event("satisfaction.date", asked, asked)
        for notice in self.notices:
            yield Event(_("The result hangs on the public board"), notice.posted_on, url=notice.board_url)
        yield from self._event("topic.closed_on", _("The matter was settled"), _("The matter was settled"))

    def _assignment(self, place: str) -> Iterable[Event]:
        ordinal = self._value(f"{place}.number")
        unit, matter = self._value(f"{place}.lead_unit"), self._value(f"{place}.matter")
        plain = _("Assignment %(number)s") % {"number": ordinal}
        names = {"name": plain, "unit": unit, "matter": matter}
        yield from self._event(
            f"{place}.issued_on",
            _("%(name)s was issued") % names,
            _("%(unit)s was asked to see to it: %(matter)s") % names,
        )
        result = self._value(f"{place}.reply.result") or ""
        yield from self._event(
            f"{place}.reply.date",
            _("%(name)s was answered") % names,
            _("%(unit)s answered: %(result)s") % {**names, "result": result},
        )
        yield from self._event(
            f"{place}.verification.date",
            _("%(name)s was verified") % names,
            _("Somebody else went to see and verified it: %(finding)s")
            % {"finding": self._value(f"{place}.verification.finding") or ""},
        )
        yield from self._event(
            f"{place}.closed_on", _("%(name)s was closed out") % names, _("Closed out: %(matter)s") % names
        )

    # what comes next --------------------------------------------------------------------------------------------------

    def next(self) -> Next:
        """One box: what happens next and by when."""
        answer = {
            S.SUBMITTED: self._next_screening,
            S.RETURNED: self._next_completing,
            S.POOLED: self._next_taking_up,
            S.APPROVED: self._next_preparing,
            S.CLAIMED: self._next_claimed,
            S.SCHEDULED: self._next_session,
            S.CONSULTED: self._next_result,
            S.CLOSED: self._next_closed,
        }.get(self.topic.state, self._ended)  # type: ignore[call-overload]
        found = answer()
        if found.by is None or not is_provisional(found.by.year, self.topic.host_id):
            return found
        return replace(found, is_provisional=True)

    def _next_screening(self) -> Next:
        days = options.promised(self.topic.host_id, "limits.screening_days", self.topic.moved_on)
        by = add_working_days(self.topic.moved_on, days, self.topic.host_id)
        return Next(_("You hear whether it is accepted"), _("The office looks at every slip within that time."), by)

    def _next_completing(self) -> Next:
        days = options.promised(self.topic.host_id, "limits.returned_lapse_days", self.topic.moved_on)
        words = self._told(self.topic.reason)
        return Next(
            _("Please complete your slip"),
            words or _("Something is missing; the office tells you what."),
            self.topic.moved_on + timedelta(days=days),
        )

    def _next_taking_up(self) -> Next:
        if self.topic.profile == Profile.FORMAL:
            return Next(_("It waits for approval"), _("The chairpersons' council and the Party committee decide."))
        return Next(_("It waits to be taken up"), _("Whoever takes it up names the day by which you hear of it."))

    def _next_preparing(self) -> Next:
        return Next(_("A session is being prepared"), _("Its day and place will stand here."))

    def _next_claimed(self) -> Next:
        return Next(
            _("You hear how it goes on"), _("Whoever took it up has promised this day."), self.topic.promised_on
        )

    def _next_session(self) -> Next:
        for session in self.sessions:
            if session.state == SessionState.IN_PROGRESS:
                return Next(_("It is being talked over now"), session.where if self.told_whole else "")
            if session.state == SessionState.ANNOUNCED:
                when = say_span(session.starts_at, session.ends_at, PUBLIC)
                where = _("%(where)s: you may come and speak.") % {"where": session.where}
                return Next(_("Session on %(when)s") % {"when": when}, where if self.told_whole else "")
        return self._next_preparing()

    def _next_result(self) -> Next:
        owed = [due for one in self.sessions if not one.has_signed_minutes and (due := minutes_due_on(one))]
        if owed:
            return Next(_("The minutes are written and signed"), _("Then what was agreed stands here."), min(owed))
        running = self.topic.assignments.filter(state__in=RUNNING_STATES).select_related("lead_unit").order_by("due_on")
        if first := running.first():
            text = _("%(unit)s has to answer by then.") % {"unit": first.lead_unit.name} if self.told_whole else ""
            return Next(_("What was agreed is being carried out"), text, first.due_on)
        if self.topic.assignments.filter(state=AssignmentState.REPLIED).exists():
            return Next(_("Somebody goes to see whether it was done"), _("Nobody of the unit that did it verifies it."))
        if self.topic.assignments.exists():
            return Next(_("It is being closed out"), "")
        return Next(_("What was agreed is handed to those who carry it out"), _("Who does what by when stands here."))

    def _next_closed(self) -> Next:
        survey = SatisfactionSurvey.objects.filter(outcome__topic=self.topic).order_by("-pk").first()
        if survey is not None and survey.answered_on is None:
            words = _("Answer here or call the office; if you are not satisfied, the work begins again.")
            return Next(_("Say whether you are satisfied"), words, survey.due_on)
        return Next(_("Settled"), _("If it comes back, call the office: a settled matter can be opened again."))

    def _ended(self) -> Next:
        words = " ".join(filter(None, (self._told(self.topic.reason), self._told(self.topic.reply_text))))
        if self.topic.state == S.TRANSFERRED and self.told_whole:
            words = " ".join(filter(None, (_("Now with: %(unit)s.") % {"unit": self.topic.to_unit}, words)))
        return Next(str(self.topic.get_state_display()), words)

    # values -----------------------------------------------------------------------------------------------------------

    def _told(self, text: str) -> str:
        """Words of the office, for who is known to be the raiser, without anybody's numbers."""
        return hide_in(text, ()) if self.told_whole else ""

    def _value(self, path: str) -> Any:
        found: Any = self.chain
        for step in path.split("."):
            if isinstance(found, list):
                found = found[int(step)] if int(step) < len(found) else None
            else:
                found = found.get(step) if isinstance(found, dict) else None
        return found

    def _day(self, path: str) -> date | None:
        value = self._value(path)
        return parse_date(str(value)[:10]) if value else None

    def _marked(self, path: str) -> bool:
        return self.marks.covers(path)

    def _places(self, path: str) -> list[str]:
        return [f"{path}.{number}" for number in range(len(self._value(path) or ()))]
