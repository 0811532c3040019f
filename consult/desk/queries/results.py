"""What waits about outcomes: to be submitted, answered, assigned; satisfaction to be asked."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from consult.web.words import say_day
from members.states import Role
from outcomes.models import Assignment, Outcome
from outcomes.states import ASSIGNABLE, AssignmentState
from topics.states import Profile, TopicState

from .kinds import Desk, Kind, from_day
from .rows import Row, branch

A = AssignmentState


def _outcomes(rows: QuerySet[Outcome], kind: str, **columns: Any) -> QuerySet[Any]:
    values = {"uuid": F("uuid"), "title": F("topic__title"), "host": F("host_id"), "day": F("moved_on")}
    return branch(rows, kind, order=("moved_on", "pk"), **{**values, "note": F("number"), **columns})


def to_submit(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE):
        return None
    return _outcomes(Outcome.objects.drafts().filter(desk.within(Role.OFFICE)), "submit_outcome")


def to_adopt(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE):
        return None
    rows = Outcome.objects.to_be_answered().filter(desk.within(Role.OFFICE), topic__profile=Profile.FORMAL)
    return _outcomes(rows, "adopt")


def to_issue(desk: Desk) -> QuerySet[Any] | None:
    """It may be assigned now, and nothing has been: issue it, or say that there is nothing to assign."""
    roles = (Role.OFFICE, Role.SUPERVISION_OFFICE)
    if not desk.holds(*roles):
        return None
    ready = Q(pk__in=())
    for profile, states in ASSIGNABLE.items():
        ready |= Q(topic__profile=profile, state__in=states)
    issued = Assignment.objects.filter(outcome=OuterRef("pk")).exclude(state=A.ANNULLED)
    rows = Outcome.objects.current().filter(desk.within(*roles), ready, topic__state=TopicState.CONSULTED)
    return _outcomes(rows.filter(~Exists(issued), nothing_to_assign_on__isnull=True), "issue")


def to_ask(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE):
        return None
    rows = Outcome.objects.asking().filter(desk.within(Role.OFFICE))
    # a matter brought in from paper owes nobody an answer by a day long past
    due = Case(When(topic__case_key="", then=F("satisfaction__due_on")), output_field=DateField())
    return _outcomes(rows, "satisfaction", day=due)


def to_explain(desk: Desk) -> QuerySet[Any] | None:
    if not desk.holds(Role.OFFICE):
        return None
    waiting = {
        "satisfaction__explain_by__isnull": False,
        "satisfaction__explained_on__isnull": True,
        "satisfaction__forced_on__isnull": True,
    }
    rows = Outcome.objects.filter(desk.within(Role.OFFICE), **waiting)
    return _outcomes(rows, "explain", day=F("satisfaction__explain_by"))


def _number_since(row: Row, desk: Desk) -> str:
    since = _("since %(day)s") % {"day": say_day(row.day)}
    return f"{row.note}{pgettext('clause', ', ')}{since}" if row.note else since


KINDS = (
    Kind(
        "explain",
        "查",
        to_explain,
        gettext_lazy("Explain to the raiser of “%(title)s”, who is not satisfied"),
        gettext_lazy("Explain to %(count)s raisers who are not satisfied"),
        pgettext_lazy("button", "Explain"),
        "outcomes:explain_dissatisfaction",
        lambda row, desk: _("Without an explanation by then the work begins again"),
        from_day,
        all_page="outcomes:outcomes",
    ),
    Kind(
        "satisfaction",
        "查",
        to_ask,
        gettext_lazy("Ask how satisfied people are with “%(title)s”"),
        gettext_lazy("Ask how satisfied people are with %(count)s matters"),
        pgettext_lazy("button", "Ask"),
        "outcomes:record_satisfaction",
        lambda row, desk: _("The last assignment is closed; ask the raiser and those who attended"),
        from_day,
        all_page="outcomes:outcomes",
    ),
    Kind(
        "submit_outcome",
        "查",
        to_submit,
        gettext_lazy("Submit the outcome of “%(title)s”"),
        gettext_lazy("Submit %(count)s outcomes"),
        pgettext_lazy("button", "Submit"),
        "outcomes:outcome",
        _number_since,
        all_page="outcomes:outcomes",
        all_query="state=drafted",
    ),
    Kind(
        "adopt",
        "查",
        to_adopt,
        gettext_lazy("Record what became of the report on “%(title)s”"),
        gettext_lazy("Record what became of %(count)s reports"),
        pgettext_lazy("button", "Record"),
        "outcomes:outcome",
        _number_since,
        all_page="outcomes:outcomes",
        all_query="state=submitted",
    ),
    Kind(
        "issue",
        "查",
        to_issue,
        gettext_lazy("Assign what was agreed on “%(title)s”"),
        gettext_lazy("Assign what was agreed on %(count)s matters"),
        pgettext_lazy("button", "Assign"),
        "outcomes:outcome",
        _number_since,
        all_page="outcomes:outcomes",
    ),
)
