"""The vocabulary of reading sessions, minutes and rooms. ``visible_to`` is the one rule of sight."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.apps import apps
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from consult.regions.querysets import RegionQuerySet, inside
from members.querysets import HostedQuerySet
from members.states import Role
from sessions.heads import EXPECTED_HEADS, present_heads
from sessions.states import BOOKING_STATES, MinutesState, SessionForm, SessionState
from topics.querysets import MEMBERS, OFFICIAL

#: States in which whoever is on the roster has been called to the session.
CALLED = (SessionState.ANNOUNCED, SessionState.IN_PROGRESS, SessionState.HELD)
#: Those who work on minutes before they are signed.
MINUTES_KEEPERS = (Role.OFFICE, Role.APPROVER, Role.CONVENOR)
NOTHING = Q(pk__in=())


def in_scopes(scopes: Iterable[tuple[int, str]]) -> Q:
    """Sessions under one of the hosts (its own, or on a joint matter), inside the mandate's division."""
    found = NOTHING
    for host_id, prefix in scopes:
        found |= (Q(host_id=host_id) | Q(pk__in=_joint_with(host_id))) & inside(prefix)
    return found


def _joint_with(*host_ids: int) -> Any:
    links = apps.get_model("consult_sessions", "SessionTopic").objects
    return links.filter(topic__joints__host_id__in=host_ids).values("session_id")


class SessionQuerySet(RegionQuerySet):
    def visible_to(self, reader: Any) -> Self:
        """Who may see which session: the office and its like in their division, those who run it, those invited to it,
        and members on whose matter it is held. Handling units see consensus points through their assignments."""
        if not reader.is_authenticated:
            return self.none()
        if reader.is_system:
            return self.all()
        decided = ~Q(state=SessionState.NEEDS_DECISION)
        return self.filter(self._named(reader) | (decided & inside(*reader.prefixes(Role.SUPERVISOR))))

    def named_to(self, reader: Any) -> Self:
        """Sessions of which the reader may know who was there; a supervisor reads the same without names."""
        if not reader.is_authenticated:
            return self.none()
        return self.all() if reader.is_system else self.filter(self._named(reader))

    def _named(self, reader: Any) -> Q:
        official = in_scopes(reader.scopes(*OFFICIAL))
        return official | self._own_matter(reader) | self._serving(reader) | self._invited(reader)

    def _serving(self, reader: Any) -> Q:
        return Q(moderator=reader) | Q(recorder=reader) | Q(created_by=reader) | Q(lead_member__account=reader)

    def _invited(self, reader: Any) -> Q:
        roster = apps.get_model("consult_sessions", "Participant").objects
        mine = roster.filter(Q(account=reader) | Q(member__account=reader))
        called = mine.filter(Q(session__state__in=CALLED) | Q(invited_at__isnull=False))
        return Q(pk__in=called.values("session_id"))

    def _own_matter(self, reader: Any) -> Q:
        """Sessions on topics that a member raised, entered or took up, himself or with his group."""
        hosts = reader.host_ids(*MEMBERS)
        if not hosts:
            return NOTHING
        topics = apps.get_model("topics", "Topic").objects
        group = Q(claimed_group__memberships__member__account=reader)
        still = Q(claimed_group__memberships__until__isnull=True)
        still |= Q(claimed_group__memberships__until__gte=timezone.localdate())
        mine = topics.filter(
            Q(entered_by=reader)
            | Q(raisers__account=reader)
            | Q(claimed_by=reader)
            | Q(claimed_member__account=reader)
            | (group & still)
        )
        links = apps.get_model("consult_sessions", "SessionTopic").objects.filter(topic__in=mine.values("pk"))
        decided = ~Q(state=SessionState.NEEDS_DECISION)
        under = Q(host_id__in=hosts) | Q(pk__in=_joint_with(*hosts))
        return decided & under & Q(pk__in=links.values("session_id"))

    # what is asked

    def open(self) -> Self:
        """Planned, announced or in progress: they keep their topics waiting and their rooms booked."""
        return self.filter(state__in=BOOKING_STATES)

    def held(self) -> Self:
        return self.filter(state=SessionState.HELD)

    def undecided(self) -> Self:
        return self.filter(state=SessionState.NEEDS_DECISION)

    def of_topic(self, topic: Any) -> Self:
        return self.filter(session_topics__topic=topic)

    def coming(self, on: datetime | None = None) -> Self:
        """What is planned or announced from now on, the nearest first."""
        waiting = (SessionState.PLANNED, SessionState.ANNOUNCED)
        return self.filter(state__in=waiting, ends_at__gte=on or timezone.now()).order_by("starts_at", "pk")

    def since(self, day: date) -> Self:
        """Sessions that begin on that day or later."""
        return self.filter(starts_at__gte=_midnight(day))

    def until(self, day: date) -> Self:
        """Sessions that begin on that day or before."""
        return self.filter(starts_at__lt=_midnight(day + timedelta(days=1)))

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def booking(self) -> Self:
        """Sessions that hold their room."""
        return self.open().filter(room__isnull=False, is_backfilled=False)

    def without_minutes(self) -> Self:
        """Held, and neither a bench session nor signed for: somebody owes the minutes."""
        signed = _minutes().filter(session=OuterRef("pk"), state=MinutesState.SIGNED)
        return self.held().exclude(form=SessionForm.BENCH).filter(~Exists(signed))

    # what is loaded

    def with_minutes_state(self) -> Self:
        """Annotates ``has_signed_minutes``: such a session shows 已出纪要."""
        signed = _minutes().filter(session=OuterRef("pk"), state=MinutesState.SIGNED)
        return self.annotate(has_signed_minutes=Exists(signed))

    def with_head_counts(self) -> Self:
        """Annotates ``expected`` heads and ``came`` heads of the roster, without a join per row."""
        roster = apps.get_model("consult_sessions", "Participant").objects.filter(session=OuterRef("pk"))
        lines = roster.order_by().values("session")
        return self.annotate(
            expected=Subquery(lines.annotate(n=EXPECTED_HEADS).values("n")),
            came=Subquery(lines.annotate(n=present_heads()).values("n")),
        )

    def for_list(self) -> Self:
        return self.select_related("host", "room", "convenor", "lead_member", "moderator").with_minutes_state()

    def for_detail(self) -> Self:
        links = apps.get_model("consult_sessions", "SessionTopic").objects.select_related("topic")
        roster = apps.get_model("consult_sessions", "Participant").objects
        return (
            self.select_related("host", "room", "convenor", "lead_member", "moderator", "recorder", "created_by")
            .prefetch_related(
                Prefetch("session_topics", queryset=links),
                "agenda",
                Prefetch(
                    "participants",
                    queryset=roster.select_related("organisation", "account", "member", "listed_in"),
                ),
            )
            .with_minutes_state()
        )


class MinutesQuerySet(RegionQuerySet):
    def visible_to(self, reader: Any) -> Self:
        """Signed minutes with their session; before that only who drafts, checks or signs them, and, once the text
        went round, those who were there."""
        if not reader.is_authenticated:
            return self.none()
        if reader.is_system:
            return self.all()
        sessions = apps.get_model("consult_sessions", "ConsultSession").objects
        seen = Q(session__in=sessions.visible_to(reader).values("pk"))
        keeping = sessions.filter(in_scopes(reader.scopes(*MINUTES_KEEPERS)))
        leading = sessions.filter(in_scopes(reader.scopes(Role.GROUP_LEADER)), form__in=MICRO_FORMS)
        working = (
            Q(drafted_by=reader)
            | Q(session__moderator=reader)
            | Q(session__recorder=reader)
            | Q(session__in=keeping.values("pk"))
            | (Q(session__in=leading.values("pk")))
        )
        roster = apps.get_model("consult_sessions", "Participant").objects
        mine = roster.filter(Q(account=reader) | Q(member__account=reader))
        asked = Q(circulated_at__isnull=False, session__in=mine.values("session_id"))
        return self.filter(seen & (Q(state=MinutesState.SIGNED) | working | asked))

    def signed(self) -> Self:
        return self.filter(state=MinutesState.SIGNED)

    def unsigned(self) -> Self:
        return self.exclude(state=MinutesState.SIGNED)

    def to_sign(self) -> Self:
        return self.filter(state=MinutesState.FILED)

    def in_force(self) -> Self:
        """Signed, and not replaced by a signed amendment."""
        return self.signed().exclude(amendment__state=MinutesState.SIGNED)

    def for_detail(self) -> Self:
        return self.select_related(
            "session__host",
            "session__room",
            "session__moderator",
            "session__recorder",
            "drafted_by",
            "signed_by",
            "amends",
        )


MICRO_FORMS = (SessionForm.MICRO, SessionForm.BENCH)


class RoomQuerySet(HostedQuerySet):
    """Directory rows of a host (see HostedQuerySet.visible_to)."""

    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def with_last_session(self) -> Self:
        """Annotates ``last_held_at`` and ``held_count`` by one query for all rooms."""
        held = (
            apps.get_model("consult_sessions", "ConsultSession").objects.held().filter(room=OuterRef("pk")).order_by()
        )
        by_room = held.values("room")
        return self.annotate(
            last_held_at=Subquery(by_room.annotate(last=Max("starts_at")).values("last")),
            held_count=Subquery(by_room.annotate(n=Count("pk")).values("n")),
        )

    def idle(self, on: date | None = None) -> Self:
        """Open rooms in which no session was held this quarter."""
        on = on or timezone.localdate()
        first = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
        used = apps.get_model("consult_sessions", "ConsultSession").objects.held().since(first)
        return self.open().exclude(pk__in=used.filter(room__isnull=False).values("room_id"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _minutes() -> Any:
    return apps.get_model("consult_sessions", "Minutes").objects.order_by()
