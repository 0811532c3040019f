"""What a supervising CPPCC reads first: the counties below, and what to ask about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from consult.regions.querysets import inside
from members.models import Organisation
from members.states import Role
from outcomes.models import Assignment
from outcomes.states import RUNNING_STATES
from sessions.models import ConsultSession
from sessions.states import SessionState
from topics.models import Topic
from topics.states import TopicState

from .kinds import Desk

SHOWN = 60
ASKED = 8
#: After so many calendar days it has certainly been reported (15 working days).
LONG = timedelta(days=21)


def counties_of(desk: Desk) -> list[Organisation]:
    """The CPPCCs below with their figures of this year; one query."""
    year = desk.today.year
    raised = Topic.objects.exclude(state=TopicState.DRAFT).filter(raised_on__year=year)
    settled = Topic.objects.filter(closed_on__year=year)
    held = ConsultSession.objects.filter(state=SessionState.HELD, starts_at__year=year)
    running = Assignment.objects.filter(state__in=RUNNING_STATES)
    hosts = Organisation.objects.hosts().open().filter(inside(*desk.reader.prefixes(Role.SUPERVISOR)))
    return list(
        hosts.annotate(
            raised=_count(raised),
            held=_count(held),
            settled=_count(settled),
            running=_count(running),
            overdue=_count(running.filter(due_on__lt=desk.today)),
        ).order_by("-overdue", "region_code")[:SHOWN]
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.filter(host=OuterRef("pk")).order_by().values("host").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def to_ask_about(desk: Desk) -> list[Assignment]:
    """要过问的: overdue so long that it is reported; one query, no names."""
    below = inside(*desk.reader.prefixes(Role.SUPERVISOR))
    rows = Assignment.objects.climbing().filter(Q(due_on__lte=desk.today - LONG), below)
    return list(rows.select_related("lead_unit", "host", "topic").with_rungs().order_by("due_on", "pk")[:ASKED])
