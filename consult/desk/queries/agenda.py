"""What is coming: sessions of this week, assignments that fall due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult.web.states import shade_of, sign
from members.states import Role
from outcomes.models import Assignment
from sessions.models import ConsultSession
from sessions.states import SessionState
from topics.models import Topic

from .kinds import Desk

#: Who has a table of what falls due; units have it in their own list of work.
FOLLOWING = (
    Role.OFFICE,
    Role.APPROVER,
    Role.CONVENOR,
    Role.SUPERVISION_OFFICE,
    Role.SUPERVISOR,
    Role.GROUP_LEADER,
    Role.MEMBER,
)
#: Whose page shows a week of sessions, be it empty.
MEETING = (*FOLLOWING, Role.LIAISON, Role.UNIT_CHIEF)
SHOWN = 8


@dataclass
class Day:
    """One day of the week with its sessions."""

    date: date
    is_today: bool
    sessions: list[dict[str, Any]] = field(default_factory=list)


def week_of(desk: Desk) -> list[Day]:
    """This week from Monday to Sunday, only the days on which something is held; one query."""
    monday = desk.today - timedelta(days=desk.today.weekday())
    begin = timezone.make_aware(datetime.combine(monday, time.min))
    rows = (
        ConsultSession.objects.visible_to(desk.reader)
        .filter(starts_at__gte=begin, starts_at__lt=begin + timedelta(days=7))
        .exclude(state__in=(SessionState.CANCELLED, SessionState.NEEDS_DECISION))
    )
    rows = rows.select_related("room").with_minutes_state().with_head_counts().order_by("starts_at", "pk")
    days: dict[date, Day] = {}
    for row in rows[:50]:
        on = timezone.localtime(row.starts_at).date()
        day = days.setdefault(on, Day(on, on == desk.today))
        past = row.state == SessionState.HELD or row.ends_at < desk.now
        day.sessions.append({"object": row, "past": past, "words": _words(row)})
    return list(days.values())


def _words(row: Any) -> str:
    """万桥社区协商议事室，协商中；乡协商议事室，应到 29 人."""
    if row.state in (SessionState.ANNOUNCED, SessionState.PLANNED) and row.expected:
        last = _("%(count)s people expected") % {"count": row.expected}
    else:
        last = str(sign("session", row.state, shade_of(row)).text)
    return f"{row.where}{pgettext('clause', ', ')}{last}" if row.where else last


def due_soon(desk: Desk) -> list[Assignment]:
    """七天内到期; one query, with the last news of each and the rungs that were climbed."""
    rows = Assignment.objects.visible_to(desk.reader).due_soon(desk.today).select_related("lead_unit", "topic")
    return list(rows.with_last_news().with_rungs().order_by("due_on", "pk")[:SHOWN])


def own_slips(desk: Desk) -> list[Topic]:
    """What a village liaison has entered, the newest first; one query."""
    rows = Topic.objects.visible_to(desk.reader).filter(entered_by=desk.reader)
    return list(rows.defer("search", "problem", "marks").order_by("-pk")[:SHOWN])
