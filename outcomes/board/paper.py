"""A released notice as the page lays it out; staff see the same before it is posted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consult.web import drawing, words
from consult.web.states import position
from outcomes.chain.values import figure_of
from outcomes.marks import Marks
from outcomes.services.figures import share_of
from outcomes.services.notices.rows import LEAST, place_of
from outcomes.states import AssignmentState
from outcomes.templatetags.chain import as_day, says
from topics.states import PartyCategory

#: Who comes for himself is counted, not named.
_COUNTED = (PartyCategory.RESIDENT, PartyCategory.MEMBER, PartyCategory.DEPUTY, PartyCategory.FOREIGN)


class Paper:
    """Everything the template asks for, from the snapshot and the voices alone."""

    def __init__(self, snapshot: dict[str, Any], voices: Iterable[dict[str, Any]] = (), *, sha256: str = ""):
        self.snapshot = snapshot
        self.notice = snapshot["notice"]
        self.chain = snapshot.get("chain") or {}
        self.marks = Marks(self.chain.get("illustrative", ()))
        self.voices = list(voices)
        self.sha256 = sha256

    @property
    def is_sample(self) -> bool:
        return bool(self.notice.get("sample"))

    @property
    def number(self) -> str:
        return self.notice.get("number") or _("The number is given at posting")

    @property
    def topic(self) -> dict[str, Any]:
        return self.chain.get("topic") or {}

    @cached_property
    def place(self) -> list[str]:
        return place_of(self.notice, self.chain).split()

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.notice["text"].split("\n") if line.strip()]

    @cached_property
    def photos(self) -> list[dict[str, Any]]:
        """Each with its addresses: on the board once it hangs there, before that at the desk."""
        return [{**one, **self._addresses(one)} for one in self.notice.get("photos", ())]

    def _addresses(self, photo: dict[str, Any]) -> dict[str, str]:
        name, first = "files:copy", [photo["photo"], photo["copy"]]
        if self.notice.get("number"):
            name, first = "board:photo", [self.notice["host"]["code"], self.notice["uuid"], photo["copy"]]
        sizes = (("tile", "jpg"), ("tile", "webp"), ("full", "jpg"), ("full", "webp"))
        return {f"{size}_{format}": reverse(name, args=[*first, size, format]) for size, format in sizes}

    # 四单

    @cached_property
    def loop(self) -> SafeString:
        steps = [self._slip(), self._acceptance(), self._resolution(), self._check()]
        return drawing.draw_loop(
            [{"lines": lines} for lines in steps],
            position("topic", self.topic["state"], self.chain.get("profile", "")),
            back=True,
        )

    def _slip(self) -> list[Any]:
        raised_by = self.topic.get("raised_by") or {}
        who = raised_by.get("organisation") or (says(raised_by["category"], "category") if raised_by else "")
        return [self._line(self.topic.get("raised_on"), "topic.raised_on"), self._words(who, "topic.raised_by")]

    def _acceptance(self) -> list[Any]:
        claim, approval = self.chain.get("claim"), self.chain.get("approval")
        if claim:
            who = claim.get("group") or claim.get("member", "")
            return [self._line(claim["date"], "claim.date"), self._words(who, "claim.group")]
        if approval:
            when = approval.get("party_on") or approval.get("council_on")
            return [self._line(when, "approval"), self._words(approval.get("lead_committee", ""), "approval")]
        return []

    def _resolution(self) -> list[Any]:
        if not self.sessions:
            return []
        last = self.sessions[-1]
        facts = _("%(parties)s parties, %(points)s points agreed") % {
            "parties": len(last["parties"]),
            "points": len(self.consensus),
        }
        return [self._line(last["starts_at"], f"sessions.{last['at']}.starts_at"), facts if last["parties"] else ""]

    def _check(self) -> list[Any]:
        if not self.assignments:
            return []
        done = [one for one in self.assignments if one["state"] == AssignmentState.CLOSED]
        if len(done) == len(self.assignments):
            latest = max((one.get("closed_on", "") for one in done), default="")
            first = self._line(latest, "assignments.closed_on")
        else:
            first = _("%(done)s of %(all)s closed out") % {"done": len(done), "all": len(self.assignments)}
        share = self.pleased_share
        told = self._words(_("%(share)s%% satisfied") % {"share": share}, "satisfaction") if share else ""
        return [first, told]

    def _line(self, iso: str | None, path: str) -> Any:
        day = as_day(iso)
        return self._words(words.say_day(day, words.FULL), path) if day else ""

    def _words(self, text: str, path: str) -> Any:
        if not text or not self.marks.covers(path):
            return text
        return format_html('{} <span class="zb-sample">{}</span>', text, _("sample"))

    # what was said and agreed

    @cached_property
    def sessions(self) -> list[dict[str, Any]]:
        """Each session with those who came: bodies by name, people by number."""
        return [{**one, "at": at, **_attendance(one)} for at, one in enumerate(self.chain.get("sessions", []))]

    @cached_property
    def consensus(self) -> list[dict[str, Any]]:
        """Points with the work that fulfils them."""
        points = []
        for session in self.sessions:
            for at, point in enumerate(session.get("consensus", [])):
                work = [one for one in self.assignments if point["number"] in one.get("fulfils", [])]
                points.append({**point, "session": session["at"], "at": at, "work": work})
        return points

    @cached_property
    def dissent(self) -> list[dict[str, Any]]:
        return [
            {**point, "session": session["at"], "at": at}
            for session in self.sessions
            for at, point in enumerate(session.get("dissent", []))
        ]

    # what was done

    @cached_property
    def assignments(self) -> list[dict[str, Any]]:
        """What is still asked of somebody; annulled work is not shown as a promise."""
        rows = [{**one, "at": at} for at, one in enumerate(self.chain.get("assignments", []))]
        return [one for one in rows if one["state"] != AssignmentState.ANNULLED]

    @property
    def closed_out(self) -> int:
        return sum(one["state"] == AssignmentState.CLOSED for one in self.assignments)

    # what people say of it

    @cached_property
    def satisfaction(self) -> dict[str, Any]:
        return self.chain.get("satisfaction") or {}

    @cached_property
    def bars(self) -> list[dict[str, Any]]:
        """Result in three bars: satisfied, basically, not."""
        result = self.satisfaction.get("result") or {}
        asked = sum(result.values())
        tones = (("satisfied", "song"), ("basically", "song"), ("unsatisfied", "zhu"))
        return [
            {"kind": kind, "n": result[kind], "share": share_of(result[kind], asked, least=self.least), "tone": tone}
            for kind, tone in tones
            if asked
        ]

    @property
    def asked(self) -> int:
        return sum((self.satisfaction.get("result") or {}).values())

    @property
    def pleased_share(self) -> str:
        result = self.satisfaction.get("result") or {}
        return share_of(result["satisfied"] + result["basically"], self.asked, least=self.least) if self.asked else ""

    @property
    def least(self) -> int:
        """Fewer answers are told by their number alone."""
        return self.notice.get("share_minimum", LEAST)

    @property
    def answered(self) -> list[dict[str, Any]]:
        return [voice for voice in self.voices if voice.get("answer")]

    @property
    def waiting(self) -> int:
        return len(self.voices) - len(self.answered)

    # its period

    @property
    def posted_on(self) -> date | None:
        return as_day(self.notice.get("posted_on"))

    @property
    def expires_on(self) -> date | None:
        return as_day(self.notice.get("expires_on"))


def _attendance(session: dict[str, Any]) -> dict[str, Any]:
    """The parties that came, each once, and how many people altogether."""
    parties: list[dict[str, Any]] = []
    people, kinds = 0, set()
    for at, line in enumerate(session.get("participants", [])):
        if line.get("attendance") not in (None, "present"):
            continue
        heads, kind = figure_of(line.get("count") or 1)
        people += heads
        kinds.add(kind)
        name = line.get("organisation") or line.get("name") or says(line["category"], "category")
        count = heads if line["category"] in _COUNTED and line.get("count") else 0
        known = next((one for one in parties if one["name"] == name), None)
        if known is None:
            parties.append({"name": name, "count": count, "kind": kind, "at": at})
        else:
            known["count"] += count
    for party in parties:
        party["count"] = words.say_about(party["count"], party["kind"]).strip() if party["count"] else ""
    rough = kinds - {""}
    return {"parties": parties, "people": words.say_about(people, rough.pop() if len(rough) == 1 else "").strip()}
