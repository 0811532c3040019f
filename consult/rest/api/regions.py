"""Divisions, for everybody: the national table, read by code, parent, level or words of the path."""

from __future__ import annotations

from typing import Any

import django_filters
from rest_framework import serializers

from consult.regions.models import Level, Region

from ..permissions import ReadByAnyone
from ..viewsets import ReadViewSet


class RegionFilter(django_filters.FilterSet):
    level = django_filters.ChoiceFilter(choices=Level.choices)
    parent = django_filters.CharFilter(field_name="parent_code", max_length=12)
    within = django_filters.CharFilter(method="lies_within", max_length=12)
    q = django_filters.CharFilter(method="words", max_length=60)

    class Meta:
        model = Region
        fields: list[str] = []

    def lies_within(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.within(value) if value.isascii() and value.isdigit() and value.strip("0") else queryset.none()

    def words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)


class RegionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Region
        fields = ["code", "name", "level", "parent_code", "path", "valid_from", "valid_to", "successor"]
        read_only_fields = fields


class RegionViewSet(ReadViewSet):
    """Abolished divisions are listed too, with the day and their successor."""

    permission_classes = (ReadByAnyone,)
    serializer_class = RegionSerializer
    filterset_class = RegionFilter
    lookup_field = "code"
    queryset = Region.objects.order_by("code")

    def is_name(self, name: str) -> bool:
        return len(name) == 12 and name.isascii() and name.isdigit()
