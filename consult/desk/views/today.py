"""今日工作: what needs me now."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from consult import health
from consult.desk.queries import agenda, news, overview
from consult.desk.queries.kinds import Desk
from consult.desk.queries.tasks import Work, work_of
from members.states import Role
from topics.querysets import FILING

NUMERALS = "一二三四五六"
#: Who prepares sessions, and so may begin one from here.
PLANNING = (Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER)
#: Who looks after the machine.
KEEPING = (Role.OFFICE, Role.REGISTRAR)


class Today(TemplateView):
    """The same few queries for everybody with the same roles, whatever waits."""

    template_name = "desk/today.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        desk = Desk(self.request.user)
        work = work_of(desk)
        parts = {
            "counties": overview.counties_of(desk) if desk.holds(Role.SUPERVISOR) else None,
            "asked": overview.to_ask_about(desk) if desk.holds(Role.SUPERVISOR) else None,
            "soon": agenda.due_soon(desk) if desk.holds(*agenda.FOLLOWING) else None,
            "slips": agenda.own_slips(desk) if desk.holds(Role.VILLAGE_LIAISON) else None,
            "week": agenda.week_of(desk) if desk.holds(*agenda.MEETING) else None,
            "news": news.news_for(desk) if desk.roles - {Role.REGISTRAR} else None,
        }
        readers_only = desk.roles and desk.roles <= {Role.SUPERVISOR}
        return super().get_context_data(
            **{
                "today": desk.today,
                "work": work,
                "shows_work": not readers_only,
                "next_act": next_act(desk, work),
                "waiting_for_a_date": sum(task.count for task in work.tasks if task.kind in ("plan", "promised")),
                "may_file": desk.holds(*FILING),
                "plan_url": _there("sessions:plan") if desk.holds(*PLANNING) else "",
                "pulse": pulse() if desk.holds(*KEEPING) else None,
                **parts,
                "numeral": _numerals({"work": None if readers_only else work, **parts}),
                **kwargs,
            }
        )


def _numerals(parts: dict[str, Any]) -> dict[str, str]:
    """一、二、三: only parts that are shown are counted."""
    shown = [name for name, part in parts.items() if part is not None]
    return {name: f"{numeral}、" for name, numeral in zip(shown, NUMERALS, strict=False)}


def pulse() -> dict[str, Any]:
    """When the clock and a worker were last seen; without them nothing is sent, and pages go on."""
    beat, worker = health.beat_seen(), health.worker_seen()
    return {"beat": beat, "worker": worker, "well": health.lately(beat) and health.lately(worker)}


def next_act(desk: Desk, work: Work) -> tuple[str, str, str] | None:
    """Nothing waits: what one could do next, as sentence, address and word of the link."""
    if work.tasks:
        return None
    if not desk.roles:
        return _("Your account holds no mandate yet; the registrar of your CPPCC grants it."), "", ""
    acts = (
        ((Role.OFFICE, Role.CONVENOR), "topics:hand_in", _("Enter a slip"), _("New slips and replies appear here.")),
        ((Role.APPROVER,), "topics:list", _("Topics"), _("What is to be approved or signed appears here.")),
        (
            (Role.GROUP_LEADER, Role.MEMBER),
            "topics:to_claim",
            _("See what can be taken up"),
            _("What you took up and your invitations appear here."),
        ),
        (
            (Role.VILLAGE_LIAISON,),
            "topics:hand_in",
            _("Enter a slip"),
            _("Slips that came back to you appear here."),
        ),
        (
            (Role.LIAISON, Role.UNIT_CHIEF),
            "outcomes:desk",
            _("All assignments of the unit"),
            _("New assignments appear here."),
        ),
        (
            (Role.SUPERVISION_OFFICE,),
            "outcomes:list",
            _("Follow-up"),
            _("What is overdue or to be closed out appears here."),
        ),
        ((Role.REGISTRAR,), "members:accounts", _("Accounts"), _("Locked accounts and ending mandates appear here.")),
    )
    for roles, name, label, sentence in acts:
        if desk.holds(*roles):
            return sentence, _there(name), label
    return "", "", ""


def _there(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
