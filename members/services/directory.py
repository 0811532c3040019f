"""The directory a CPPCC keeps: organisations, members, groups, convenors. The office edits, the audit remembers."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing
from consult.outbox import publish
from members.models import Account, Convenor, GroupMembership, Member, MemberGroup, MemberPost, Organisation
from members.services.rights import mandate_used, require
from members.states import OrganisationKind, Role

Row = TypeVar("Row", bound=models.Model)


def pinyin_key(name: str) -> str:
    """Sort key of a Chinese name; the database has no Chinese collation (docs/decisions)."""
    # Its dictionary takes 50 MB in each process; those that never enter a member do without it.
    return " ".join(import_module("pypinyin").lazy_pinyin(name))[:200]


# organisations -------------------------------------------------------------------------------------------------------


@transaction.atomic
def register_organisation(*, actor: Account, host: Organisation, kind: str, name: str, **values: Any) -> Organisation:
    """Enter a unit that may be invited or assigned to; names are unique under one host."""
    if kind == OrganisationKind.CPPCC:
        raise Missing({"kind": _("A CPPCC is set up by a command of its own.")})
    values.setdefault("region_code", host.region_code)
    return _add(Organisation(host=host, kind=kind, name=name.strip(), **values), actor)


@transaction.atomic
def change_organisation(organisation: Organisation, *, actor: Account, **changes: Any) -> Organisation:
    return _change(organisation, actor, changes)


@transaction.atomic
def close_organisation(organisation: Organisation, *, actor: Account, on: date | None = None) -> Organisation:
    """A unit was merged or abolished: kept for what it did, offered no more."""
    return _change(organisation, actor, {"closed_on": on or timezone.localdate()}, verb="close")


# members -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_member(
    *, actor: Account, host: Organisation, name: str, sector: str, term: str, posts: list[dict] | None = None, **values
) -> Member:
    """Enter a 政协委员 with sector, term and posts."""
    values.setdefault("region_code", host.region_code)
    values.setdefault("since", timezone.localdate())
    member = Member(host=host, name=name.strip(), name_key=pinyin_key(name), sector=sector, term=term, **values)
    member = _add(member, actor)
    _set_posts(member, posts or [])
    return member


@transaction.atomic
def change_member(member: Member, *, actor: Account, posts: list[dict] | None = None, **changes: Any) -> Member:
    if "name" in changes:
        changes["name_key"] = pinyin_key(changes["name"])
    member = _change(member, actor, changes)
    if posts is not None:
        _set_posts(member, posts)
    return member


@transaction.atomic
def resign_member(member: Member, *, actor: Account, on: date | None = None) -> Member:
    """A member leaves the committee: his term and his groups end on that day."""
    on = on or timezone.localdate()
    member = _change(member, actor, {"until": on}, verb="resign")
    member.memberships.filter(until__isnull=True).update(until=on)
    return member


def _set_posts(member: Member, posts: list[dict]) -> None:
    member.posts.all().delete()
    for values in posts:
        post = MemberPost(member=member, **values)
        post.full_clean()
        post.save()


# groups --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def found_group(*, actor: Account, host: Organisation, name: str, region_code: str, **values: Any) -> MemberGroup:
    """Found a member group for a place or a sector."""
    return _add(MemberGroup(host=host, name=name.strip(), region_code=region_code, **values), actor)


@transaction.atomic
def change_group(group: MemberGroup, *, actor: Account, **changes: Any) -> MemberGroup:
    return _change(group, actor, changes)


@transaction.atomic
def dissolve_group(group: MemberGroup, *, actor: Account, on: date | None = None) -> MemberGroup:
    on = on or timezone.localdate()
    group = _change(group, actor, {"closed_on": on}, verb="dissolve")
    group.memberships.filter(until__isnull=True).update(until=on)
    return group


@transaction.atomic
def add_to_group(
    group: MemberGroup, *, actor: Account, member: Member, is_leader: bool = False, since: date | None = None
) -> GroupMembership:
    """A member joins a group; the former leader stays a member when a new one is named."""
    group = _lock(group)
    require(actor, "members.edit_directory", group)
    if member.host_id != group.host_id:
        raise Missing({"member": _("This member belongs to another CPPCC.")})
    if group.memberships.filter(member=member, until__isnull=True).exists():
        raise Missing({"member": _("Already in this group.")})
    if is_leader:
        group.memberships.filter(is_leader=True, until__isnull=True).update(is_leader=False)
    membership = GroupMembership(group=group, member=member, is_leader=is_leader, since=since or timezone.localdate())
    membership.full_clean()
    membership.save()
    _note(actor, "add_member", group, member_id=member.pk)
    return membership


@transaction.atomic
def remove_from_group(membership: GroupMembership, *, actor: Account, on: date | None = None) -> GroupMembership:
    group = _lock(membership.group)
    require(actor, "members.edit_directory", group)
    membership.until = max(membership.since, on or timezone.localdate())
    membership.is_leader = False
    membership.save(update_fields=["until", "is_leader"])
    _note(actor, "remove_member", group, member_id=membership.member_id)
    return membership


@transaction.atomic
def set_group_leader(membership: GroupMembership, *, actor: Account) -> GroupMembership:
    """One leader at a time; the change is kept in the audit."""
    group = _lock(membership.group)
    require(actor, "members.edit_directory", group)
    group.memberships.filter(is_leader=True, until__isnull=True).update(is_leader=False)
    membership.is_leader = True
    membership.save(update_fields=["is_leader"])
    _note(actor, "set_leader", group, member_id=membership.member_id)
    return membership


# convenors -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def appoint_convenor(*, actor: Account, host: Organisation, region_code: str, name: str, **values: Any) -> Convenor:
    """A township's convenor takes office; the one before him leaves it the day before, in the same transaction."""
    values.setdefault("since", timezone.localdate())
    convenor = Convenor(host=host, region_code=region_code, name=name.strip(), **values)
    require(actor, "members.edit_directory", convenor)
    serving = Convenor.objects.select_for_update().filter(host=host, region_code=region_code, until__isnull=True)
    for predecessor in serving:
        predecessor.until = max(predecessor.since, convenor.since)
        predecessor.save(update_fields=["until"])
        _note(actor, "dismiss", predecessor)
    return _add(convenor, actor, verb="appoint")


@transaction.atomic
def change_convenor(convenor: Convenor, *, actor: Account, **changes: Any) -> Convenor:
    return _change(convenor, actor, changes)


@transaction.atomic
def dismiss_convenor(convenor: Convenor, *, actor: Account, on: date | None = None) -> Convenor:
    """A convenor leaves office; the township is listed as vacant until the next one."""
    return _change(convenor, actor, {"until": on or timezone.localdate()}, verb="dismiss")


# one way of writing ---------------------------------------------------------------------------------------------------


def _add(row: Row, actor: Account, verb: str = "add") -> Row:
    require(actor, "members.edit_directory", row)
    row.full_clean()
    row.save()
    _note(actor, verb, row)
    return row


def _change(row: Row, actor: Account, changes: dict[str, Any], verb: str = "change") -> Row:
    row = _lock(row)
    require(actor, "members.edit_directory", row)
    for field, value in changes.items():
        setattr(row, field, value)
    row.full_clean()
    row.save(update_fields=list(changes))
    _note(actor, verb, row, fields=sorted(changes))
    return row


def _lock(row: Row) -> Row:
    return type(row)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


def _note(actor: Account, verb: str, row: Any, **data: Any) -> None:
    noun = row._meta.model_name
    record(
        actor=actor,
        verb=f"{noun}.{verb}",
        subject=row,
        mandate=mandate_used(actor, Role.OFFICE, host_id=row.host_id),
        host_id=row.host_id,
        data=data or None,
    )
    publish(f"{noun}.{verb}", host_id=row.host_id, actor_id=actor.pk, **{f"{noun}_id": row.pk})
