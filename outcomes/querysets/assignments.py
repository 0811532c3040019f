"""The vocabulary of reading assignments. ``visible_to`` is the one rule of sight (PROCEDURE «Sight»)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from consult.regions.querysets import RegionQuerySet
from consult.reminders.models import Reminder
from outcomes.querysets.outcomes import NOTHING, matters_seen_whole
from outcomes.states import FINISHED_STATES, RUNNING_STATES, AssignmentState, CheckVerdict, ExtensionState

#: A visit so long before the day to look again is that look.
REVIEW_AHEAD = timedelta(days=30)

#: Due within so many days counts as soon (成果跟踪 «七天内到期»).
SOON_DAYS = 7
#: The groups of a list by time limit, in their order.
LATENESS = ("overdue", "soon", "sent_back", "to_verify", "to_close", "running", "finished")
#: What a desk shows of each row.
DESK_COLUMNS = [
    "uuid",
    "matter",
    "state",
    "due_on",
    "due_provisional",
    "closed_on",
    "moved_on",
    "is_sample",
    "lead_unit_id",
    "topic__title",
]
#: At most so many rows are counted for the figures above a list.
COUNTED = 3000


class AssignmentQuerySet(RegionQuerySet):
    def visible_to(self, reader: Any) -> Self:
        """Who may see which assignment: with the matter, or as lead or assisting unit."""
        if not reader.is_authenticated:
            return self.none()
        if reader.is_system:
            return self.all()
        seen = Q(topic__in=matters_seen_whole(reader)) | self.handled_by(reader.unit_ids())
        return self.filter(seen | self.visited_by(reader))

    def handled_by(self, unit_ids: Iterable[int]) -> Q:
        """The assignments that one of the units leads or assists."""
        units = list(unit_ids)
        if not units:
            return NOTHING
        assisted = self.model.assisting_units.through.objects.filter(organisation_id__in=units)
        return Q(lead_unit_id__in=units) | Q(pk__in=assisted.values("assignment_id"))

    def visited_by(self, reader: Any) -> Q:
        """Who is sent to look at it sees what he is to look at."""
        sent = apps.get_model("outcomes", "FieldCheck").people.through._default_manager
        return Q(pk__in=sent.filter(account_id=reader.pk).values("fieldcheck__assignment_id"))

    def of_units(self, reader: Any) -> Self:
        """What the reader's own unit has on its desk."""
        return self.filter(self.handled_by(reader.unit_ids()))

    # what is asked: lateness is a fact about today, so it is asked, never stored

    def running(self) -> Self:
        """The unit still owes something."""
        return self.filter(state__in=RUNNING_STATES)

    def unfinished(self) -> Self:
        return self.exclude(state__in=FINISHED_STATES)

    def overdue(self, on: date | None = None) -> Self:
        return self.running().filter(due_on__lt=on or timezone.localdate())

    def due_soon(self, on: date | None = None) -> Self:
        """Not late yet, and due within a week."""
        on = on or timezone.localdate()
        return self.running().filter(due_on__gte=on, due_on__lte=on + timedelta(days=SOON_DAYS))

    def to_answer(self) -> Self:
        """On the desk of the unit: to be signed for, or to be worked on."""
        return self.running()

    def to_verify(self) -> Self:
        return self.filter(state=AssignmentState.REPLIED)

    def to_close(self) -> Self:
        return self.filter(state=AssignmentState.VERIFIED)

    def sent_back(self) -> Self:
        return self.filter(state=AssignmentState.SENT_BACK)

    def unconfirmed(self) -> Self:
        """Backfilled and still running: no reminders until the office confirms them."""
        return self.running().filter(ladder_from__isnull=True)

    def climbing(self) -> Self:
        """What the ladder 提催督报 looks at: running, and confirmed."""
        return self.running().filter(ladder_from__isnull=False)

    def to_review(self) -> Self:
        """Closed as planned or impossible, with a day to look again (回头看), and no visit has found it done."""
        visits = apps.get_model("outcomes", "FieldCheck").objects.filter(
            assignment=OuterRef("pk"), verdict=CheckVerdict.OK, done_on__gte=OuterRef("next_review_on") - REVIEW_AHEAD
        )
        rows = self.filter(state=AssignmentState.CLOSED, next_review_on__isnull=False)
        return rows.exclude(Exists(visits))

    def due_for_review(self, on: date | None = None) -> Self:
        """Of these, the ones whose day has come."""
        return self.to_review().filter(next_review_on__lte=on or timezone.localdate())

    def containing(self, text: str) -> Self:
        """Every word stands in the assignment, its number, its matter or its lead unit."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(matter__icontains=word)
                | Q(number__icontains=word)
                | Q(topic__title__icontains=word)
                | Q(lead_unit__name__icontains=word)
            )
        return found

    def in_order(self) -> Self:
        """In the order of the matter's own list."""
        return self.order_by("ordinal", "pk")

    # groups

    def with_lateness(self, on: date | None = None) -> Self:
        """Annotates ``lateness``: overdue, soon, running, sent_back, to_verify, to_close, finished."""
        on = on or timezone.localdate()
        running = Q(state__in=RUNNING_STATES)
        return self.annotate(
            lateness=Case(
                When(running & Q(due_on__lt=on), then=Value("overdue")),
                When(running & Q(due_on__lte=on + timedelta(days=SOON_DAYS)), then=Value("soon")),
                When(running, then=Value("running")),
                When(state=AssignmentState.SENT_BACK, then=Value("sent_back")),
                When(state=AssignmentState.REPLIED, then=Value("to_verify")),
                When(state=AssignmentState.VERIFIED, then=Value("to_close")),
                default=Value("finished"),
                output_field=CharField(),
            )
        )

    def by_lateness(self, on: date | None = None) -> Self:
        """Annotates ``lateness`` and its place in the list: what is most urgent first."""
        places = [When(lateness=name, then=Value(place)) for place, name in enumerate(LATENESS)]
        return self.with_lateness(on).annotate(urgency=Case(*places, output_field=IntegerField()))

    def facets(self, on: date | None = None) -> list[dict[str, Any]]:
        """How many stand in each group, by lead unit: one query over at most COUNTED rows.

        What was finished in earlier years is not counted.
        """
        on = on or timezone.localdate()
        present = self.filter(~Q(state__in=FINISHED_STATES) | Q(closed_on__year=on.year))
        counted = present.order_by("-pk").values("pk")[:COUNTED]
        return list(
            self.model._default_manager.filter(pk__in=counted)
            .with_lateness(on)
            .annotate(this_year=Case(When(closed_on__year=on.year, then=Value(True)), default=Value(False)))
            .order_by()
            .values("lateness", "this_year", unit_uuid=F("lead_unit__uuid"), unit=F("lead_unit__name"))
            .annotate(n=Count("pk"))
        )

    # what is loaded

    def with_handling_units(self) -> Self:
        """Annotates the keys of the assisting units, so that four eyes costs a list no query per row."""
        assisting = self.model.assisting_units.through.objects.filter(assignment_id=OuterRef("pk"))
        return self.annotate(known_assisting_ids=ArraySubquery(assisting.values("organisation_id")))

    def with_open_extension(self) -> Self:
        """Annotates whether an extension waits for its answer."""
        asked = apps.get_model("outcomes", "Extension").objects.filter(
            assignment=OuterRef("pk"), state=ExtensionState.ASKED
        )
        return self.annotate(known_open_extension=Exists(asked))

    def with_last_news(self) -> Self:
        """Annotates the newest progress entry and the newest reply."""
        progress = (
            apps.get_model("outcomes", "ProgressEntry")
            .objects.filter(assignment=OuterRef("pk"))
            .order_by("-date", "-pk")
        )
        reply = apps.get_model("outcomes", "HandlingReply").objects.filter(assignment=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            last_progress_on=Subquery(progress.values("date")[:1]),
            last_progress=Subquery(beginning_of(progress, "text")),
            last_reply_on=Subquery(reply.values("date")[:1]),
            last_reply_class=Subquery(reply.values("reply_class")[:1]),
            last_reply=Subquery(beginning_of(reply, "result")),
        )

    def with_rungs(self) -> Self:
        """Annotates the rungs of the ladder that were really climbed for the present due date."""
        sent = Reminder.objects.filter(
            kind="assignment", item_id=OuterRef("pk"), due_on=OuterRef("due_on"), cancelled_at__isnull=True
        )
        letters = apps.get_model("outcomes", "Urging")._default_manager.filter(
            assignment=OuterRef("pk"), due_on=OuterRef("due_on")
        )
        return self.annotate(
            rungs=ArraySubquery(sent.order_by("pk").values("rung")),
            by_hand=ArraySubquery(letters.order_by("pk").values("kind")),
            urged_on=Subquery(letters.filter(kind="urge").order_by("-on").values("on")[:1]),
        )

    def for_list(self) -> Self:
        return (
            self.select_related("topic", "lead_unit", "host")
            .defer("topic__search", "topic__problem", "topic__marks", "requirement")
            .with_handling_units()
            .with_open_extension()
            .with_last_news()
            .with_rungs()
            .by_lateness()
        )

    def for_desk(self) -> Self:
        """What a unit has before it: what came back first, then the most urgent; what is done last, newest first."""
        again = Q(state__in=RUNNING_STATES) & ~Q(reason="")
        finished = Case(
            When(state__in=FINISHED_STATES, then=Value(2)),
            When(again, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        return (
            self.select_related("topic")
            .only(
                "uuid",
                "matter",
                "state",
                "due_on",
                "due_provisional",
                "closed_on",
                "moved_on",
                "is_sample",
                "lead_unit_id",
                "reason",
                "topic__title",
            )
            .annotate(finished=finished)
            .order_by("finished", F("closed_on").desc(nulls_first=True), "due_on", "pk")
        )

    def for_api(self) -> Self:
        return self.for_list().select_related("outcome")

    def for_detail(self) -> Self:
        model = apps.get_model
        return (
            self.select_related("topic__host", "lead_unit", "host", "outcome")
            .prefetch_related(
                "assisting_units",
                Prefetch(
                    "fulfils",
                    queryset=model("consult_sessions", "ConsensusPoint").objects.order_by("number"),
                ),
                "milestones",
                Prefetch(
                    "checks",
                    queryset=model("outcomes", "FieldCheck")
                    .objects.select_related("done_by")
                    .prefetch_related("people"),
                ),
                Prefetch("progress", queryset=model("outcomes", "ProgressEntry").objects.select_related("recorded_by")),
                Prefetch("replies", queryset=model("outcomes", "HandlingReply").objects.select_related("recorded_by")),
                Prefetch(
                    "verifications", queryset=model("outcomes", "Verification").objects.select_related("verified_by")
                ),
                Prefetch("extensions", queryset=model("outcomes", "Extension").objects.select_related("asked_by")),
            )
            .with_handling_units()
            .with_open_extension()
            .with_rungs()
            .with_lateness()
        )


def beginning_of(rows: Any, column: str) -> Any:
    """The beginning of the newest text: a list shows one line of it."""
    return rows.annotate(beginning=Func(F(column), Value(80), function="LEFT", output_field=CharField())).values(
        "beginning"
    )[:1]
