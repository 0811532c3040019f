"""The directory through the API: the querysets, filters and services of the pages."""

from __future__ import annotations

from consult.rest.viewsets import StatefulViewSet
from members import services
from members.api.inputs import ConvenorInput, GroupInput, MemberInput, OrganisationInput
from members.api.serializers import ConvenorSerializer, GroupSerializer, MemberSerializer, OrganisationSerializer
from members.filters import ConvenorFilter, GroupFilter, MemberFilter, OrganisationFilter
from members.models import Convenor, Member, MemberGroup, Organisation


class OrganisationViewSet(StatefulViewSet):
    serializer_class, filterset_class = OrganisationSerializer, OrganisationFilter
    queryset = Organisation.objects.none()
    create_service, create_serializer_class = services.register_organisation, OrganisationInput

    def get_queryset(self):
        return Organisation.objects.visible_to(self.request.user).select_related("host")


class MemberViewSet(StatefulViewSet):
    serializer_class, filterset_class = MemberSerializer, MemberFilter
    queryset = Member.objects.none()
    create_service, create_serializer_class = services.add_member, MemberInput

    def get_queryset(self):
        return Member.objects.visible_to(self.request.user).select_related("host").prefetch_related("posts")


class GroupViewSet(StatefulViewSet):
    serializer_class, filterset_class = GroupSerializer, GroupFilter
    queryset = MemberGroup.objects.none()
    create_service, create_serializer_class = services.found_group, GroupInput

    def get_queryset(self):
        return MemberGroup.objects.visible_to(self.request.user).select_related("host").prefetch_related("members")


class ConvenorViewSet(StatefulViewSet):
    serializer_class, filterset_class = ConvenorSerializer, ConvenorFilter
    queryset = Convenor.objects.none()
    create_service, create_serializer_class = services.appoint_convenor, ConvenorInput

    def get_queryset(self):
        return Convenor.objects.visible_to(self.request.user).select_related("host")
