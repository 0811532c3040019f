"""The vocabulary of reading public notices. ``visible_to`` is the one rule of sight (PROCEDURE «Sight»)."""

from __future__ import annotations

from datetime import date
from typing import Any, Self, cast

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from consult.regions.querysets import RegionQuerySet, inside
from consult.search import match
from members.states import Role
from outcomes.states import BOARD_STATES, PUBLIC_STATES, NoticeState

NOTHING = Q(pk__in=())
#: See every notice of their division that is no draft, and their own drafts.
OFFICIAL = (Role.OFFICE, Role.APPROVER, Role.SUPERVISION_OFFICE, Role.CONVENOR)
#: Review what others drafted, so they see it.
REVIEWING = (Role.OFFICE, Role.APPROVER)
#: What is never needed to show a row.
HEAVY = ("snapshot", "row_html", "sheet", "search", "text")


class NoticeQuerySet(RegionQuerySet):
    def visible_to(self, reader: Any) -> Self:
        """What is posted, everybody; the rest, who works with it in that division."""
        if not reader.is_authenticated:
            return self.public()
        if reader.is_system:
            return self.all()
        return self.filter(Q(state__in=PUBLIC_STATES) | self._at_work(reader))

    def public(self) -> Self:
        """What the public may read: from the snapshot, as long as it is not taken down."""
        return self.filter(state__in=PUBLIC_STATES)

    def on_board(self, host: Any) -> Self:
        """Every row of a host's board, also what was taken down: of that only number, kind, dates and reason."""
        return self.filter(host=host, state__in=BOARD_STATES)

    def kept_by(self, reader: Any) -> Self:
        """Those of the CPPCCs the reader works under, or supervises: what his pages list."""
        if reader.is_system:
            return self.all()
        below = inside(*reader.prefixes(Role.SUPERVISOR))
        return self.filter(Q(host_id__in=reader.host_ids()) | below)

    def _at_work(self, reader: Any) -> Q:
        draft = Q(state=NoticeState.DRAFTED)
        official = self._in_scopes(reader, *OFFICIAL) & ~draft
        own = self._in_scopes(reader, Role.OFFICE, Role.CONVENOR) & draft & Q(drafted_by=reader)
        to_review = self._in_scopes(reader, *REVIEWING) & draft
        below = inside(*reader.prefixes(Role.SUPERVISOR)) & Q(state__in=BOARD_STATES)
        return official | own | to_review | below

    def _in_scopes(self, reader: Any, *roles: str) -> Q:
        found = NOTHING
        for host_id, prefix in reader.scopes(*roles):
            found |= Q(host_id=host_id) & inside(prefix)
        return found

    # what is asked

    def drafts(self) -> Self:
        return self.filter(state=NoticeState.DRAFTED)

    def to_post(self) -> Self:
        return self.filter(state=NoticeState.REVIEWED)

    def running(self) -> Self:
        return self.filter(state=NoticeState.POSTED)

    def ended(self, on: date | None = None) -> Self:
        """Posted, and the last day of the period is over."""
        return self.running().filter(expires_on__lt=on or timezone.localdate())

    def posted_in(self, year: int) -> Self:
        return self.filter(posted_on__gte=date(year, 1, 1), posted_on__lte=date(year, 12, 31))

    def in_township(self, prefix: str) -> Self:
        """Nine figures of the division; of what was taken down nobody reads where it was about."""
        return self.public().filter(township=prefix)

    def of_matter(self, topic: Any) -> Self:
        return self.filter(topic=topic)

    def matching(self, text: str) -> Self:
        """Posted notices whose released words have every word of the text."""
        return cast(Self, match(self, text))

    # what is loaded

    def for_list(self) -> Self:
        # That the few which correct another are meant is said twice: PostgreSQL reads their index, not the whole table.
        correcting = self.model._default_manager.filter(corrects__isnull=False).exclude(state=NoticeState.WITHDRAWN)
        corrections = correcting.filter(corrects=OuterRef("pk"))
        return (
            self.select_related("host", "topic", "drafted_by")
            .defer(*HEAVY, "topic__search", "topic__problem", "topic__marks")
            .annotate(known_corrected=Exists(corrections))
        )

    def for_detail(self) -> Self:
        people = ("drafted_by", "edited_by", "reviewed_by", "posted_by")
        return self.select_related(
            "host", "topic", "outcome", "session", "corrects", "cites", *people
        ).prefetch_related("objections")
