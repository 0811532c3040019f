"""The vocabulary of reading topics. ``visible_to`` is the one rule of sight (PROCEDURE «Sight»)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Self, cast

from django.apps import apps
from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from consult.regions.codes import prefix_of
from consult.regions.querysets import RegionQuerySet, inside
from consult.search import match, similar
from members.states import Role
from topics.states import ALIVE, Profile, TopicState, VisitState

#: See everything in their division but others' drafts.
OFFICIAL = (Role.OFFICE, Role.APPROVER, Role.SUPERVISION_OFFICE, Role.CONVENOR)
#: See their own, what they took up, and what waits to be taken up.
MEMBERS = (Role.GROUP_LEADER, Role.MEMBER)
#: Enter slips; Party and government topics come through the office.
FILING = (Role.OFFICE, Role.CONVENOR, Role.GROUP_LEADER, Role.MEMBER, Role.VILLAGE_LIAISON)
#: States of a session in which whoever is on its roster has been called to it.
_CALLED = ("announced", "in_progress", "held")
#: States of a public notice that releases its matter.
_RELEASED = ("posted", "expired")

NOTHING = Q(pk__in=())


def in_scopes(scopes: Iterable[tuple[int, str]]) -> Q:
    """Matters under one of the hosts (its own or filed jointly with it), inside the division of that mandate."""
    found = NOTHING
    for host_id, prefix in scopes:
        found |= _of_host(host_id) & inside(prefix)
    return found


def _of_host(host_id: int) -> Q:
    joints = apps.get_model("topics", "TopicJoint").objects.filter(host_id=host_id)
    return Q(host_id=host_id) | Q(pk__in=joints.values("topic_id"))


def _filed_with(mandates: Iterable[Any]) -> Q:
    """A joint filing may lie outside the division of the CPPCC it is filed with: who answers for all of it, sees it."""
    whole = [m.host_id for m in mandates if prefix_of(m.region_code) == prefix_of(m.host.region_code)]
    joints = apps.get_model("topics", "TopicJoint").objects.filter(host_id__in=whole)
    return Q(pk__in=joints.values("topic_id")) if whole else NOTHING


class TopicQuerySet(RegionQuerySet):
    def visible_to(self, reader: Any) -> Self:
        """Who may see which matter. The public reads released snapshots, never this table; a registrar nothing."""
        if not reader.is_authenticated:
            return self.none()
        if reader.is_system:
            return self.all()
        return self.filter(self._wholly(reader) | (~Q(state=TopicState.DRAFT) & self._units(reader)))

    def official_to(self, reader: Any) -> Self:
        """What the reader answers for as an official: no drafts, and nothing he sees only because he took part."""
        return self.filter(~Q(state=TopicState.DRAFT) & self._official(reader))

    def with_sight(self, reader: Any) -> Self:
        """Mark what the reader sees whole; of the rest, matters his unit handles, he is shown title and problem."""
        if reader.is_system or not reader.unit_ids():
            return self.annotate(is_whole=Value(True))
        return self.annotate(is_whole=ExpressionWrapper(self._wholly(reader), output_field=BooleanField()))

    def _wholly(self, reader: Any) -> Q:
        seen = self._official(reader) | self._members(reader) | self._village(reader)
        below = inside(*reader.prefixes(Role.SUPERVISOR))
        return (~Q(state=TopicState.DRAFT) & (seen | below)) | self._own_drafts(reader)

    def _official(self, reader: Any) -> Q:
        mandates = [mandate for mandate in reader.mandates_now() if mandate.role in OFFICIAL]
        if not mandates:
            return NOTHING
        return in_scopes(reader.scopes(*OFFICIAL)) | _filed_with(mandates)

    def _members(self, reader: Any) -> Q:
        """Own topics, topics claimed by self or own group, pooled micro topics, sessions one is called to."""
        scopes = reader.scopes(*MEMBERS)
        if not scopes:
            return NOTHING
        theirs = NOTHING
        for host_id in {host_id for host_id, _prefix in scopes}:
            theirs |= _of_host(host_id)
        open_to_all = Q(state=TopicState.POOLED, profile=Profile.MICRO) & in_scopes(scopes)
        related = self._raised_by(reader) | self._claimed_by(reader) | self._called_to(reader)
        return theirs & (open_to_all | related)

    def _village(self, reader: Any) -> Q:
        """What the liaison entered, and the released matters of the village."""
        scopes = reader.scopes(Role.VILLAGE_LIAISON)
        if not scopes:
            return NOTHING
        released = self.model._default_manager.filter(notices__state__in=_RELEASED)
        return in_scopes(scopes) & (Q(entered_by=reader) | Q(pk__in=released.values("pk")))

    def _units(self, reader: Any) -> Q:
        """Matters of which the reader's unit handles an assignment; of these only title and problem are shown."""
        units = reader.unit_ids()
        if not units:
            return NOTHING
        leads = self.model._default_manager.filter(assignments__lead_unit__in=units)
        assists = self.model._default_manager.filter(assignments__assisting_units__in=units)
        return Q(pk__in=leads.values("pk")) | Q(pk__in=assists.values("pk"))

    def _own_drafts(self, reader: Any) -> Q:
        """A draft is seen by who is writing it, as long as he may hand it in."""
        return Q(state=TopicState.DRAFT, entered_by=reader, host_id__in=reader.host_ids(*FILING))

    def _raised_by(self, reader: Any) -> Q:
        raised = self.model._default_manager.filter(raisers__account=reader)
        return Q(entered_by=reader) | Q(pk__in=raised.values("pk"))

    def _claimed_by(self, reader: Any, on: date | None = None) -> Q:
        on = on or timezone.localdate()
        still = Q(claimed_group__memberships__until__isnull=True) | Q(claimed_group__memberships__until__gte=on)
        of_group = self.model._default_manager.filter(still, claimed_group__memberships__member__account=reader)
        return Q(claimed_by=reader) | Q(claimed_member__account=reader) | Q(pk__in=of_group.values("pk"))

    def _called_to(self, reader: Any) -> Q:
        """Topics of sessions the reader is called to, leads, moderates or records (read by name: they lie above)."""
        to = "session_topics__session__"
        roster = Q(**{f"{to}participants__account": reader}) | Q(**{f"{to}participants__member__account": reader})
        called = Q(**{f"{to}state__in": _CALLED}) | Q(**{f"{to}participants__invited_at__isnull": False})
        serving = Q(**{f"{to}lead_member__account": reader}) | Q(**{f"{to}moderator": reader})
        serving |= Q(**{f"{to}recorder": reader})
        found = self.model._default_manager.filter((roster & called) | serving)
        return Q(pk__in=found.values("pk"))

    # what is asked

    def alive(self) -> Self:
        """Handed in and not over: another matter can be merged into it."""
        return self.filter(state__in=ALIVE)

    def to_screen(self) -> Self:
        return self.filter(state=TopicState.SUBMITTED)

    def to_claim(self) -> Self:
        return self.filter(state=TopicState.POOLED, profile=Profile.MICRO)

    def to_approve(self) -> Self:
        return self.filter(state=TopicState.POOLED, profile=Profile.FORMAL)

    def unanswered(self, before: date) -> Self:
        """Returned to the raiser before that day, and not handed in again."""
        return self.filter(state=TopicState.RETURNED, moved_on__lte=before)

    def raised_since(self, days: int, on: date | None = None) -> Self:
        return self.filter(raised_on__gt=(on or timezone.localdate()) - timedelta(days=days))

    def matching(self, text: str) -> Self:
        """Matters whose title, problem, place or number have every word of the text."""
        return cast(Self, match(self, text))

    def similar_to(self, title: str, limit: int = 5) -> Any:
        """Up to five matters whose titles read alike, whatever became of them."""
        return similar(self, title, limit=limit)

    # what is loaded

    def for_list(self) -> Self:
        """Rows of a list with the path of their division, by one query."""
        regions = apps.get_model("regions", "Region").objects.filter(code=OuterRef("region_code"))
        return (
            self.select_related("host")
            .defer("search", "reply_text", "marks")
            .annotate(region_path=Subquery(regions.values("path")[:1]))
        )

    def for_preview(self) -> Self:
        return self.select_related("host", "claimed_group", "claimed_member", "lead_committee").prefetch_related(
            "raisers"
        )

    def for_detail(self) -> Self:
        raisers = apps.get_model("topics", "Raiser").objects.select_related("account", "entered_by")
        return self.select_related(
            "host",
            "entered_by",
            "lead_committee",
            "approved_by",
            "claimed_by",
            "claimed_group",
            "claimed_member",
            "merged_into",
        ).prefetch_related(Prefetch("raisers", queryset=raisers), "studies", "joint_hosts")


class VisitQuerySet(RegionQuerySet):
    def visible_to(self, reader: Any) -> Self:
        """A visit book is its writer's own; the office and the convenor read those of their division."""
        if not reader.is_authenticated:
            return self.none()
        if reader.is_system:
            return self.all()
        answering = NOTHING
        for host_id, prefix in reader.scopes(Role.OFFICE, Role.CONVENOR):
            answering |= Q(host_id=host_id) & inside(prefix)
        return self.filter(Q(recorded_by=reader) | answering)

    def with_photo_count(self) -> Self:
        """Annotates ``photo_count``."""
        files = apps.get_model("files", "Attachment").objects.kept()
        own = files.filter(subject_type=self.model._meta.label_lower, subject_id=OuterRef("pk")).order_by()
        return self.annotate(
            photo_count=Coalesce(Subquery(own.values("subject_type").annotate(n=Count("pk")).values("n")), 0)
        )

    def undecided(self) -> Self:
        return self.filter(state=VisitState.NEEDS_DECISION)
