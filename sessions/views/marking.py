"""What stands beside the text of minutes: remarks and their places, the slips it will lead to, words that changed."""

from __future__ import annotations

import difflib
from typing import Any

from django.utils.translation import gettext as _

from sessions import services
from sessions.models import ConsensusPoint, Minutes, MinutesComment
from sessions.states import MINUTES_WORKFLOW, CommentState, Level


def remarks_on(minutes: Minutes, reader: Any) -> list[dict[str, Any]]:
    """The remarks in their order, each with what may be done about it; nothing for who was not asked."""
    if not reader.has_perm("consult_sessions.comment_minutes_minutes", minutes):
        return []
    may = {step.verb for step in MINUTES_WORKFLOW.available(minutes, reader)}
    found = []
    for comment in minutes.comments.select_related("answered_by", "recorded_by"):
        comment.minutes = minutes
        place = services.place_now(minutes, comment)
        waits = comment.state != CommentState.ADOPTED
        found.append(
            {
                "comment": comment,
                "place": place,
                "may_answer": waits and "answer_comment" in may,
                "may_adopt": waits and "adopt_comment" in may and bool(comment.proposed and place),
            }
        )
    return found


def marked(paragraphs: list[dict[str, Any]], remarks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Paragraphs cut into pieces, so that the words a remark is about can be underlined and numbered."""
    by_line: dict[int, list[MinutesComment]] = {}
    for one in remarks:
        if one["place"] and one["comment"].state != CommentState.ADOPTED:
            by_line.setdefault(one["place"], []).append(one["comment"])
    return [{**row, "pieces": _pieces(row["text"], by_line.get(row["line"], []))} for row in paragraphs]


def _pieces(text: str, comments: list[MinutesComment]) -> list[dict[str, Any]]:
    spots = []
    for comment in comments:
        start = text.find(comment.quote) if comment.quote else 0
        length = len(comment.quote) if comment.quote else len(text)
        if start >= 0:
            spots.append((start, start + length, comment.number))
    found: list[dict[str, Any]] = []
    done = 0
    for start, end, number in sorted(spots):
        if start < done:
            found.append({"text": "", "number": number})  # it begins within another one: its number follows
            continue
        found += [{"text": text[done:start], "number": 0}, {"text": text[start:end], "number": number}]
        done = end
    return [*found, {"text": text[done:], "number": 0}]


def slips_to_come(points: list[ConsensusPoint]) -> list[dict[str, Any]]:
    """The assignment slips that the points lead to: one per unit, with its first day."""
    found: dict[str, dict[str, Any]] = {}
    for point in points:
        if point.level == Level.NONE:
            continue
        row = found.setdefault(point.unit_name, {"unit": point.unit_name, "points": [], "due_on": None, "open": 0})
        row["points"].append(point.number)
        row["open"] += point.due_on is None
        if point.due_on and (row["due_on"] is None or point.due_on < row["due_on"]):
            row["due_on"] = point.due_on
    return list(found.values())


def changed_lines(old: str, new: str) -> list[dict[str, Any]]:
    """Lines that went and lines that came, word by word where one took the place of another; the rest is counted."""
    found: list[dict[str, Any]] = []
    before, after = old.splitlines(), new.splitlines()
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append({"kind": "same", "text": _("%(count)s lines unchanged") % {"count": b - a}})
            continue
        gone, came = before[a:b], after[c:d]
        pairs = list(zip(gone, came, strict=False))
        for was, now in pairs:
            found += pair_of(was, now)
        found += [{"kind": "gone", "text": line} for line in gone[len(pairs) :]]
        found += [{"kind": "new", "text": line} for line in came[len(pairs) :]]
    return found


def count_changes(lines: list[dict[str, Any]]) -> int:
    """How many places differ."""
    return sum(line["kind"] == "new" or (line["kind"] == "gone" and not line.get("pair")) for line in lines)


#: Of two lines that share less than this, marking single words helps nobody.
_ALIKE = 0.3
#: Comparing letter by letter costs the product of both lengths.
_LONGEST = 1_000_000


def pair_of(was: str, now: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"kind": "gone", "text": was, "pair": True},
        {"kind": "new", "text": now, "pair": True},
    ]
    if len(was) * len(now) > _LONGEST:
        return rows
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return rows
    codes = matcher.get_opcodes()
    rows[0]["pieces"] = [{"text": was[a:b], "mark": kind != "equal"} for kind, a, b, _c, _d in codes if b > a]
    rows[1]["pieces"] = [{"text": now[c:d], "mark": kind != "equal"} for kind, _a, _b, c, d in codes if d > c]
    return rows
