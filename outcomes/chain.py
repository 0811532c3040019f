"""The whole chain of one matter as data: slip → study → session → outcome → assignment → notice.

The shape is that of a case file, so that what was backfilled, what was lived and what is exported read alike.
``public=True`` is what may leave the house: no contact, residents by role, personal numbers masked.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from consult.privacy import mask
from consult.regions.services import path_of
from members.states import Role
from outcomes.models import Assignment, Outcome
from sessions.models import ConsultSession, Minutes
from sessions.states import SessionForm, SessionState
from topics.models import Topic
from topics.states import PartyCategory, RaiserKind

#: Ordinary people: in public they appear by role, never by name.
_BY_ROLE = {
    PartyCategory.RESIDENT: "居民代表",
    PartyCategory.FOREIGN: "外籍人士代表",
    PartyCategory.OTHER: "其他代表",
    PartyCategory.DEPUTY: "人大代表",
    PartyCategory.EXPERT: "专家",
}
_VERIFIERS = {
    Role.OFFICE: "政协办公室",
    Role.CONVENOR: "召集人",
    Role.GROUP_LEADER: "委员小组组长",
    Role.MEMBER: "政协委员",
}


def load_matter(topic_id: int) -> Topic:
    """The topic with everything that hangs on it, in a fixed number of queries."""
    sessions = (
        ConsultSession.objects.filter(state=SessionState.HELD)
        .select_related("room", "convenor", "lead_member", "moderator", "recorder")
        .prefetch_related(
            "agenda",
            "participants__organisation",
            "statements",
            Prefetch("consensus_points"),
            "dissent_points",
            Prefetch("minutes", Minutes.objects.select_related("signed_by", "drafted_by").order_by("pk")),
        )
        .order_by("starts_at", "pk")
    )
    assignments = (
        Assignment.objects.select_related("lead_unit")
        .prefetch_related(
            "assisting_units", "fulfils", "progress", "replies", "verifications__verified_by__mandates", "extensions"
        )
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


def build_chain(topic: Topic, *, public: bool) -> dict[str, Any]:
    """The chain of one matter; empty parts are left out, dates are ISO, money is yuan as text."""
    matter = load_matter(topic.pk)
    sessions = list(matter.sessions.all())
    outcomes = list(matter.outcomes.all())
    chain = {
        "host": {"code": matter.host.region_code, "name": matter.host.name},
        "joint": [{"code": host.region_code, "name": host.name} for host in matter.joint_hosts.all()],
        "profile": matter.profile,
        "programme": matter.programme,
        "topic": _topic(matter, public),
        "screening": _screening(matter),
        "approval": _approval(matter),
        "claim": _claim(matter, public),
        "field_study": [_study(study) for study in matter.studies.all()],
        "sessions": [_session(session, matter, public) for session in sessions],
        "minutes": _minutes(_last_proper(sessions), public),
        "outcome": _outcome(outcomes[-1]) if outcomes else None,
        "earlier_outcomes": [_outcome(outcome) for outcome in outcomes[:-1]],
        "assignments": [_assignment(assignment, matter, public) for assignment in matter.assignments.all()],
        "satisfaction": _satisfaction(outcomes[-1]) if outcomes else None,
        "illustrative": list(matter.marks),
        "sample": matter.is_sample,
    }
    chain = _without_empty(chain)
    return _masked(chain) if public else chain


def _topic(matter: Topic, public: bool) -> dict[str, Any]:
    raiser = next((one for one in matter.raisers.all() if one.kind == RaiserKind.RAISER), None)
    return {
        "number": matter.number,
        "title": matter.title,
        "state": matter.state,
        "source": matter.source,
        "region": path_of(matter.region_code),
        "region_code": matter.region_code,
        "place": matter.place,
        "category": matter.category,
        "tags": list(matter.tags),
        "problem": matter.problem,
        "expectation": matter.expectation,
        "households": _about(matter.households, matter.households_about),
        "people": _about(matter.people, matter.people_about),
        "pending_since": matter.pending_since,
        "blocked_by": matter.blocked_by,
        "raised_on": matter.raised_on,
        "raised_by": {
            "category": raiser.category,
            "name": _person(raiser.name, raiser.category, bool(matter.case_key), public),
            "organisation": raiser.organisation,
        }
        if raiser
        else None,
        "stakeholders": list(matter.stakeholders),
        "closed_on": matter.closed_on,
    }


def _screening(matter: Topic) -> dict[str, Any] | None:
    if matter.screened_on is None:
        return None
    return {
        "date": matter.screened_on,
        "small_cut": matter.small_cut,
        "wide_reach": matter.wide_reach,
        "vital_interest": matter.vital_interest,
        "decision": {"declined": "decline", "transferred": "transfer", "merged": "merge"}.get(matter.state, "pool"),
        "reason": matter.reason,
        "to_unit": matter.to_unit,
        "reply": matter.reply_text,
        "into": matter.merged_into.title if matter.merged_into else "",
    }


def _approval(matter: Topic) -> dict[str, Any] | None:
    if matter.approved_on is None:
        return None
    return {
        "council_on": matter.council_on,
        "party_on": matter.party_on,
        "party_text": matter.party_text,
        "lead_committee": matter.lead_committee.name if matter.lead_committee else "",
        "plan_year": matter.plan_year,
    }


def _claim(matter: Topic, public: bool) -> dict[str, Any] | None:
    if matter.claimed_on is None:
        return None
    member = matter.claimed_member
    return {
        "date": matter.claimed_on,
        "group": matter.claimed_group.name if matter.claimed_group else "",
        "member": ("政协委员" if public else member.name) if member else matter.claimed_name,
        "promised_on": matter.promised_on,
    }


def _study(study) -> dict[str, Any]:
    return {
        "from": study.date_from,
        "to": study.date_to,
        "places": list(study.places),
        "method": study.method,
        "households": _about(study.households, study.households_about),
        "findings": list(study.findings),
        "support": list(study.support),
    }


def _session(session: ConsultSession, matter: Topic, public: bool) -> dict[str, Any]:
    local = timezone.localtime
    as_written = session.is_backfilled and bool(matter.case_key)
    organisations = {p.organisation.name if p.organisation else p.organisation_name for p in session.participants.all()}
    return {
        "uuid": str(session.uuid),
        "title": session.title,
        "form": session.form,
        "venue_kind": session.venue_kind,
        "room": session.room.name if session.room else "",
        "place": session.place,
        "region": path_of(session.region_code),
        "starts_at": local(session.starts_at).strftime("%Y-%m-%dT%H:%M"),
        "ends_at": local(session.ends_at).strftime("%Y-%m-%dT%H:%M"),
        "languages": list(session.languages),
        "convenor": _official(session.convenor, session.convenor_name, "召集人", public),
        "lead_member": _official(session.lead_member, session.lead_name, "政协委员", public),
        "moderator": _official(session.moderator, session.moderator_name, "主持人", public),
        "recorder": _official(session.recorder, session.recorder_name, "记录人", public),
        "agenda": [item.text for item in session.agenda.all()],
        "participants": [_participant(line, as_written, public) for line in session.participants.all()],
        "statements": [
            {
                "by": _speaker(said.by, said.category, organisations, as_written, public),
                "category": said.category,
                "text": said.text,
            }
            for said in session.statements.all()
        ],
        "consensus": [
            {"number": point.number, "text": point.text, "level": point.level}
            for point in session.consensus_points.all()
            if point.topic_id == matter.pk
        ],
        "dissent": [
            {"text": point.text, "by": _speaker(point.by, "", organisations, as_written, public)}
            for point in session.dissent_points.all()
            if point.topic_id == matter.pk
        ],
        "minutes": _minutes(session, public),
    }


def _participant(line, as_written: bool, public: bool) -> dict[str, Any]:
    return {
        "category": line.category,
        "organisation": line.organisation.name if line.organisation else line.organisation_name,
        "name": _person(line.name, line.category, as_written, public),
        "title": line.title,
        "count": line.count,
        "attendance": line.attendance,
    }


def _last_proper(sessions: list[ConsultSession]) -> ConsultSession | None:
    proper = [session for session in sessions if session.form != SessionForm.BENCH]
    return proper[-1] if proper else None


def _minutes(session: ConsultSession | None, public: bool) -> dict[str, Any] | None:
    signed = [one for one in session.minutes.all() if one.signed_on] if session else []
    if not signed:
        return None
    latest = signed[-1]
    return {
        "number": latest.number,
        "drafted_on": latest.drafted_on,
        "signed_on": latest.signed_on,
        "signed_by": _official(None if latest.signed_name else latest.signed_by, latest.signed_name, "签发人", public),
        "sha256": latest.sha256,
        "amends": latest.amends.number if latest.amends_id else "",
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    products = [
        {"kind": one.kind, "title": one.title, "text": one.text, "version": one.version, "duties": list(one.duties)}
        for one in outcome.products.all()
    ]
    return {
        "round": outcome.round,
        "state": outcome.state,
        "number": outcome.number,
        "summary": outcome.summary,
        "effects": list(outcome.effects),
        "products": products,
        "benefits": [
            {"what": one.what, "amount": _about(_plain(one.amount), one.about), "unit": one.unit}
            for one in outcome.benefits.all()
        ],
        "submitted_to": list(outcome.submitted_to),
        "submitted_on": outcome.submitted_on,
        "adopted_on": outcome.adopted_on,
        "adopted_by": outcome.adopted_by,
        "instruction": outcome.instruction,
        "nothing_to_assign": outcome.nothing_to_assign_reason,
    }


def _assignment(assignment: Assignment, matter: Topic, public: bool) -> dict[str, Any]:
    reply = next(iter(reversed(assignment.replies.all())), None)
    verification = next((one for one in reversed(assignment.verifications.all()) if one.passed), None)
    funds = {
        "amount": _about(_plain(assignment.funds_amount), assignment.funds_about),
        "kind": assignment.funds_kind,
        "source": assignment.funds_source,
    }
    return {
        "uuid": str(assignment.uuid),
        "number": assignment.ordinal,
        "document_number": assignment.number,
        "state": assignment.state,
        "matter": assignment.matter,
        "fulfils": sorted(point.number for point in assignment.fulfils.all()),
        "lead_unit": assignment.lead_unit.name,
        "assisting": [unit.name for unit in assignment.assisting_units.all()],
        "issued_by": assignment.issued_by,
        "issued_on": assignment.issued_on,
        "due_on": assignment.due_on,
        "first_due_on": assignment.first_due_on,
        "requirement": assignment.requirement,
        "funds": funds,
        "projects": assignment.projects,
        "progress": [
            {"date": entry.date, "text": entry.text, "spent": _plain(entry.spent)}
            for entry in assignment.progress.all()
        ],
        "reply": {"date": reply.date, "class": reply.reply_class, "measures": reply.measures, "result": reply.result}
        if reply
        else None,
        "verification": {
            "date": verification.date,
            "by": verification.verified_name or _verifier(verification.verified_by, matter.host_id, public),
            "method": verification.method,
            "finding": verification.finding,
        }
        if verification
        else None,
        "closed_on": assignment.closed_on,
    }


def _satisfaction(outcome: Outcome) -> dict[str, Any] | None:
    survey = getattr(outcome, "satisfaction", None)
    if survey is None or survey.answered_on is None:
        return None
    return {
        "date": survey.answered_on,
        "process": _answers(survey, "process"),
        "result": _answers(survey, "result"),
        "explanation": survey.explanation,
    }


def _answers(survey, about: str) -> dict[str, int]:
    return {kind: getattr(survey, f"{about}_{kind}") for kind in ("satisfied", "basically", "unsatisfied")}


# people ---------------------------------------------------------------------------------------------------------------


def _person(name: str, category: str, as_written: bool, public: bool) -> str:
    """A case file names people by role already; whoever was typed in live appears in public by role."""
    if not public or as_written or not name:
        return name
    return _BY_ROLE.get(category, "")


def _speaker(by: str, category: str, organisations: set[str], as_written: bool, public: bool) -> str:
    if not public or as_written or by in organisations:
        return by
    return _BY_ROLE.get(category, "与会代表") if by else ""


def _official(person, name: str, role: str, public: bool) -> str:
    if person is None:
        return name
    return role if public else str(person)


def _verifier(account, host_id: int, public: bool) -> str:
    if not public:
        return str(account)
    roles = [mandate.role for mandate in account.mandates.all() if mandate.host_id == host_id]
    return next((_VERIFIERS[role] for role in roles if role in _VERIFIERS), "核验人")


# values ---------------------------------------------------------------------------------------------------------------


def _about(number: int | str | None, about: str) -> Any:
    if number is None:
        return None
    return {"n": number, "about": about} if about else number


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"


def _without_empty(value: Any) -> Any:
    """Empty words, lists and parts go; zero and False stay. Lists keep their places: marks count them."""
    if isinstance(value, dict):
        kept = {key: _without_empty(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_empty(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _masked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_masked(one) for one in value]
    return mask(value) if isinstance(value, str) else value
