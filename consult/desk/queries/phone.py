"""What a member's telephone shows: what waits for him, where he goes next, how his matters stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from consult.regions import Region, inside, prefix_of
from consult.web.places import places_in
from members.models import Member, MemberGroup
from members.states import Role
from sessions.models import ConsultSession, Participant
from sessions.states import SessionState
from topics.models import Topic
from topics.querysets import FILING, MEMBERS
from topics.states import TopicState

SHOWN = 20
#: States of a matter somebody has taken up, on its way or settled.
TAKEN_UP = (TopicState.CLAIMED, TopicState.SCHEDULED, TopicState.CONSULTED, TopicState.CLOSED)
CLAIMING = (Role.MEMBER, Role.GROUP_LEADER, Role.CONVENOR)


def member_of(reader: Any) -> Member | None:
    """The committee member behind the account, if he is one."""
    return Member.objects.filter(account=reader).select_related("host").first()


def groups_of(member: Member | None) -> list[MemberGroup]:
    """The groups he belongs to today, the one he leads first."""
    if member is None:
        return []
    today = timezone.localdate()
    open_ones = member.memberships.filter(Q(until__isnull=True) | Q(until__gte=today), since__lte=today)
    return [one.group for one in open_ones.filter(group__closed_on__isnull=True).select_related("group")]


def to_claim(reader: Any) -> Any:
    """等我接的单: what the reader may take up, the longest waiting first."""
    if reader.mandate_for(*CLAIMING) is None:
        return Topic.objects.none()
    return Topic.objects.visible_to(reader).to_claim().for_list().order_by("moved_on", "pk")


def invitations(reader: Any) -> Any:
    """The sessions he is called to and that are not over, with his own line of the roster, the nearest first."""
    mine = Q(account=reader) | Q(member__account=reader)
    states = (SessionState.ANNOUNCED, SessionState.IN_PROGRESS)
    rows = Participant.objects.filter(mine, session__state__in=states, session__ends_at__gte=timezone.now())
    return rows.select_related("session__host", "session__room", "member").order_by("session__starts_at", "pk")


def sittings(reader: Any) -> Any:
    """The sessions he runs or keeps the record of, announced or running, the nearest first; the day after too."""
    mine = Q(moderator=reader) | Q(recorder=reader)
    near = timezone.now() + timedelta(days=14)
    called = ConsultSession.objects.filter(mine, state__in=(SessionState.ANNOUNCED, SessionState.IN_PROGRESS))
    rows = called.filter(starts_at__lte=near, ends_at__gte=timezone.now() - timedelta(days=3))
    return rows.select_related("host", "room").order_by("starts_at", "pk")


def taken_up(reader: Any, groups: list[MemberGroup]) -> Any:
    """我接的单: taken up by himself or his group."""
    mine = Q(claimed_by=reader) | Q(claimed_member__account=reader) | Q(claimed_group__in=groups)
    rows = Topic.objects.visible_to(reader).filter(mine, state__in=TAKEN_UP)
    return rows.defer("search", "problem", "marks").order_by("-claimed_on", "-pk")


def attended(member: Member | None, year: int) -> int:
    """In how many consultations of the year he took part; for the line below his name."""
    if member is None:
        return 0
    came = Q(participants__member=member, participants__attendance="present", participants__proxy_name="")
    came |= Q(lead_member=member)
    held = ConsultSession.objects.held().filter(host_id=member.host_id, starts_at__year=year)
    return held.filter(came).distinct().count()


def places_for(reader: Any, member: Member | None, groups: list[MemberGroup]) -> list[tuple[str, Any]]:
    """Villages by township, short enough to lie on a telephone: of the mandate; of the group; else the townships."""
    prefixes = reader.prefixes(*FILING)
    found = places_in(prefixes, (4, 5))
    near = [group.region_code for group in groups] + ([member.region_code] if member else [])
    if not found and near:
        found = places_in([prefix_of(code) for code in near], (4, 5))
    if not found and prefixes:
        rows = Region.objects.in_force().filter(inside(*prefixes, field="code"), level=4).order_by("code")
        found = [("", list(rows.values_list("code", "name")[:600]))]
    return found


def usual_place(reader: Any, member: Member | None, groups: list[MemberGroup]) -> str:
    """Where he usually is, if that is a township or a village."""
    mandates = reader.mandates_now()
    codes = [*(group.region_code for group in groups), *([member.region_code] if member else [])]
    codes += [mandate.region_code for mandate in mandates if mandate.role in (*MEMBERS, Role.VILLAGE_LIAISON)]
    return next((code for code in codes if len(prefix_of(code)) > 6), "")
