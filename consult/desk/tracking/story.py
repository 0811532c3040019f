"""The chain as its raiser reads it: the four slips 点 接 解 查 with the dated steps under each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult.audit import Entry
from consult.desk.tracking.coming import Coming
from consult.desk.tracking.told import Event, Next, Slip
from consult.web.states import position
from consult.web.words import PUBLIC, say_span
from outcomes.chain import build_chain
from outcomes.chain.values import places_of, value_at
from outcomes.marks import Marks
from outcomes.models import PublicNotice
from sessions.models import ConsultSession
from sessions.states import SessionForm, SessionState
from topics.models import Topic
from topics.states import TopicState as S


class Story:
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

    def next(self) -> Next:
        return Coming(self.topic, self.sessions, self.told_whole).next()

    # values -----------------------------------------------------------------------------------------------------------

    def _value(self, path: str) -> Any:
        return value_at(self.chain, path)

    def _day(self, path: str) -> date | None:
        value = self._value(path)
        return parse_date(str(value)[:10]) if value else None

    def _marked(self, path: str) -> bool:
        return self.marks.covers(path)

    def _places(self, path: str) -> list[str]:
        return places_of(self.chain, path)
