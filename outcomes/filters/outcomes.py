"""Filters of outcomes."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.regions.codes import prefix_of
from outcomes.models import Outcome
from outcomes.states import OutcomeState
from topics.filters import RegionFilter, townships_of
from topics.states import Profile


class OutcomeFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_text", label=_("Topic or number"), max_length=60)
    region = RegionFilter(label=_("Township"))
    profile = filters.ChoiceFilter(field_name="topic__profile", choices=Profile.choices, label=_("Profile"))
    state = filters.ChoiceFilter(choices=OutcomeState.choices, label=_("State"), widget=forms.HiddenInput)
    topic = filters.UUIDFilter(field_name="topic__uuid", label=_("Topic"), widget=forms.HiddenInput)

    class Meta:
        model = Outcome
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        for word in value.split():
            queryset = queryset.filter(Q(topic__title__icontains=word) | Q(number__icontains=word))
        return queryset


class OutcomePageFilter(OutcomeFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mandates = self.request.user.mandates_now() if self.request else []
        prefix = prefix_of(mandates[0].region_code) if mandates else ""
        self.form.fields["region"].widget.choices = [("", ""), *townships_of(prefix)]
