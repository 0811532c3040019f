"""The text of minutes, put together from what the session left: roster, agenda, statements, consensus, dissent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consult import options
from sessions.heads import came_of, counted, heads, standing
from sessions.models import ConsensusPoint, ConsultSession, Participant
from sessions.states import Attendance, Level
from topics.states import PartyCategory

NUMERALS = ("", *"一二三四五六七八九十")
_STOP, _LIST = "。", "、"


def numeral(n: int) -> str:
    """1 to 99 as in official papers: 一, 十, 十二, 二十, 二十一; beyond that figures."""
    if n >= 100:
        return str(n)
    tens, units = divmod(n, 10)
    if tens == 0:
        return NUMERALS[units]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + NUMERALS[units]


def title_of(session: ConsultSession) -> str:
    return _("Minutes of %(title)s") % {"title": session.title}


def assemble(session: ConsultSession) -> str:
    """Chapters 一、二、三 in the order the CPPCC has set; what was not agreed has its own even when it is empty."""
    roster = standing(session.participants.all())
    written = {
        "matter": lambda: _matter(session),
        "who": lambda: _who(roster) + _languages(session),
        "agenda": lambda: _agenda(session),
        "said": lambda: _said(session),
        "agreed": lambda: _agreed(session),
        "dissent": lambda: _dissent(session),
    }
    chapters = [(name, written[key]()) for key, name in options.sections(session.host_id, "minutes.sections")]
    parts = [_opening(session, roster)]
    for place, (name, paragraphs) in enumerate(((name, body) for name, body in chapters if body), 1):
        parts += [f"{numeral(place)}、{name}", *paragraphs]
    return "\n".join(parts)


def _opening(session: ConsultSession, roster: list[Participant]) -> str:
    came = came_of(roster)
    words = {
        "time": written_moment(session.opened_at or session.starts_at),
        "host": session.host.name,
        "place": session.where or _("online"),
        "title": session.title,
        "moderator": _name(session, "moderator"),
        "convenor": _name(session, "convenor"),
        "lead": session.lead_name or (session.lead_member.name if session.lead_member else ""),
        "came": came,
    }
    sentences = [_("On %(time)s, %(host)s held “%(title)s” at %(place)s.")]
    if words["moderator"]:
        sentences.append(_("%(moderator)s moderated."))
    if words["convenor"] and words["lead"]:
        sentences.append(_("%(convenor)s convened it, %(lead)s took the lead."))
    if came:
        sentences.append(_("%(came)s people attended."))
    return "".join(_filled(sentence, words) for sentence in sentences)


def _matter(session: ConsultSession) -> list[str]:
    paragraphs = []
    for link in session.session_topics.select_related("topic").prefetch_related("topic__studies"):
        paragraphs += [line for line in link.topic.problem.splitlines() if line.strip()]
        for study in link.topic.studies.all():
            words = {
                "since": written_day(study.date_from),
                "until": written_day(study.date_to),
                "findings": "；".join(one.rstrip("。；") for one in study.findings),
            }
            text = _("Field study from %(since)s to %(until)s: %(findings)s.")
            if study.date_to == study.date_from:
                text = _("Field study on %(since)s: %(findings)s.")
            if words["findings"]:
                paragraphs.append(text % words)
    return paragraphs


def _who(roster: list[Participant]) -> list[str]:
    present = [one for one in counted(roster) if one.attendance == Attendance.PRESENT]
    rows = [
        (_("Present: %(names)s."), present),
        (_("Excused: %(names)s."), [one for one in roster if one.attendance == Attendance.EXCUSED]),
        (_("Absent: %(names)s."), [one for one in roster if one.attendance == Attendance.ABSENT]),
    ]
    return [text % {"names": _names(lines)} for text, lines in rows if lines]


def _names(lines: Iterable[Participant]) -> str:
    return _LIST.join(_one(line) for line in lines)


def _one(line: Participant) -> str:
    who = line.name or line.organisation_name
    if line.name and line.organisation_name:
        who = f"{line.organisation_name}{line.name}"
    count = heads(line) or line.count
    if line.proxy_name and line.attendance == Attendance.PRESENT:
        who = _("%(who)s (in his place: %(proxy)s)") % {"who": who, "proxy": line.proxy_name}
    return _("%(who)s (%(count)s)") % {"who": who, "count": count} if count > 1 else who


def _agenda(session: ConsultSession) -> list[str]:
    """The items as they were taken up, each with its time when the clock knows it."""
    found = []
    for place, item in enumerate(session.agenda.order_by("position", "pk"), 1):
        text = f"（{numeral(place)}）{item.text.rstrip(_STOP)}"
        if item.by:
            text += f"（{item.by}）"
        if item.started_at:
            text += _(" from %(time)s") % {"time": f"{timezone.localtime(item.started_at):%H:%M}"}
        found.append(text + _STOP)
    return found


def _said(session: ConsultSession) -> list[str]:
    statements = list(session.statements.order_by("position", "pk"))
    if not statements:
        return [_("Nobody asked to speak.")] if session.no_statements else []
    return [f"{statement.by}：{' '.join(statement.text.split())}" for statement in statements]


def _agreed(session: ConsultSession) -> list[str]:
    points = session.consensus_points.exclude(level=Level.NONE).order_by("topic_id", "number")
    found = [f"（{numeral(point.number)}）{_point(point)}" for point in points]
    return found or [_("No point was agreed.")]


def _point(point: ConsensusPoint) -> str:
    text = point.text.rstrip("。")
    if point.level != Level.AGREED:
        text += f"（{point.get_level_display()}）"
    text += _STOP
    if point.unit_name and point.due_on:
        words = {"unit": point.unit_name, "day": written_day(point.due_on)}
        text += _filled(_("%(unit)s is asked to see to it by %(day)s and to report back in writing."), words)
    elif point.unit_name:
        words = {"unit": point.unit_name}
        text += _filled(_("%(unit)s is asked to see to it and to report back in writing."), words)
    return text


def _dissent(session: ConsultSession) -> list[str]:
    found = [f"{one.by}：{one.text}" if one.by else one.text for one in session.dissent_points.order_by("pk")]
    open_points = session.consensus_points.filter(level=Level.NONE).order_by("topic_id", "number")
    found += [f"（{numeral(point.number)}）{point.text}" for point in open_points]
    return found or [_("None.")]


def _languages(session: ConsultSession) -> list[str]:
    rows = []
    if session.languages:
        words = {"languages": _LIST.join(session.languages), "interpreter": session.interpreter or _("none")}
        rows.append(_("Languages: %(languages)s; interpreter: %(interpreter)s.") % words)
    recorder = _name(session, "recorder")
    if recorder:
        rows.append(_("Recorded by %(name)s.") % {"name": recorder})
    return rows


def _name(session: ConsultSession, role: str) -> str:
    given = getattr(session, f"{role}_name")
    return given or str(getattr(session, role) or "")


_EDGE = "\0"
_BESIDE_CHINESE = re.compile(rf"(?<=[A-Za-z0-9]){_EDGE}(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]){_EDGE}(?=[A-Za-z0-9])")


def _filled(sentence: str, words: dict[str, Any]) -> str:
    """The sentence with its words; what begins or ends with a figure or a Latin letter stands apart from Chinese."""
    edged = sentence % {name: f"{_EDGE}{word}{_EDGE}" for name, word in words.items()}
    return _BESIDE_CHINESE.sub(" ", edged).replace(_EDGE, "")


def written_day(day: date) -> str:
    return _("%(year)s-%(month)s-%(day)s") % {"year": day.year, "month": day.month, "day": day.day}


def written_moment(at: datetime) -> str:
    here = timezone.localtime(at)
    return f"{written_day(here.date())} {here:%H:%M}"


def class_words(session: ConsultSession) -> dict[str, str]:
    """The host's words for the classes of participants."""
    return {
        **{key: str(label) for key, label in PartyCategory.choices},
        **dict(options.words(session.host_id, "lists.stakeholders")),
    }


def without_names(body: str, session: ConsultSession) -> str:
    """The text for a reader who is not to learn names: each name of the roster gives way to the class of its bearer."""
    words = class_words(session)
    bearers: dict[str, str] = {}
    for one in standing(session.participants.all()):
        # A walk-in wrote his name himself; a single character stands in many other words.
        names = [one.name if one.count == 1 and not (one.is_walk_in and len(one.name) < 2) else "", one.proxy_name]
        bearers |= {name: words.get(one.category, "") for name in names if name}
    for name in sorted(bearers, key=len, reverse=True):
        body = body.replace(name, bearers[name])
    return body


def paragraphs_of(body: str) -> list[dict[str, Any]]:
    """The text as a page shows it: chapter headings (一、…) and paragraphs, each with its line number."""
    found = []
    for number, text in enumerate(body.splitlines(), 1):
        if not text.strip():
            continue
        head, comma, _rest = text.partition("、")
        is_heading = bool(comma) and bool(head) and len(head) <= 3 and set(head) <= set("一二三四五六七八九十")
        found.append({"text": text, "heading": is_heading, "line": number})
    return found
