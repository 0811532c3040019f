"""协商会: what is coming, what is owed, what was held, week by week; and the rooms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consult.web.views import ListPage, Tab
from members.states import Role
from sessions.filters import RoomPageFilter, SessionPageFilter
from sessions.models import ConsultationRoom, ConsultSession
from sessions.states import SessionForm, SessionState

S = SessionState
_SIGNED = Q(has_signed_minutes=True)
TABS = (
    Tab("coming", _("Coming"), Q(state__in=(S.PLANNED, S.ANNOUNCED, S.IN_PROGRESS))),
    Tab("owed", _("Minutes to come"), Q(state=S.HELD) & ~Q(form=SessionForm.BENCH) & ~_SIGNED),
    Tab("held", _("Held"), Q(state=S.HELD) & (Q(form=SessionForm.BENCH) | _SIGNED)),
    Tab("needs_decision", _("Needs a look"), Q(state=S.NEEDS_DECISION)),
    Tab("cancelled", _("Called off"), Q(state=S.CANCELLED)),
    Tab("all", _("All"), Q()),
)
PREPARERS = (Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER)
LOGGERS = (*PREPARERS, Role.MEMBER)


class SessionList(ListPage):
    template_name, partial_template_name = "sessions/list.html", "sessions/_table.html"
    filterset_class = SessionPageFilter
    tab_param = "tab"
    tabs = TABS

    def get_queryset(self) -> Any:
        return ConsultSession.objects.visible_to(self.request.user).for_list()

    def get_ordering(self) -> Sequence[str]:
        """What is to come: the nearest first; what was: the latest first."""
        soonest = self.tab is not None and self.tab.value == "coming"
        return ("starts_at", "pk") if soonest else ("-starts_at", "-pk")

    def _tab(self) -> Tab | None:
        """Without a word: what is coming; a filter alone searches in everything."""
        if self._tab_param in self.request.GET:
            return super()._tab()
        wanted = "all" if self._filtered() else "coming"
        return next(tab for tab in self.tabs if tab.value == wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        roles = {mandate.role for mandate in self.request.user.mandates_now()}
        return super().get_context_data(
            **{
                "weeks": by_week(self.page.rows),
                "may_plan": bool(roles & set(PREPARERS)),
                "may_log": bool(roles & set(LOGGERS)),
                "sees_rooms": bool(roles - {Role.LIAISON, Role.UNIT_CHIEF}),
                **kwargs,
            }
        )


def by_week(sessions: Iterable[ConsultSession]) -> list[dict[str, Any]]:
    """The rows under the week in which they begin."""
    today = timezone.localdate()
    return [
        {"label": week_words(monday, today), "first": monday, "last": monday + timedelta(days=6), "rows": list(rows)}
        for monday, rows in groupby(sessions, key=lambda one: monday_of(timezone.localtime(one.starts_at).date()))
    ]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_words(monday: date, today: date) -> str:
    away = (monday - monday_of(today)).days // 7
    named = {-1: gettext("Last week"), 0: gettext("This week"), 1: gettext("Next week")}
    return named.get(away, gettext("Week of %(day)s") % {"day": monday.isoformat()})


class RoomList(ListPage):
    template_name, partial_template_name = "sessions/room_list.html", "sessions/_rooms.html"
    filterset_class = RoomPageFilter
    ordering = ("region_code", "name", "pk")
    count_tabs = False

    def get_queryset(self) -> Any:
        return ConsultationRoom.objects.visible_to(self.request.user).select_related("host").with_last_session()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        roles = {mandate.role for mandate in self.request.user.mandates_now()}
        idle = self.request.GET.get("use") == "idle"
        return super().get_context_data(
            **{"may_keep": bool(roles & {Role.OFFICE, Role.CONVENOR}), "idle_only": idle, **kwargs}
        )
