"""工作日历: which days are worked, one day corrected, a year's holiday plan entered."""

from __future__ import annotations

import calendar as gregorian
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from consult import calendar
from consult.calendar.reading import read_days
from consult.calendar.years import FIRST_YEAR, LAST_YEAR, published
from consult.web.forms import CleanCharField, CleanTextField, DayField, PlainForm
from consult.web.views import FormPage
from members.states import Role
from members.views.hosts import HostMixin
from outcomes.services import enter_holiday_plan

KEEPERS = (Role.REGISTRAR, Role.OFFICE)
SATURDAY = 5


class YearMixin(HostMixin):
    host_roles = KEEPERS
    request: Any
    kwargs: dict[str, Any]

    @cached_property
    def year(self) -> int:
        year = int(self.kwargs.get("year") or timezone.localdate().year)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404
        return year


class YearForm(YearMixin, FormPage):
    """Something entered for one year; its form needs no CPPCC."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("host")
        return kwargs

    def get_back_url(self) -> str:
        return reverse("desk:workdays", args=[self.year])


class Workdays(YearMixin, TemplateView):
    """The year at a glance; what the CPPCC has entered itself stands below it."""

    template_name = "desk/workdays.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = calendar.corrections_of(self.host.pk, self.year)
        kwargs["year"] = self.year
        return super().get_context_data(
            before=self.year - 1 if self.year > FIRST_YEAR else None,
            after=self.year + 1 if self.year < LAST_YEAR else None,
            months=months_of(self.year, self.host.pk, {row.day for row in own}),
            corrections=own,
            plan=next((plan for plan in calendar.plans_of(self.host.pk) if plan.year == self.year), None),
            is_published=published(self.year).is_published,
            is_provisional=calendar.is_provisional(self.year, self.host.pk),
            host=self.host,
            **kwargs,
        )


def months_of(year: int, host_id: int, own: set[date]) -> list[dict[str, Any]]:
    """Twelve months of weeks, Monday first; a day says whether it is off, made up, corrected by the CPPCC."""
    worked = calendar.calendar_of(host_id)
    weeks = gregorian.Calendar(firstweekday=0)
    return [
        {"first": date(year, month, 1), "weeks": [_week(week, month, worked, own) for week in days]}
        for month, days in ((month, weeks.monthdatescalendar(year, month)) for month in range(1, 13))
    ]


def _week(week: list[date], month: int, worked: Any, own: set[date]) -> list[dict[str, Any] | None]:
    return [_day(day, worked, own) if day.month == month else None for day in week]


def _day(day: date, worked: Any, own: set[date]) -> dict[str, Any]:
    is_worked, is_weekend = worked.is_workday(day), day.weekday() >= SATURDAY
    kind = "made-up" if is_worked and is_weekend else "holiday" if not is_worked and not is_weekend else ""
    return {"day": day, "kind": kind or ("weekend" if is_weekend else ""), "own": day in own}


class DayForm(PlainForm):
    day = DayField(label=gettext_lazy("Which day"))
    worked = forms.TypedChoiceField(
        label=gettext_lazy("Is it worked"),
        choices=[("yes", gettext_lazy("Worked")), ("no", gettext_lazy("Off"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    note = CleanCharField(
        label=gettext_lazy("Why"), max_length=60, help_text=gettext_lazy("For example a festival of the prefecture.")
    )


class CorrectDay(YearForm):
    """One day is worked or not, whatever was published."""

    form_class = DayForm
    heading = gettext_lazy("Correct one day")

    def get_initial(self) -> dict[str, Any]:
        return {"day": self.request.GET.get("day", "")}

    def perform(self, form: Any) -> str:
        given = form.cleaned_data
        row = calendar.override_day(
            given["day"],
            is_workday=given["worked"],
            note=given["note"],
            actor=self.request.user,
            host_id=self.host.pk,
        )
        return reverse("desk:workdays", args=[row.day.year])

    def get_done_message(self, done: Any) -> str:
        return _("Saved. Dates already promised are unchanged")


class ClearDay(YearForm):
    """Take a correction back."""

    heading = gettext_lazy("Take the correction back")
    submit_label = gettext_lazy("Take it back")

    def check(self) -> None:
        if not 1 <= self.kwargs["nth"] <= 365 + gregorian.isleap(self.year):
            raise Http404

    def perform(self, form: Any) -> str:
        day = date(self.year, 1, 1) + timedelta(days=self.kwargs["nth"] - 1)
        calendar.clear_day(day, actor=self.request.user, host_id=self.host.pk)
        return self.get_back_url()


class PlanForm(PlainForm):
    source = CleanCharField(
        label=gettext_lazy("Paper in which it was published"),
        max_length=100,
        help_text=gettext_lazy("For example the notice of the General Office of the State Council, with its number."),
    )
    off = CleanTextField(
        label=gettext_lazy("Days off"),
        rows=8,
        max_length=4000,
        help_text=gettext_lazy("One day or one span a line, weekends included: 2027-02-05 to 2027-02-11."),
    )
    worked = CleanTextField(
        label=gettext_lazy("Weekend days that are worked"),
        rows=4,
        max_length=2000,
        required=False,
        help_text=gettext_lazy("One day a line; leave it empty when no weekend day is worked."),
    )


class LoadPlan(YearForm):
    """Enter the year's plan as it was published; provisional due dates are settled then."""

    form_class = PlanForm
    submit_label = gettext_lazy("Enter the plan")

    @property
    def heading(self) -> str:  # type: ignore[override]  # a word of the year, not of the class
        return _("Holiday plan of %(year)s") % {"year": self.year}

    def perform(self, form: Any) -> str:
        given = form.cleaned_data
        enter_holiday_plan(
            self.host,
            self.year,
            off=read_days(given["off"], self.year, field="off"),
            worked=read_days(given["worked"], self.year, field="worked"),
            source=given["source"],
            actor=self.request.user,
        )
        return self.get_back_url()

    def get_done_message(self, done: Any) -> str:
        return _("The plan is entered. Due dates that were provisional are being settled")
