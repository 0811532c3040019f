"""The parts of the chain, each in the shape of its block in a case file."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from outcomes.chain.people import PRIVATE, Naming
from outcomes.chain.values import about, plain
from outcomes.models import Assignment, Outcome
from sessions.heads import counted, heads
from sessions.models import ConsultSession
from sessions.states import SessionForm
from topics.models import Topic
from topics.states import RaiserKind, TopicState

_DECISIONS: dict[str, str] = {
    TopicState.DECLINED: "decline",
    TopicState.TRANSFERRED: "transfer",
    TopicState.MERGED: "merge",
}


def topic(matter: Topic, naming: Naming) -> dict[str, Any]:
    raiser = next((one for one in matter.raisers.all() if one.kind == RaiserKind.RAISER), None)
    return {
        "number": matter.number,
        "title": matter.title,
        "state": matter.state,
        "source": matter.source,
        "region": naming.place(matter.region_code),
        "region_code": matter.region_code,
        "place": matter.place,
        "category": matter.category,
        "tags": list(matter.tags),
        "problem": matter.problem,
        "expectation": matter.expectation,
        "households": about(matter.households, matter.households_about),
        "people": about(matter.people, matter.people_about),
        "pending_since": matter.pending_since,
        "pending_event": matter.pending_event,
        "blocked_by": matter.blocked_by,
        "raised_on": matter.raised_on,
        "raised_by": {
            "category": raiser.category,
            "name": naming.person(raiser.name, raiser.category, naming.is_case),
            "organisation": naming.body(raiser.organisation, raiser.category, naming.is_case),
        }
        if raiser
        else None,
        "stakeholders": list(matter.stakeholders),
        "closed_on": matter.closed_on,
    }


def screening(matter: Topic, naming: Naming) -> dict[str, Any] | None:
    """The reason kept with the matter is that of its last move: the public reads it only where it ended the matter."""
    decision = _DECISIONS.get(matter.state, "pool")
    on = matter.screened_on or (matter.moved_on if decision != "pool" else None)
    if on is None:
        return None
    told = not naming.public or decision != "pool"
    return {
        "date": on,
        "small_cut": matter.small_cut,
        "wide_reach": matter.wide_reach,
        "vital_interest": matter.vital_interest,
        "decision": decision,
        "reason": matter.reason if told else "",
        "to_unit": matter.to_unit,
        "reply": matter.reply_text if told else "",
        "into": matter.merged_into.title if matter.merged_into else "",
    }


def approval(matter: Topic) -> dict[str, Any] | None:
    if matter.approved_on is None:
        return None
    return {
        "council_on": matter.council_on,
        "party_on": matter.party_on,
        "party_text": matter.party_text,
        "lead_committee": matter.lead_committee.name if matter.lead_committee else "",
        "plan_year": matter.plan_year,
    }


def claim(matter: Topic, naming: Naming) -> dict[str, Any] | None:
    if matter.claimed_on is None:
        return None
    return {
        "date": matter.claimed_on,
        "group": matter.claimed_group.name if matter.claimed_group else "",
        "member": naming.official(matter.claimed_member, matter.claimed_name, "政协委员", naming.is_case),
        "promised_on": matter.promised_on,
    }


def study(row: Any) -> dict[str, Any]:
    return {
        "from": row.date_from,
        "to": row.date_to,
        "places": list(row.places),
        "method": row.method,
        "households": about(row.households, row.households_about),
        "findings": list(row.findings),
        "support": list(row.support),
    }


def session(row: ConsultSession, matter: Topic, naming: Naming) -> dict[str, Any]:
    local = timezone.localtime
    as_written = naming.as_written(row)
    bodies = {p.organisation.name if p.organisation else p.organisation_name for p in row.participants.all()}
    alone = len(row.session_topics.all()) < 2
    return {
        "title": row.title,
        "form": row.form,
        "venue_kind": row.venue_kind,
        "room": row.room.name if row.room else "",
        "place": row.place,
        "region": naming.place(row.region_code),
        "starts_at": local(row.starts_at).strftime("%Y-%m-%dT%H:%M"),
        "ends_at": local(row.ends_at).strftime("%Y-%m-%dT%H:%M"),
        "languages": list(row.languages),
        "convenor": naming.official(row.convenor, row.convenor_name, "召集人", as_written),
        "lead_member": naming.official(row.lead_member, row.lead_name, "政协委员", as_written),
        "moderator": naming.official(row.moderator, row.moderator_name, "主持人", as_written),
        "recorder": naming.official(row.recorder, row.recorder_name, "记录人", as_written),
        # what was said on another matter in the same room is released with that matter, not with this one
        "agenda": [item.text for item in row.agenda.all()] if alone or not naming.public else [],
        "participants": [_participant(line, naming, as_written) for line in counted(row.participants.all())],
        "statements": [
            {
                "by": naming.speaker(said.by, said.category, bodies, as_written),
                "category": said.category,
                "text": said.text,
            }
            for said in row.statements.all()
            if said.topic_id == matter.pk or (said.topic_id is None and (alone or not naming.public))
        ],
        "consensus": [
            {"number": point.number, "text": point.text, "level": point.level}
            for point in row.consensus_points.all()
            if point.topic_id == matter.pk
        ],
        "dissent": [
            {"text": point.text, "by": naming.speaker(point.by, "", bodies, as_written)}
            for point in row.dissent_points.all()
            if point.topic_id == matter.pk
        ],
        "minutes": minutes(row, naming),
    }


def _participant(line: Any, naming: Naming, as_written: bool) -> dict[str, Any]:
    organisation = line.organisation.name if line.organisation else line.organisation_name
    private = naming.public and not as_written and line.category in PRIVATE
    return {
        "category": line.category,
        "organisation": naming.body(organisation, line.category, as_written),
        "name": naming.person(line.name, line.category, as_written),
        "title": "" if private else line.title,
        # of those who came, how many came; of the others, how many were expected
        "count": about(line.count, line.count_about) if line.came is None else heads(line),
        "attendance": line.attendance,
    }


def last_proper(sessions: list[ConsultSession]) -> ConsultSession | None:
    """The last session that is not a bench session: the one that has minutes."""
    proper = [row for row in sessions if row.form != SessionForm.BENCH]
    return proper[-1] if proper else None


def minutes(row: ConsultSession | None, naming: Naming) -> dict[str, Any] | None:
    """The latest that were signed; the person who signed them is named by what he did."""
    signed = [one for one in row.minutes.all() if one.signed_on] if row else []
    if row is None or not signed:
        return None
    latest = signed[-1]
    signer = None if latest.signed_name else latest.signed_by
    return {
        "number": latest.number,
        "drafted_on": latest.drafted_on,
        "signed_on": latest.signed_on,
        "signed_by": naming.official(signer, latest.signed_name, "签发人", naming.as_written(row)),
        "sha256": latest.sha256,
        "amends": latest.amends.number if latest.amends else "",
    }


def outcome(row: Outcome) -> dict[str, Any]:
    products = [
        {"kind": one.kind, "title": one.title, "text": one.text, "version": one.version, "duties": list(one.duties)}
        for one in row.products.all()
    ]
    return {
        "round": row.round,
        "state": row.state,
        "number": row.number,
        "summary": row.summary,
        "effects": list(row.effects),
        "products": products,
        "benefits": [
            {"what": one.what, "amount": about(plain(one.amount), one.about), "unit": one.unit}
            for one in row.benefits.all()
        ],
        "submitted_to": list(row.submitted_to),
        "submitted_on": row.submitted_on,
        "adopted_on": row.adopted_on,
        "adopted_by": row.adopted_by,
        "instruction": row.instruction,
        "nothing_to_assign": row.nothing_to_assign_reason,
    }


def assignment(row: Assignment, naming: Naming) -> dict[str, Any]:
    reply = next(iter(reversed(row.replies.all())), None)
    verification = next((one for one in reversed(row.verifications.all()) if one.passed), None)
    return {
        "number": row.ordinal,
        "document_number": row.number,
        "state": row.state,
        "matter": row.matter,
        "fulfils": sorted(point.number for point in row.fulfils.all()),
        "lead_unit": row.lead_unit.name,
        "assisting": [unit.name for unit in row.assisting_units.all()],
        "issued_by": row.issued_by,
        "issued_on": row.issued_on,
        "due_on": row.due_on,
        "first_due_on": row.first_due_on,
        "requirement": row.requirement,
        "funds": {
            "amount": about(plain(row.funds_amount), row.funds_about),
            "kind": row.funds_kind,
            "source": row.funds_source,
        },
        "projects": row.projects,
        "progress": [{"date": one.date, "text": one.text, "spent": plain(one.spent)} for one in row.progress.all()],
        "reply": {"date": reply.date, "class": reply.reply_class, "measures": reply.measures, "result": reply.result}
        if reply
        else None,
        "verification": {
            "date": verification.date,
            "by": naming.verifier(verification),
            "method": verification.method,
            "finding": verification.finding,
        }
        if verification
        else None,
        "closed_on": row.closed_on,
    }


def satisfaction(row: Outcome) -> dict[str, Any] | None:
    survey = row.survey
    if survey is None or survey.answered_on is None:
        return None
    return {
        "date": survey.answered_on,
        "process": _answers(survey, "process"),
        "result": _answers(survey, "result"),
        "explanation": survey.explanation,
    }


def _answers(survey: Any, kind: str) -> dict[str, int]:
    return {one: getattr(survey, f"{kind}_{one}") for one in ("satisfied", "basically", "unsatisfied")}
