"""Filters of public notices: the same words for the pages of staff, the API and the board."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from outcomes.models import PublicNotice
from outcomes.states import NoticeKind, NoticeState
from topics.filters import RegionFilter
from topics.models import Topic

FIRST_YEAR, LAST_YEAR = 1949, 2099


class NoticeFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_text", label=_("Title, text or number"), max_length=60)
    kind = filters.ChoiceFilter(choices=NoticeKind.choices, label=_("Kind"))
    year = filters.NumberFilter(
        method="by_year", label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, decimal_places=0
    )
    region = RegionFilter(label=_("Township"), widget=forms.HiddenInput)
    host = RegionFilter(method="by_host", label=_("CPPCC"), widget=forms.HiddenInput)
    state = filters.ChoiceFilter(choices=NoticeState.choices, label=_("State"), widget=forms.HiddenInput)
    topic = filters.UUIDFilter(field_name="topic__uuid", label=_("Topic"), widget=forms.HiddenInput)

    class Meta:
        model = PublicNotice
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def by_year(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.posted_in(int(value))

    def by_host(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(host__region_code=value)


class MatterFilter(filters.FilterSet):
    """Finding the matter that a notice is to be about."""

    q = filters.CharFilter(method="by_text", label=_("Topic or number"), max_length=60)

    class Meta:
        model = Topic
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)
