"""What the directory's create calls take; unknown fields are refused by name."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from consult.rest.serializers import LineField, Reference, StrictSerializer
from members.models import Organisation
from members.states import OrganisationKind, Role


def _own_hosts(reader: Any) -> Any:
    """The CPPCCs in whose office the caller works."""
    return Organisation.objects.hosts().filter(pk__in=reader.host_ids(Role.OFFICE))


class HostInput(StrictSerializer):
    host = Reference(choose=_own_hosts)


class OrganisationInput(HostInput):
    kind = serializers.ChoiceField(choices=[choice for choice in OrganisationKind.choices if choice[0] != "cppcc"])
    name = LineField(max_length=100)
    short_name = LineField(max_length=30, required=False)
    region_code = LineField(max_length=12)


class MemberInput(HostInput):
    name = LineField(max_length=60)
    sector = LineField(max_length=40)
    term = LineField(max_length=40)
    is_standing = serializers.BooleanField(required=False)
    workplace = LineField(max_length=100, required=False)
    region_code = LineField(max_length=12, required=False)
    since = serializers.DateField(required=False)


class GroupInput(HostInput):
    name = LineField(max_length=80)
    region_code = LineField(max_length=12)
    founded_on = serializers.DateField(required=False)


class ConvenorInput(HostInput):
    name = LineField(max_length=60)
    region_code = LineField(max_length=12)
    party_post = LineField(max_length=60, required=False)
    rank = LineField(max_length=40, required=False)
    since = serializers.DateField(required=False)
