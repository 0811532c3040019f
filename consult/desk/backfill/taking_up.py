"""The first half of a matter: handed in, screened, approved or claimed, studied."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consult.errors import Missing
from topics import services as topics
from topics.models import Topic

from .chain_marks import chain_marks
from .course import Course, about_of, count_of
from .schema import CaseApproval, CaseClaim


def hand_in(course: Course) -> Topic:
    case, part = course.case, course.case.topic
    course.here = "topic.region"
    raised = part.raised_by
    return topics.hand_in(
        actor=course.actor,
        host=course.parties.host,
        region_code=part.region,
        source=part.source,
        title=part.title,
        problem=part.problem,
        raiser={
            "category": (raised and raised.category) or "other",
            "name": raised.name if raised else "",
            "organisation": raised.organisation if raised else "",
            "on_behalf": True,
        },
        on=course.on("topic.raised_on"),
        place=part.place,
        expectation=part.expectation,
        category=part.category,
        tags=part.tags,
        households=count_of(part.households),
        households_about=about_of(part.households),
        people=count_of(part.people),
        people_about=about_of(part.people),
        pending_since=part.pending_since,
        stakeholders=part.stakeholders,
        programme=case.programme,
        joint_hosts=[course.parties.cppcc(code) for code in case.joint],
        case_key=case.key,
        case_sha256=case.sha256,
        marks=chain_marks(case),
    )


def screen(course: Course, topic: Topic) -> bool:
    """True when the matter was pooled and goes on."""
    part = course.case.screening
    if part is None:
        return False
    course.here, on = part.at("decision"), course.on("screening.date")
    if part.decision == "decline":
        topics.decline_topic(
            topic, actor=course.actor, reason=part.reason or part.reply, reply_text=part.reply or part.reason, on=on
        )
    elif part.decision == "transfer":
        topics.transfer_topic(
            topic,
            actor=course.actor,
            to_unit=part.to_unit,
            reason=part.reason or part.reply,
            reply_text=part.reply or part.reason,
            on=on,
        )
    elif part.decision == "merge":
        course.here = part.at("into")
        target = Topic.objects.filter(host=course.parties.host, case_key=part.into).first()
        if target is None:
            raise Missing(_("No matter with the key “%(key)s” is loaded. Load its file first.") % {"key": part.into})
        topics.merge_topic(topic, actor=course.actor, into=target, reason=part.reason, on=on)
    else:
        topics.pool_topic(
            topic,
            actor=course.actor,
            profile=course.case.profile,
            category=course.case.topic.category,
            small_cut=bool(part.small_cut),
            wide_reach=bool(part.wide_reach),
            vital_interest=bool(part.vital_interest),
            on=on,
            implied=course.implied("screening.date"),
        )
    return part.decision == "pool"


def take_up(course: Course, topic: Topic) -> None:
    """Approved (formal) or claimed (micro)."""
    if course.case.approval is not None:
        _approve(course, topic, course.case.approval)
    if course.case.claim is not None:
        _claim(course, topic, course.case.claim)


def _approve(course: Course, topic: Topic, part: CaseApproval) -> None:
    course.here = part.at("party_on") if part.party_on else part.path
    topics.approve_topic(
        topic,
        actor=course.actor,
        council_on=part.council_on,
        party_on=part.party_on,
        party_text=part.party_text,
        plan_year=part.plan_year,
        lead_committee=course.parties.committee(part.lead_committee) if part.lead_committee else None,
        on=course.on("approval.party_on") or course.on("approval.council_on"),
        implied=course.implied("approval.party_on"),
    )


def _claim(course: Course, topic: Topic, part: CaseClaim) -> None:
    course.here = part.at("date") if part.date else part.path
    topics.claim_topic(
        topic,
        actor=course.actor,
        promised_on=part.promised_on,
        group=course.parties.group(part.group, course.case.topic.region) if part.group else None,
        member=course.parties.member(part.member),
        claimed_name=part.member,
        on=course.on("claim.date"),
        implied=course.implied("claim.date"),
    )


def study(course: Course, topic: Topic) -> None:
    for part in course.case.field_study:
        course.here = part.at("from")
        topics.study_topic(
            topic,
            actor=course.actor,
            date_from=part.date_from,
            date_to=part.date_to or part.date_from,
            places=part.places,
            method=part.method,
            households=count_of(part.households),
            households_about=about_of(part.households),
            findings=part.findings,
        )
