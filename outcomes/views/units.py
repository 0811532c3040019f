"""The record of a unit: its year, and what is about to fall due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.views.generic import DetailView

from consult.web.views.detail import ByUuid
from members.models import Organisation
from outcomes.models import Assignment, HandlingReply, Verification
from outcomes.states import RUNNING_STATES, AssignmentState, ReplyClass

#: What falls due within so many days stands on the page.
AHEAD = 30
FIRST_YEAR = 2000


class UnitRecord(ByUuid, DetailView):
    """Signed for, in time, late, reworked, by class; of what the reader may see."""

    http_method_names = ["get", "head"]
    template_name, context_object_name = "outcomes/unit.html", "unit"

    def get_queryset(self) -> Any:
        """Units with something that the reader sees: his own, or those his CPPCC has handed work to."""
        reader = self.request.user
        seen = Assignment.objects.visible_to(reader)
        led = seen.filter(lead_unit=OuterRef("pk"))
        assisted = Assignment.assisting_units.through.objects.filter(
            organisation_id=OuterRef("pk"), assignment__in=seen
        )
        return Organisation.objects.filter(Q(pk__in=reader.unit_ids()) | Exists(led) | Exists(assisted))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        year = self._year(today.year)
        rows = Assignment.objects.visible_to(self.request.user)
        rows = rows.filter(rows.handled_by([self.object.pk]))
        return super().get_context_data(
            **{
                "year": year,
                "this_year": today.year,
                "figures": figures_of(rows, year, today),
                "classes": classes_of(rows, year),
                "ahead": rows.running()
                .filter(due_on__lte=today + timedelta(days=AHEAD))
                .for_list()
                .order_by("due_on", "pk")[:50],
                "is_own": self.object.pk in self.request.user.unit_ids(),
                **kwargs,
            }
        )

    def _year(self, present: int) -> int:
        asked = self.request.GET.get("year", "")
        return int(asked) if asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked) <= present else present


def figures_of(rows: Any, year: int, today: Any) -> dict[str, int]:
    """One query. In time and late are told of the last reply in the year; late is also what is owed and overdue."""
    last = HandlingReply.objects.filter(assignment=OuterRef("pk")).order_by("-pk")
    failed = Verification.objects.filter(assignment=OuterRef("pk"), passed=False, date__year=year)
    answered = Q(answered_on__year=year)
    return (
        rows.annotate(answered_on=Subquery(last.values("date")[:1]), came_back=Exists(failed))
        .order_by()
        .aggregate(
            issued=Count("pk", filter=Q(issued_on__year=year)),
            signed_for=Count("pk", filter=Q(signed_for_on__year=year)),
            in_time=Count("pk", filter=answered & Q(answered_on__lte=F("due_on"))),
            late=Count("pk", filter=answered & Q(answered_on__gt=F("due_on"))),
            overdue=Count("pk", filter=Q(state__in=RUNNING_STATES, due_on__lt=today)),
            reworked=Count("pk", filter=Q(came_back=True)),
            sent_back=Count("pk", filter=Q(state=AssignmentState.SENT_BACK, moved_on__year=year)),
            closed=Count("pk", filter=Q(closed_on__year=year)),
        )
    )


def classes_of(rows: Any, year: int) -> list[tuple[str, str, int]]:
    """How the last reply of each assignment is classed."""
    last = HandlingReply.objects.filter(assignment=OuterRef("assignment")).order_by("-pk").values("pk")[:1]
    found = dict(
        HandlingReply.objects.filter(pk=Subquery(last), date__year=year, assignment__in=rows.values("pk"))
        .order_by()
        .values_list("reply_class")
        .annotate(n=Count("pk"))
    )
    return [(value, str(label), found.get(value, 0)) for value, label in ReplyClass.choices]
