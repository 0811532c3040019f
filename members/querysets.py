"""How people are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from consult.regions.querysets import RegionQuerySet, inside
from members.states import OrganisationKind, Role

if TYPE_CHECKING:
    from datetime import date

#: Roles whose work needs the directory of organisations, members, groups and convenors of their host.
DIRECTORY_ROLES = (
    Role.OFFICE,
    Role.APPROVER,
    Role.CONVENOR,
    Role.GROUP_LEADER,
    Role.MEMBER,
    Role.VILLAGE_LIAISON,
    Role.SUPERVISION_OFFICE,
    Role.REGISTRAR,
)


class HostedQuerySet(RegionQuerySet):
    """Rows that belong to one host: directory rows are visible to those who hold a mandate there."""

    def of_host(self, host_id: int):
        return self.filter(host_id=host_id)

    def visible_to(self, reader):
        """Directory rows of the reader's hosts; a supervisor reads those of the divisions below."""
        if not reader.is_authenticated:
            return self.none()
        if reader.is_system:
            return self
        below = inside(*reader.prefixes(Role.SUPERVISOR))
        return self.filter(Q(host_id__in=reader.host_ids(*DIRECTORY_ROLES)) | below)


class OrganisationQuerySet(HostedQuerySet):
    def hosts(self):
        return self.filter(kind=OrganisationKind.CPPCC)

    def open(self):
        return self.filter(closed_on__isnull=True)

    def committees(self):
        return self.filter(kind=OrganisationKind.COMMITTEE)

    def visible_to(self, reader):
        """As every directory row; members of a unit see their own unit too."""
        if not reader.is_authenticated:
            return self.none()
        if reader.is_system:
            return self
        below = inside(*reader.prefixes(Role.SUPERVISOR))
        own = Q(pk__in=[mandate.organisation_id for mandate in reader.mandates_now()])
        return self.filter(Q(host_id__in=reader.host_ids(*DIRECTORY_ROLES)) | below | own)


class MandateQuerySet(RegionQuerySet):
    def in_force(self, on: date | None = None):
        """Mandates that are valid on a day; lateness and validity are asked, never stored."""
        on = on or timezone.localdate()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


class TermQuerySet(HostedQuerySet):
    """Rows with a term of office."""

    def serving(self, on: date | None = None):
        on = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)
