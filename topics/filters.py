"""One FilterSet for page and API: the same parameters find the same matters."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult import options
from consult.regions import Region, prefix_of
from topics.models import Topic, Visit
from topics.states import Profile, Source, TopicState, VisitState

PERIODS = (
    ("", _("any time")),
    (7, _("last 7 days")),
    (30, _("last 30 days")),
    (90, _("last 90 days")),
    (365, _("last year")),
)


class RegionCodeFilterField(forms.CharField):
    """The code of a division; the page offers townships, the API takes any division."""

    widget = forms.Select

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        if not value:
            return ""
        try:
            return prefix_of(value)
        except ValueError:
            raise ValidationError(_("Give a 12-digit division code")) from None


class RegionFilter(filters.CharFilter):
    field_class = RegionCodeFilterField

    def filter(self, qs: Any, value: str) -> Any:
        return qs.within(value) if value else qs


class TopicFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_text", label=_("Title, text, number"), max_length=100)
    region = RegionFilter(label=_("Townships"))
    category = filters.CharFilter(lookup_expr="exact", label=_("Category"), max_length=40, widget=forms.Select)
    source = filters.ChoiceFilter(choices=Source.choices, label=_("Source"))
    period = filters.TypedChoiceFilter(choices=PERIODS, coerce=int, method="by_period", label=_("Raised"))
    profile = filters.ChoiceFilter(choices=Profile.choices, label=_("Profile"), widget=forms.HiddenInput)
    state = filters.ChoiceFilter(choices=TopicState.choices, label=_("State"), widget=forms.HiddenInput)

    class Meta:
        model = Topic
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def by_period(self, queryset: Any, name: str, value: int | None) -> Any:
        return queryset.raised_since(value) if value else queryset


class TopicPageFilter(TopicFilter):
    """On a page the choices are those of the reader's CPPCC and division."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mandates = self.request.user.mandates_now() if self.request else []
        host_id = mandates[0].host_id if mandates else None
        prefix = prefix_of(mandates[0].region_code) if mandates else ""
        fields = self.form.fields
        fields["region"].widget.choices = [("", ""), *townships_of(prefix)]
        fields["category"].widget.choices = [("", ""), *options.words(host_id, "lists.categories")]


def townships_of(prefix: str) -> tuple[tuple[str, str], ...]:
    """The townships of a county, or the counties of a prefecture; a township is not divided further."""
    if not 2 <= len(prefix) <= 6:
        return ()
    return _divisions_below(prefix, timezone.localdate().isoformat()) or ()


@lru_cache(maxsize=256)
def _read(prefix: str, day: str) -> tuple[tuple[str, str], ...]:
    """The national table changes once a year: read once a day in each process, so that lists need not ask."""
    rows = Region.objects.in_force().children_of(prefix.ljust(12, "0"))
    found = tuple(rows.values_list("code", "name"))
    if not found:
        raise LookupError(prefix)  # never remember that there is nothing
    return found


def _divisions_below(prefix: str, day: str) -> tuple[tuple[str, str], ...]:
    try:
        return _read(prefix, day)
    except LookupError:
        return ()


class VisitFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=VisitState.choices, label=_("State"))
    since = filters.DateFilter(field_name="visited_on", lookup_expr="gte", label=_("From"))
    until = filters.DateFilter(field_name="visited_on", lookup_expr="lte", label=_("To"))

    class Meta:
        model = Visit
        fields: list[str] = []
