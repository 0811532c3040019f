"""One FilterSet for page and API."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Account, Convenor, Member, MemberGroup, Organisation
from members.states import OrganisationKind, Role


class OrganisationFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="name", lookup_expr="contains", label=_("Name"), max_length=60)
    kind = filters.ChoiceFilter(choices=OrganisationKind.choices, label=_("Kind"), empty_label=_("All kinds"))

    class Meta:
        model = Organisation
        fields: list[str] = []


class MemberFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_name", label=_("Name or workplace"), max_length=60)
    sector = filters.CharFilter(field_name="sector", lookup_expr="exact", label=_("Sector"), max_length=40)
    term = filters.CharFilter(field_name="term", lookup_expr="exact", label=_("Term"), max_length=40)

    class Meta:
        model = Member
        fields: list[str] = []

    def by_name(self, queryset, name, value):
        return queryset.filter(Q(name__contains=value) | Q(name_key__startswith=value) | Q(workplace__contains=value))


class GroupFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="name", lookup_expr="contains", label=_("Name"), max_length=60)

    class Meta:
        model = MemberGroup
        fields: list[str] = []


class ConvenorFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="name", lookup_expr="contains", label=_("Name"), max_length=60)

    class Meta:
        model = Convenor
        fields: list[str] = []


class AccountFilter(filters.FilterSet):
    q = filters.CharFilter(method="by_name", label=_("Name or account name"), max_length=60)
    role = filters.ChoiceFilter(
        field_name="mandates__role", choices=Role.choices, label=_("Role"), distinct=True, empty_label=_("All roles")
    )

    class Meta:
        model = Account
        fields: list[str] = []

    def by_name(self, queryset, name, value):
        return queryset.filter(Q(display_name__contains=value) | Q(username__icontains=value))
