"""Filters of assignments."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.regions.codes import prefix_of
from outcomes.models import Assignment
from outcomes.states import AssignmentState, ReplyClass
from topics.filters import RegionFilter, townships_of

#: What «late» asks for; the words stand above the groups of the list too.
LATENESS = (
    ("overdue", _("Overdue")),
    ("soon", _("Due within seven days")),
    ("sent_back", pgettext_lazy("assignment", "Sent back")),
    ("to_verify", _("Done, to be verified")),
    ("to_close", _("Verified, to be closed out")),
    ("running", _("In good time")),
    ("finished", _("Closed out or annulled")),
)
CLOSED_THIS_YEAR = ("closed_this_year", _("Closed out this year"))


class AssignmentFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_text", label=_("Matter, topic, unit, number"), max_length=60)
    unit = filters.UUIDFilter(field_name="lead_unit__uuid", label=_("Lead unit"))
    region = RegionFilter(label=_("Township"))
    late = filters.ChoiceFilter(
        choices=[*LATENESS, CLOSED_THIS_YEAR], method="by_lateness", label=_("Time limit"), widget=forms.HiddenInput
    )
    state = filters.ChoiceFilter(choices=AssignmentState.choices, label=_("State"), widget=forms.HiddenInput)
    reply_class = filters.ChoiceFilter(
        choices=ReplyClass.choices, method="by_class", label=_("Class"), widget=forms.HiddenInput
    )
    topic = filters.UUIDFilter(field_name="topic__uuid", label=_("Topic"), widget=forms.HiddenInput)
    outcome = filters.UUIDFilter(field_name="outcome__uuid", label=_("Outcome"), widget=forms.HiddenInput)

    class Meta:
        model = Assignment
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.containing(value)

    def by_class(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(last_reply_class=value) if value else queryset

    def by_lateness(self, queryset: Any, name: str, value: str) -> Any:
        if value == CLOSED_THIS_YEAR[0]:
            return queryset.filter(state=AssignmentState.CLOSED, closed_on__year=timezone.localdate().year)
        return queryset.filter(lateness=value) if value else queryset


class AssignmentPageFilter(AssignmentFilter):
    """On a page units and townships are chosen from those of the reader's rows; the view brings the units."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = self.form.fields
        mandates = self.request.user.mandates_now() if self.request else []
        prefix = prefix_of(mandates[0].region_code) if mandates else ""
        fields["region"].widget.choices = [("", ""), *townships_of(prefix)]
        fields["unit"].widget = forms.Select(choices=[("", "")])

    def offer_units(self, units: list[tuple[str, str]]) -> None:
        """The lead units that occur in the list."""
        chosen = str(self.data.get("unit", "")) if self.data else ""
        known = {uuid for uuid, _name in units}
        extra = [(chosen, _("Chosen unit"))] if chosen and chosen not in known else []
        self.form.fields["unit"].widget.choices = [("", ""), *units, *extra]
