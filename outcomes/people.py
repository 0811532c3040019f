"""Whom a step concerns: the unit, the office, those who verify, those who raised the matter."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from consult.regions.services import ancestors_of
from members.models import Account, Mandate
from members.states import Role
from outcomes.models import Assignment
from topics.services import audience_of


def _holding(on_mandate: Q) -> QuerySet[Account]:
    """Active accounts with such a mandate in force today."""
    mandates = Mandate.objects.in_force(timezone.localdate()).filter(on_mandate)
    return Account.objects.filter(is_active=True, pk__in=mandates.values("account_id")).order_by("pk")


def holders(row: Any, *roles: str) -> QuerySet[Account]:
    """Who holds one of the roles under the row's host, in a division that contains the row."""
    divisions = ancestors_of(row.region_code)
    return _holding(Q(role__in=roles, host_id=row.host_id, region_code__in=divisions))


def supervisors(row: Any) -> QuerySet[Account]:
    """Supervising CPPCCs above: by division alone."""
    return _holding(Q(role=Role.SUPERVISOR, region_code__in=ancestors_of(row.region_code)))


def unit_people(unit_id: int, *roles: str) -> QuerySet[Account]:
    return _holding(Q(role__in=roles or (Role.LIAISON,), organisation_id=unit_id))


def unit_or_office(assignment: Assignment, *roles: str) -> list[Account]:
    """The lead unit's people; a unit without an account is reached by the office, on paper."""
    return list(unit_people(assignment.lead_unit_id, *roles)) or list(holders(assignment, Role.OFFICE))


def assisting_people(assignment: Assignment) -> list[Account]:
    units = assignment.handling_unit_ids - {assignment.lead_unit_id}
    return list(_holding(Q(role=Role.LIAISON, organisation_id__in=units)))


def raisers(topic: Any) -> list[Account]:
    """Raisers and followers who have an account, of every matter merged into it too."""
    found = {row.account.pk: row.account for row in audience_of(topic) if row.account and row.account.is_active}
    return [found[pk] for pk in sorted(found)]


def claimers(topic: Any) -> list[Account]:
    """Who took the matter up: the account, or the leader of the group."""
    leads = Q(member__memberships__group_id=topic.claimed_group_id, member__memberships__is_leader=True)
    still = Q(member__memberships__until__isnull=True)
    found = Q(pk=topic.claimed_by_id or 0) | Q(member__pk=topic.claimed_member_id or 0)
    if topic.claimed_group_id:
        found |= leads & still
    return list(Account.objects.filter(found, is_active=True, is_system=False).distinct().order_by("pk"))
