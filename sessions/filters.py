"""One FilterSet each for sessions and rooms; page and API ask with the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult.regions import prefix_of
from consult.web.forms import DayField
from sessions.models import ConsultationRoom, ConsultSession
from sessions.states import SessionForm, SessionState, VenueKind
from topics.filters import RegionFilter, townships_of


class DayFilter(filters.Filter):
    """A date as people write it; what is not a date is told how."""

    field_class = DayField


class SessionFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_text", label=_("Title or place"), max_length=100)
    region = RegionFilter(label=_("Township"))
    form = filters.ChoiceFilter(choices=SessionForm.choices, label=_("Form"))
    since = DayFilter(method="by_since", label=_("From"))
    until = DayFilter(method="by_until", label=_("Until"))
    state = filters.ChoiceFilter(choices=SessionState.choices, label=_("State"), widget=forms.HiddenInput)
    venue_kind = filters.ChoiceFilter(choices=VenueKind.choices, label=_("Kind of place"), widget=forms.HiddenInput)
    topic = filters.UUIDFilter(method="by_topic", label=_("Topic"), widget=forms.HiddenInput)
    room = filters.UUIDFilter(field_name="room__uuid", label=_("Room"), widget=forms.HiddenInput)

    class Meta:
        model = ConsultSession
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(Q(title__icontains=value) | Q(place__icontains=value) | Q(room__name__icontains=value))

    def by_topic(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.filter(session_topics__topic__uuid=value)

    def by_since(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.since(value) if value else queryset

    def by_until(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.until(value) if value else queryset


class SessionPageFilter(SessionFilter):
    """On a page the townships are those of the reader's division."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_townships(self)


class RoomFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_text", label=_("Name or who keeps it"), max_length=100)
    region = RegionFilter(label=_("Township"))
    use = filters.ChoiceFilter(
        choices=(("idle", _("No session this quarter")), ("open", _("In use")), ("closed", _("Given up"))),
        method="by_use",
        label=_("Use"),
    )

    class Meta:
        model = ConsultationRoom
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(Q(name__icontains=value) | Q(host_unit__icontains=value))

    def by_use(self, queryset: Any, name: str, value: str) -> Any:
        if value == "idle":
            return queryset.idle(timezone.localdate())
        return queryset.open() if value == "open" else queryset.filter(closed_on__isnull=False)


class RoomPageFilter(RoomFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_townships(self)


def offer_townships(filterset: filters.FilterSet) -> None:
    """The townships below the reader's first mandate."""
    mandates = filterset.request.user.mandates_now() if filterset.request else []
    prefix = prefix_of(mandates[0].region_code) if mandates else ""
    filterset.form.fields["region"].widget.choices = [("", ""), *townships_of(prefix)]
