"""What the machine can check in minutes before somebody signs them. It points; people decide."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consult.privacy import detect, kind_label
from sessions.heads import came_of, counted, heads
from sessions.models import Minutes
from sessions.states import CommentState, Level
from topics.states import PartyCategory

#: Of the pairs of letters in a point so many were heard, for it to say the same.
_SAME_WORDS = 0.4
#: Words of organs that decide; a CPPCC consults.
NOT_OUR_WORDS = ("决议", "决定", "命令", "责令")
_DAY = re.compile(r"\d{1,2}\s*(?:月|日|天|个工作日|周)|[年月季周]底|[年月周]内|季度|\d{4}-\d{1,2}")


@dataclass(frozen=True)
class Check:
    """One line of the list: passed, to be looked at, or to be mended."""

    tone: str  # song, zhe, zhu
    text: str
    anchor: str = ""

    @property
    def passed(self) -> bool:
        return self.tone == "song"


def check_minutes(minutes: Minutes) -> list[Check]:
    """Consensus with unit and day, heads as on the roster, no word of command, nothing private."""
    return [
        *_consensus(minutes),
        *_days(minutes),
        _heads(minutes),
        *_names(minutes),
        *_traceable(minutes),
        *_dissent(minutes),
        *_remarks(minutes),
        *_words(minutes),
        *_residents(minutes),
        *_private(minutes),
    ]


def _consensus(minutes: Minutes) -> list[Check]:
    points = list(minutes.session.consensus_points.order_by("topic_id", "number"))
    missing = [point for point in points if not _stands(point.text, minutes.body)]
    if missing:
        text = _("Point %(number)s of the record does not stand in the text as it was noted.")
        return [Check("zhe", text % {"number": point.number}) for point in missing]
    unit = [point for point in points if not point.unit_name and point.level != Level.NONE]
    if unit:
        numbers = "、".join(str(point.number) for point in unit)
        return [Check("zhe", _("Points %(numbers)s name no unit that sees to them.") % {"numbers": numbers})]
    return [Check("song", _("%(count)s points, each with a unit.") % {"count": len(points)})]


def _stands(point: str, body: str) -> bool:
    plain = "".join(body.split())
    return "".join(point.split()).rstrip("。") in plain


def _days(minutes: Minutes) -> list[Check]:
    points = [p for p in minutes.session.consensus_points.order_by("topic_id", "number") if p.level != Level.NONE]
    found = []
    for point in points:
        if point.due_on is None and not _DAY.search(point.text):
            text = _("Point %(number)s has no day by which it is done.")
            found.append(Check("zhe", text % {"number": point.number}, anchor=_anchor(minutes.body, point.text)))
    return found or [Check("song", _("Every point has a day."))] if points else []


def _anchor(body: str, words: str) -> str:
    for number, line in enumerate(body.splitlines(), 1):
        if words.rstrip("。") in line:
            return f"line-{number}"
    return ""


def _heads(minutes: Minutes) -> Check:
    came = came_of(minutes.session.participants.all())
    if str(came) in minutes.body:
        return Check("song", _("Attendance as on the roster: %(count)s.") % {"count": came})
    return Check("zhe", _("The roster says %(count)s people came; the text does not.") % {"count": came})


def _names(minutes: Minutes) -> list[Check]:
    """Who came stands in the text as on the roster, by name or by unit."""
    plain = "".join(minutes.body.split())
    came = [one for one in counted(minutes.session.participants.all()) if heads(one)]
    absent = [one for one in came if not any(word and word in plain for word in (one.name, one.organisation_name))]
    if absent:
        who = "、".join(str(one) for one in absent[:5])
        return [Check("zhe", _("On the roster, but not in the text: %(who)s.") % {"who": who})]
    return [Check("song", _("Who came stands in the text as on the roster."))] if came else []


def _traceable(minutes: Minutes) -> list[Check]:
    """Every point goes back to something that was said: it was made from it, or says the same in other words."""
    session = minutes.session
    points = list(session.consensus_points.prefetch_related("statements").order_by("topic_id", "number"))
    if not points:
        return []
    said = [_pairs(statement.text) for statement in session.statements.all()]
    if not said:
        return [Check("zhe", _("No statement was noted; the points cannot be traced to what was said."))]
    heard = set().union(*said)
    lost = [point for point in points if not point.statements.all() and not _is_heard(point.text, heard)]
    if lost:
        numbers = "、".join(str(point.number) for point in lost)
        text = _("Points %(numbers)s cannot be traced to anything that was said.") % {"numbers": numbers}
        return [Check("zhe", text, anchor=_anchor(minutes.body, lost[0].text))]
    return [Check("song", _("Every point can be traced to what was said."))]


def _is_heard(text: str, heard: set[str]) -> bool:
    mine = _pairs(text)
    return bool(mine) and len(mine & heard) >= _SAME_WORDS * len(mine)


def _pairs(text: str) -> set[str]:
    letters = [letter for letter in text if letter.isalnum()]
    return {a + b for a, b in itertools.pairwise(letters)}


def _dissent(minutes: Minutes) -> list[Check]:
    if _("Opinions on which no agreement was reached") not in minutes.body:
        return [Check("zhu", _("The chapter on what was not agreed is missing."))]
    missing = [one for one in minutes.session.dissent_points.order_by("pk") if not _stands(one.text, minutes.body)]
    if missing:
        text = _("A reservation of the record does not stand in the text: “%(words)s”.")
        return [Check("zhu", text % {"words": one.text[:20]}) for one in missing]
    return [Check("song", _("What was not agreed has its chapter."))]


def _remarks(minutes: Minutes) -> list[Check]:
    waiting = minutes.comments.filter(state=CommentState.OPEN).count()
    return [Check("zhe", _("%(count)s remarks wait for an answer.") % {"count": waiting})] if waiting else []


def _residents(minutes: Minutes) -> list[Check]:
    """Residents are named by their role as soon as the text leaves the house."""
    lines = minutes.session.participants.filter(category=PartyCategory.RESIDENT, count=1).exclude(name="")
    found = [line.name for line in lines if len(line.name) > 1 and line.name in minutes.body]
    if not found:
        return []
    text = _("%(count)s places look like the name of a resident; it has to be left out before release.")
    return [Check("zhe", text % {"count": len(found)}, anchor=_anchor(minutes.body, found[0]))]


def _words(minutes: Minutes) -> list[Check]:
    found = [word for word in NOT_OUR_WORDS if word in minutes.body]
    text = _("“%(word)s” is not a word for minutes of a consultation.")
    return [Check("zhu", text % {"word": word}) for word in found]


def _private(minutes: Minutes) -> list[Check]:
    kinds = {finding.kind for finding in detect(minutes.body)}
    text = _("There seems to be %(what)s in the text; it has to be masked before release.")
    return [Check("zhe", text % {"what": kind_label(kind)}) for kind in sorted(kinds)]
