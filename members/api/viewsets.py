"""The directory through the API: read only, with the querysets and filters of the pages."""

from __future__ import annotations

from consult.rest.viewsets import ReadViewSet
from members.api.serializers import ConvenorSerializer, GroupSerializer, MemberSerializer, OrganisationSerializer
from members.filters import ConvenorFilter, GroupFilter, MemberFilter, OrganisationFilter
from members.models import Convenor, Member, MemberGroup, Organisation


class OrganisationViewSet(ReadViewSet):
    serializer_class, filterset_class = OrganisationSerializer, OrganisationFilter
    queryset = Organisation.objects.none()

    def get_queryset(self):
        return Organisation.objects.visible_to(self.request.user).select_related("host")


class MemberViewSet(ReadViewSet):
    serializer_class, filterset_class = MemberSerializer, MemberFilter
    queryset = Member.objects.none()

    def get_queryset(self):
        return Member.objects.visible_to(self.request.user).select_related("host").prefetch_related("posts")


class GroupViewSet(ReadViewSet):
    serializer_class, filterset_class = GroupSerializer, GroupFilter
    queryset = MemberGroup.objects.none()

    def get_queryset(self):
        return MemberGroup.objects.visible_to(self.request.user).select_related("host").prefetch_related("members")


class ConvenorViewSet(ReadViewSet):
    serializer_class, filterset_class = ConvenorSerializer, ConvenorFilter
    queryset = Convenor.objects.none()

    def get_queryset(self):
        return Convenor.objects.visible_to(self.request.user).select_related("host")
