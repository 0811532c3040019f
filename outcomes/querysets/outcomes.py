"""The vocabulary of reading outcomes. ``visible_to`` is the one rule of sight (PROCEDURE «Sight»)."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils import timezone

from consult.regions.querysets import RegionQuerySet, inside
from members.states import Role
from outcomes.states import FINISHED_STATES, AssignmentState, OutcomeState, RaiserVerdict
from topics.models import Topic

NOTHING = Q(pk__in=())


def matters_seen_whole(reader: Any) -> Any:
    """Keys of the matters that the reader sees whole; of others he sees what his unit handles, and no more."""
    return Topic.objects.visible_to(reader).with_sight(reader).filter(is_whole=True).values("pk")


class OutcomeQuerySet(RegionQuerySet):
    def visible_to(self, reader: Any) -> Self:
        """What hangs on a matter is seen with it; a draft only by the office and by who drafted it."""
        if not reader.is_authenticated:
            return self.none()
        if reader.is_system:
            return self.all()
        seen = Q(topic__in=matters_seen_whole(reader)) | self._of_units(reader)
        drafting = Q(drafted_by=reader) | self._keeping(reader)
        return self.filter((seen & ~Q(state=OutcomeState.DRAFTED)) | (Q(state=OutcomeState.DRAFTED) & drafting))

    def _keeping(self, reader: Any) -> Q:
        found = NOTHING
        for host_id, prefix in reader.scopes(Role.OFFICE):
            found |= Q(host_id=host_id) & inside(prefix)
        return found

    def _of_units(self, reader: Any) -> Q:
        """Outcomes from which the reader's unit leads or assists an assignment."""
        units = reader.unit_ids()
        if not units:
            return NOTHING
        handled = Q(assignments__lead_unit__in=units) | Q(assignments__assisting_units__in=units)
        return Q(pk__in=self.model._default_manager.filter(handled).values("pk"))

    # what is asked

    def drafts(self) -> Self:
        return self.filter(state=OutcomeState.DRAFTED)

    def to_be_answered(self) -> Self:
        """Submitted, and the recipient has neither adopted nor noted it."""
        return self.filter(state=OutcomeState.SUBMITTED)

    def current(self) -> Self:
        """Of the round that its matter is in."""
        return self.filter(round=F("topic__round"))

    def asking(self) -> Self:
        """Asked how satisfied people are, and the answers are not in yet."""
        return self.filter(satisfaction__isnull=False, satisfaction__answered_on__isnull=True)

    def unexplained(self, on: date | None = None) -> Self:
        """The raiser is not satisfied, and the days for an explanation are over."""
        return self.filter(
            satisfaction__raiser_result=RaiserVerdict.UNSATISFIED,
            satisfaction__explain_by__lt=on or timezone.localdate(),
            satisfaction__explained_on__isnull=True,
            satisfaction__forced_on__isnull=True,
        )

    # what is loaded

    def for_list(self) -> Self:
        """Annotates ``is_worked_on``: something assigned from it is not finished yet."""
        assignments = self.model._meta.get_field("assignments").related_model.objects.filter(outcome=OuterRef("pk"))
        return self.select_related("topic", "host").annotate(
            is_assigned=Exists(assignments.exclude(state=AssignmentState.ANNULLED)),
            is_worked_on=Exists(assignments.exclude(state__in=FINISHED_STATES)),
        )

    def for_detail(self, reader: Any) -> Self:
        """With the assignments that this reader may see."""
        assignments = self.model._meta.get_field("assignments").related_model.objects
        return self.select_related("topic__host", "host", "drafted_by", "satisfaction").prefetch_related(
            "benefits",
            "products",
            Prefetch("assignments", queryset=assignments.visible_to(reader).select_related("lead_unit").in_order()),
        )
