"""One matter with everything that hangs on it, in a fixed number of queries."""

from __future__ import annotations

from django.db.models import Prefetch

from outcomes.models import Assignment, Outcome
from sessions.models import ConsultSession, Minutes
from sessions.states import SessionState
from topics.models import Topic


def load_matter(topic_id: int) -> Topic:
    """Sessions that were held, outcomes and assignments in the order in which they came."""
    sessions = (
        ConsultSession.objects.filter(state=SessionState.HELD)
        .select_related("room", "convenor", "lead_member", "moderator", "recorder")
        .prefetch_related(
            "session_topics",
            "agenda",
            "participants__organisation",
            "statements",
            "consensus_points",
            "dissent_points",
            Prefetch("minutes", Minutes.objects.select_related("signed_by", "amends").order_by("pk")),
        )
        .order_by("starts_at", "pk")
    )
    assignments = (
        Assignment.objects.select_related("lead_unit")
        .prefetch_related("assisting_units", "fulfils", "progress", "replies", "verifications__verified_by__mandates")
        .order_by("ordinal", "pk")
    )
    outcomes = (
        Outcome.objects.select_related("satisfaction").prefetch_related("benefits", "products").order_by("round", "pk")
    )
    return (
        Topic.objects.select_related("host", "lead_committee", "claimed_group", "claimed_member", "merged_into")
        .prefetch_related(
            "joint_hosts",
            "raisers",
            "studies",
            Prefetch("sessions", sessions),
            Prefetch("assignments", assignments),
            Prefetch("outcomes", outcomes),
        )
        .get(pk=topic_id)
    )
