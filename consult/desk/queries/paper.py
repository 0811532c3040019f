"""一事一档: the chain of one matter as a paper, every value with its 示例 where no source gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import pgettext

from consult import options
from outcomes.chain.values import places_of, value_at
from outcomes.marks import Marks
from outcomes.states import AssignmentState, Method, OutcomeState, ReplyClass
from sessions.states import Attendance, SessionForm, VenueKind
from topics.states import PartyCategory, Profile, TopicState

from . import paper_words as words


@dataclass(frozen=True)
class Line:
    """One value with its name; ``sample`` puts 示例 beside it."""

    label: str
    text: str
    sample: bool = False


@dataclass
class Part:
    """One block of the paper. Further blocks stand below it, each with its own title."""

    title: str
    lines: list[Line] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lines or self.parts)


def paper_of(chain: dict[str, Any], host_id: int) -> list[Part]:
    """The parts of the chain in the order of the procedure; what is empty is left out."""
    write = Writer(chain, host_id)
    found = (
        write.slip(),
        write.screening(),
        write.taking_up(),
        write.studies(),
        write.sessions(),
        write.outcomes(),
        write.assignments(),
        write.satisfaction(),
    )
    return [part for part in found if part]


class Writer:
    """Puts values into words; a path names the value in the chain and in its marks alike."""

    def __init__(self, chain: dict[str, Any], host_id: int):
        self.chain = chain
        self.host_id = host_id
        self.marks = Marks(chain.get("illustrative", ()))

    # the parts --------------------------------------------------------------------------------------------------------

    def slip(self) -> Part:
        by = self._value("topic.raised_by") or {}
        raiser = "，".join(
            filter(None, (words.label(PartyCategory, by.get("category")), by.get("organisation"), by.get("name")))
        )
        return Part(
            pgettext("file", "Slip"),
            self._lines(
                (pgettext("file", "Number"), "topic.number", str),
                (pgettext("file", "Title"), "topic.title", str),
                (pgettext("file", "State"), "topic.state", lambda value: words.label(TopicState, value)),
                (pgettext("file", "Profile"), "profile", lambda value: words.label(Profile, value)),
                (pgettext("file", "Programme"), "programme", str),
                (pgettext("file", "Source"), "topic.source", self._source),
                (pgettext("file", "Handed in"), "topic.raised_on", words.day),
                (pgettext("file", "Raised by"), "topic.raised_by", lambda _by: raiser),
                (pgettext("file", "Place"), "topic.region", str),
                (pgettext("file", "Exact place"), "topic.place", str),
                (pgettext("file", "Category"), "topic.category", str),
                (pgettext("file", "Tags"), "topic.tags", words.listed),
                (
                    pgettext("file", "Households"),
                    "topic.households",
                    words.households,
                ),
                (
                    pgettext("file", "People"),
                    "topic.people",
                    words.people,
                ),
                (pgettext("file", "Pending since"), "topic.pending_since", str),
                (pgettext("file", "Blocked by"), "topic.blocked_by", str),
                (pgettext("file", "Whom it concerns"), "topic.stakeholders", self._stakeholders),
                (pgettext("file", "Problem"), "topic.problem", str),
                (pgettext("file", "Expectation"), "topic.expectation", str),
                (
                    pgettext("file", "Filed jointly with"),
                    "joint",
                    lambda hosts: "、".join(host["name"] for host in hosts),
                ),
                (pgettext("file", "Settled"), "topic.closed_on", words.day),
            ),
        )

    def screening(self) -> Part:
        decisions = {
            "pool": pgettext("file", "taken into the pool"),
            "decline": pgettext("file", "not taken up"),
            "transfer": pgettext("file", "transferred"),
            "merge": pgettext("file", "merged"),
        }
        return Part(
            pgettext("file", "Screening and approval"),
            self._lines(
                (pgettext("file", "Screened"), "screening.date", words.day),
                (pgettext("file", "Decision"), "screening.decision", lambda value: decisions.get(value, value)),
                (pgettext("file", "Small cut"), "screening.small_cut", words.yes_or_no),
                (pgettext("file", "Wide reach"), "screening.wide_reach", words.yes_or_no),
                (pgettext("file", "Vital interest"), "screening.vital_interest", words.yes_or_no),
                (pgettext("file", "Reason"), "screening.reason", str),
                (pgettext("file", "Transferred to"), "screening.to_unit", str),
                (pgettext("file", "Reply"), "screening.reply", str),
                (pgettext("file", "Merged into"), "screening.into", str),
                (pgettext("file", "Chairpersons' council"), "approval.council_on", words.day),
                (pgettext("file", "Party committee"), "approval.party_on", words.day),
                (pgettext("file", "Its words"), "approval.party_text", str),
                (pgettext("file", "Leading committee"), "approval.lead_committee", str),
                (pgettext("file", "Plan of the year"), "approval.plan_year", str),
            ),
        )

    def taking_up(self) -> Part:
        return Part(
            pgettext("file", "Taken up"),
            self._lines(
                (pgettext("file", "Taken up"), "claim.date", words.day),
                (pgettext("file", "Member group"), "claim.group", str),
                (pgettext("file", "Member"), "claim.member", str),
                (pgettext("file", "Promised by"), "claim.promised_on", words.day),
            ),
        )

    def studies(self) -> Part:
        parts = []
        for place in self._places("field_study"):
            first, last = (words.day(self._value(f"{place}.{end}")) for end in ("from", "to"))
            title = first if first == last else f"{first} – {last}"
            lines = self._lines(
                (pgettext("file", "Places"), f"{place}.places", words.listed),
                (pgettext("file", "Method"), f"{place}.method", str),
                (
                    pgettext("file", "Households visited"),
                    f"{place}.households",
                    words.households,
                ),
                (pgettext("file", "Findings"), f"{place}.findings", words.lines_of),
                (pgettext("file", "Support"), f"{place}.support", self._support),
            )
            parts.append(Part(title, lines))
        return Part(pgettext("file", "Field study"), parts=parts)

    def sessions(self) -> Part:
        return Part(pgettext("file", "Sessions"), parts=[self._session(place) for place in self._places("sessions")])

    def _session(self, place: str) -> Part:
        part = Part(
            str(self._value(f"{place}.title") or ""),
            self._lines(
                (pgettext("file", "Form"), f"{place}.form", lambda value: words.label(SessionForm, value)),
                (pgettext("file", "Kind of place"), f"{place}.venue_kind", lambda value: words.label(VenueKind, value)),
                (pgettext("file", "Room"), f"{place}.room", str),
                (pgettext("file", "Place"), f"{place}.place", str),
                (pgettext("file", "Begun"), f"{place}.starts_at", words.moment),
                (pgettext("file", "Ended"), f"{place}.ends_at", words.moment),
                (pgettext("file", "Convenor"), f"{place}.convenor", str),
                (pgettext("file", "Lead member"), f"{place}.lead_member", str),
                (pgettext("file", "Moderator"), f"{place}.moderator", str),
                (pgettext("file", "Recorder"), f"{place}.recorder", str),
                (pgettext("file", "Languages"), f"{place}.languages", words.listed),
                (pgettext("file", "Agenda"), f"{place}.agenda", words.lines_of),
            ),
        )
        blocks = (
            Part(pgettext("file", "Who came"), self._each(f"{place}.participants", self._participant)),
            Part(pgettext("file", "What was said"), self._each(f"{place}.statements", words.statement)),
            Part(pgettext("file", "What was agreed"), self._each(f"{place}.consensus", words.point)),
            Part(pgettext("file", "Reservations kept"), self._each(f"{place}.dissent", words.statement)),
            self._minutes(f"{place}.minutes"),
        )
        part.parts = [block for block in blocks if block]
        return part

    def _minutes(self, place: str) -> Part:
        # of the only or the last proper session the marks of a file stand at the top level
        last = [one for one in self._places("sessions") if self._value(f"{one}.form") != SessionForm.BENCH][-1:]
        at = [place, "minutes"] if last and place == f"{last[0]}.minutes" else [place]
        return Part(
            pgettext("file", "Minutes"),
            self._lines(
                (pgettext("file", "Number"), f"{place}.number", str),
                (pgettext("file", "Drafted"), f"{place}.drafted_on", words.day),
                (pgettext("file", "Signed"), f"{place}.signed_on", words.day),
                (pgettext("file", "Signed by"), f"{place}.signed_by", str),
                (pgettext("file", "Amends"), f"{place}.amends", str),
                ("SHA-256", f"{place}.sha256", str),
                also=at,
            ),
        )

    def outcomes(self) -> Part:
        parts = [self._outcome(place) for place in (*self._places("earlier_outcomes"), "outcome") if self._value(place)]
        return Part(pgettext("file", "Outcome"), parts=parts)

    def _outcome(self, place: str) -> Part:
        round_number = self._value(f"{place}.round")
        return Part(
            pgettext("file", "Round %(number)s") % {"number": round_number} if round_number else "",
            self._lines(
                (pgettext("file", "Number"), f"{place}.number", str),
                (pgettext("file", "State"), f"{place}.state", lambda value: words.label(OutcomeState, value)),
                (pgettext("file", "Effects"), f"{place}.effects", lambda keys: self._words("lists.effects", keys)),
                (pgettext("file", "Summary"), f"{place}.summary", str),
                (pgettext("file", "What residents got"), f"{place}.benefits", words.benefits),
                (pgettext("file", "Long-term products"), f"{place}.products", words.products),
                (pgettext("file", "Submitted to"), f"{place}.submitted_to", words.listed),
                (pgettext("file", "Submitted"), f"{place}.submitted_on", words.day),
                (pgettext("file", "Adopted"), f"{place}.adopted_on", words.day),
                (pgettext("file", "By"), f"{place}.adopted_by", str),
                (pgettext("file", "Instruction"), f"{place}.instruction", str),
                (pgettext("file", "Nothing to assign"), f"{place}.nothing_to_assign", str),
            ),
        )

    def assignments(self) -> Part:
        return Part(
            pgettext("file", "Assignments"), parts=[self._assignment(place) for place in self._places("assignments")]
        )

    def _assignment(self, place: str) -> Part:
        part = Part(
            f"{self._value(f'{place}.number')}. {self._value(f'{place}.matter')}",
            self._lines(
                (pgettext("file", "Number"), f"{place}.document_number", str),
                (pgettext("file", "State"), f"{place}.state", lambda value: words.label(AssignmentState, value)),
                (pgettext("file", "Matter"), f"{place}.matter", str),
                (pgettext("file", "Fulfils consensus"), f"{place}.fulfils", words.listed),
                (pgettext("file", "Lead unit"), f"{place}.lead_unit", str),
                (pgettext("file", "Assisting"), f"{place}.assisting", words.listed),
                (pgettext("file", "Issued by"), f"{place}.issued_by", str),
                (pgettext("file", "Issued"), f"{place}.issued_on", words.day),
                (pgettext("file", "Due"), f"{place}.due_on", words.day),
                (pgettext("file", "Requirement"), f"{place}.requirement", str),
                (pgettext("file", "Funds"), f"{place}.funds", words.funds),
                (pgettext("file", "Projects"), f"{place}.projects", str),
                (pgettext("file", "Closed out"), f"{place}.closed_on", words.day),
            ),
        )
        first, due = self._value(f"{place}.first_due_on"), self._value(f"{place}.due_on")
        if first and first != due:
            part.lines.append(Line(pgettext("file", "First due"), words.day(first)))
        blocks = (
            Part(pgettext("file", "Progress"), self._each(f"{place}.progress", words.progress)),
            Part(
                pgettext("file", "Reply"),
                self._lines(
                    (pgettext("file", "Replied"), f"{place}.reply.date", words.day),
                    (pgettext("file", "Class"), f"{place}.reply.class", lambda value: words.label(ReplyClass, value)),
                    (pgettext("file", "Measures"), f"{place}.reply.measures", str),
                    (pgettext("file", "Result"), f"{place}.reply.result", str),
                ),
            ),
            Part(
                pgettext("file", "Verification"),
                self._lines(
                    (pgettext("file", "Verified"), f"{place}.verification.date", words.day),
                    (pgettext("file", "By"), f"{place}.verification.by", str),
                    (pgettext("file", "How"), f"{place}.verification.method", lambda value: words.label(Method, value)),
                    (pgettext("file", "Finding"), f"{place}.verification.finding", str),
                ),
            ),
        )
        part.parts = [block for block in blocks if block]
        return part

    def satisfaction(self) -> Part:
        return Part(
            pgettext("file", "Satisfaction"),
            self._lines(
                (pgettext("file", "Asked"), "satisfaction.date", words.day),
                (pgettext("file", "With the process"), "satisfaction.process", words.answers),
                (pgettext("file", "With the result"), "satisfaction.result", words.answers),
                (pgettext("file", "Explanation"), "satisfaction.explanation", str),
            ),
        )

    # values -----------------------------------------------------------------------------------------------------------

    def _value(self, path: str) -> Any:
        return value_at(self.chain, path)

    def _places(self, path: str) -> list[str]:
        return places_of(self.chain, path)

    def _lines(self, *wanted: tuple[str, str, Callable[[Any], str]], also: Iterable[str] = ()) -> list[Line]:
        also = list(also)
        lines = []
        for label, path, say in wanted:
            value = self._value(path)
            if value is None or value == "":
                continue
            if text := str(say(value)):
                lines.append(Line(label, text, self._is_sample(path, also)))
        return lines

    def _is_sample(self, path: str, also: list[str]) -> bool:
        """``also``: other paths under which a file may have marked the block that the value stands in."""
        name = path.rpartition(".")[2]
        return self.marks.covers_any(path, *(f"{block}.{name}" for block in also))

    def _each(self, path: str, say: Callable[[Any], tuple[str, str]]) -> list[Line]:
        found = self._value(path) or []
        return [Line(*say(value), self.marks.covers(f"{path}.{place}")) for place, value in enumerate(found) if value]

    def _source(self, key: str) -> str:
        return options.label_of(self.host_id, "lists.sources", key)

    def _stakeholders(self, keys: list[str]) -> str:
        return self._words("lists.stakeholders", keys)

    def _words(self, key: str, stored: list[str]) -> str:
        known = dict(options.words(self.host_id, key))
        return "、".join(known.get(one, one) for one in stored)

    def _participant(self, line: dict[str, Any]) -> tuple[str, str]:
        who = " ".join(filter(None, (line.get("organisation"), line.get("name"), line.get("title"))))
        count = line.get("count", 1)
        came = words.label(Attendance, line.get("attendance"))
        text = "，".join(filter(None, (who, f"{count} 人" if count > 1 else "", came)))
        return words.label(PartyCategory, line.get("category")), text

    def _support(self, rows: list[dict[str, Any]]) -> str:
        sentence = pgettext("file", "%(group)s: %(before)s before, %(after)s after")
        return "；".join(
            sentence % {"group": row.get("group", ""), "before": row.get("before", "—"), "after": row.get("after", "—")}
            for row in rows
        )
