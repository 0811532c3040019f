"""The whole chain of one matter as data: slip → study → session → outcome → assignment → satisfaction.

The shape is that of a case file, so that what was backfilled, what was lived and what is exported read alike.
``public=True`` is what may leave the house: no contacts, residents by role, numbers and known names masked.
"""

from __future__ import annotations

from typing import Any

from outcomes.chain import parts
from outcomes.chain.loading import load_matter
from outcomes.chain.people import Naming, hide, names_to_hide
from outcomes.chain.values import without_empty
from outcomes.states import OutcomeState
from topics.models import Topic

__all__ = ["build_chain", "load_matter", "names_to_hide"]


def build_chain(topic: Topic, *, public: bool) -> dict[str, Any]:
    """The chain of one matter; empty parts are left out, dates are ISO, money is yuan as text."""
    matter = load_matter(topic.pk)
    chain = without_empty(_chain(matter, Naming(matter, public)))
    return hide(chain, names_to_hide(matter)) if public else chain


def _chain(matter: Topic, naming: Naming) -> dict[str, Any]:
    sessions = list(matter.sessions.all())
    outcomes = [
        outcome
        for outcome in matter.outcomes.all()
        if not (naming.public and outcome.state == OutcomeState.DRAFTED)  # a draft is nobody's business outside
    ]
    return {
        "host": {"code": matter.host.region_code, "name": matter.host.name},
        "joint": [{"code": host.region_code, "name": host.name} for host in matter.joint_hosts.all()],
        "profile": matter.profile,
        "programme": matter.programme,
        "topic": parts.topic(matter, naming),
        "screening": parts.screening(matter, naming),
        "approval": parts.approval(matter),
        "claim": parts.claim(matter, naming),
        "field_study": [parts.study(study) for study in matter.studies.all()],
        "sessions": [parts.session(session, matter, naming) for session in sessions],
        "minutes": parts.minutes(parts.last_proper(sessions), naming),
        "outcome": parts.outcome(outcomes[-1]) if outcomes else None,
        "earlier_outcomes": [parts.outcome(outcome) for outcome in outcomes[:-1]],
        "assignments": [parts.assignment(one, naming) for one in matter.assignments.all()],
        "satisfaction": parts.satisfaction(outcomes[-1]) if outcomes else None,
        "illustrative": list(matter.marks),
        "sample": matter.is_sample,
    }
