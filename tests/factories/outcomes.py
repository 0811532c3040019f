"""Outcomes and assignments for tests, brought to a state by the services themselves; sessions are written as rows."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from members.models import Account, Organisation
from members.states import OrganisationKind
from outcomes import services
from outcomes.models import Assignment, Outcome
from sessions.models import ConsensusPoint, ConsultSession, Minutes, SessionTopic
from tests.factories import people, topics
from topics import services as topic_services
from topics.models import Topic

_numbers = count(1)


def day(ago: int = 0) -> date:
    return timezone.localdate() - timedelta(days=ago)


def moment(on: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(hour)))


def matter(host: Organisation | None = None, profile: str = "micro", on: date | None = None, **changes: Any) -> Topic:
    """A matter consulted on: one held session (bench in micro, else with signed minutes), two consensus points."""
    on = on or day(60)
    topic = _scheduled(host, profile, on, **changes)
    session = held_session(topic, on=on, form="bench" if profile == "micro" else "formal")
    if profile == "formal":
        signed_minutes(session, on)
    return topic_services.conclude_topic(topic, actor=topics.clerk(topic.host), on=on)


def _scheduled(host: Organisation | None, profile: str, on: date, **changes: Any) -> Topic:
    made = topics.approved if profile == "formal" else topics.claimed
    topic = made(host, on=on, **changes)
    return topic_services.schedule_topic(topic, actor=topics.clerk(topic.host), on=on)


def held_session(topic: Topic, on: date, form: str = "bench", points: int = 2, **changes: Any) -> ConsultSession:
    session = ConsultSession.objects.create(
        host=topic.host,
        region_code=topic.region_code,
        state="held",
        moved_at=moment(on, 11),
        form=form,
        venue_kind="courtyard",
        place="村口大树下",
        title=f"第 {next(_numbers)} 场：{topic.title}"[:100],
        starts_at=moment(on),
        ends_at=moment(on, 11),
        held_at=moment(on, 11),
        created_by=topics.clerk(topic.host),
        **changes,
    )
    SessionTopic.objects.create(session=session, topic=topic, round=topic.round)
    first = topic.consensus_points.count()
    for n in range(first + 1, first + points + 1):
        ConsensusPoint.objects.create(session=session, topic=topic, number=n, text=f"共识第 {n} 条：先清淤再换盖板")
    return session


def signed_minutes(session: ConsultSession, on: date) -> Minutes:
    clerk = topics.clerk(session.host)
    body = f"{session.title} 纪要"
    return Minutes.objects.create(
        session=session,
        state="signed",
        moved_on=on,
        body=body,
        number=f"县协商纪〔{on.year}〕测{next(_numbers)}号",
        sha256=hashlib.sha256(body.encode()).hexdigest(),
        drafted_by=clerk,
        drafted_on=on,
        signed_on=on,
        signed_name="签发人",
    )


def drafted(
    host: Organisation | None = None, profile: str = "micro", on: date | None = None, **changes: Any
) -> Outcome:
    topic = matter(host, profile, on, **changes)
    return services.draft_outcome(
        topic, actor=topics.clerk(topic.host), effects=["consensus"], summary="议定两件事", on=topic.moved_on
    )


def submitted(
    host: Organisation | None = None, profile: str = "micro", on: date | None = None, **changes: Any
) -> Outcome:
    outcome = drafted(host, profile, on, **changes)
    return services.submit_outcome(
        outcome, actor=topics.clerk(outcome.host), submitted_to=["同乐街道"], on=outcome.moved_on
    )


def adopted(
    host: Organisation | None = None, profile: str = "formal", on: date | None = None, **changes: Any
) -> Outcome:
    outcome = submitted(host, profile, on, **changes)
    return services.adopt_outcome(
        outcome, actor=topics.clerk(outcome.host), adopted_by="县长", instruction="请住建局办理。", on=outcome.moved_on
    )


def noted(host: Organisation | None = None, profile: str = "micro", on: date | None = None, **changes: Any) -> Outcome:
    outcome = submitted(host, profile, on, **changes)
    return services.note_outcome(outcome, actor=topics.clerk(outcome.host), on=outcome.moved_on)


def unit(host: Organisation | None = None, name: str = "", kind: str = OrganisationKind.DEPARTMENT) -> Organisation:
    host = host or people.host()
    return people.organisation(host, kind, name or f"第 {next(_numbers)} 局")


def liaison(of: Organisation) -> Account:
    """The unit's liaison; asked twice, the same one."""
    found = Account.objects.filter(username=f"liaison{of.pk}").first()
    return found or people.liaison(of, username=f"liaison{of.pk}")


def issued(
    host: Organisation | None = None,
    outcome: Outcome | None = None,
    lead: Organisation | None = None,
    on: date | None = None,
    **changes: Any,
) -> Assignment:
    outcome = outcome or submitted(host, on=on)
    changes.setdefault("actor", topics.clerk(outcome.host))
    changes.setdefault("matter", f"第 {next(_numbers)} 件：排水沟清淤")
    changes.setdefault("fulfils", [outcome.topic.consensus_points.first()])
    changes.setdefault("issued_by", "县政府办公室")
    return services.issue_assignment(
        outcome, lead_unit=lead or unit(outcome.host), on=on or outcome.moved_on, **changes
    )


def accepted(host: Organisation | None = None, **changes: Any) -> Assignment:
    assignment = issued(host, **changes)
    return services.sign_for(assignment, actor=liaison(assignment.lead_unit), on=assignment.moved_on)


def sent_back(host: Organisation | None = None, **changes: Any) -> Assignment:
    assignment = issued(host, **changes)
    return services.send_back(
        assignment,
        actor=liaison(assignment.lead_unit),
        reason="道路归交通局管",
        proper_unit="县交通运输局",
        on=assignment.moved_on,
    )


def in_progress(host: Organisation | None = None, **changes: Any) -> Assignment:
    assignment = accepted(host, **changes)
    return services.start(assignment, actor=liaison(assignment.lead_unit), on=assignment.moved_on)


def reply(assignment: Assignment, reply_class: str = "A", **changes: Any) -> Assignment:
    assignment.refresh_from_db()
    changes.setdefault("actor", liaison(assignment.lead_unit))
    on = changes.setdefault("on", assignment.moved_on)
    services.reply_assignment(
        assignment,
        reply_class=reply_class,
        measures="清淤 260 米，更换盖板 90 块。",
        result="排水沟已通，雨天不再积水。",
        contact_on=on,
        contact_method="phone",
        **changes,
    )
    assignment.refresh_from_db()
    return assignment


def replied(host: Organisation | None = None, reply_class: str = "A", **changes: Any) -> Assignment:
    return reply(in_progress(host, **changes), reply_class)


def verify(assignment: Assignment, **changes: Any) -> Assignment:
    changes.setdefault("actor", topics.clerk(assignment.host))
    changes.setdefault("on", assignment.moved_on)
    services.verify_assignment(assignment, method="site", finding="现场看过，水已排净。", **changes)
    assignment.refresh_from_db()
    return assignment


def verified(host: Organisation | None = None, reply_class: str = "A", **changes: Any) -> Assignment:
    return verify(replied(host, reply_class, **changes))


def closed(host: Organisation | None = None, reply_class: str = "A", **changes: Any) -> Assignment:
    assignment = verified(host, reply_class, **changes)
    review = None if reply_class in "AB" else timezone.localdate() + timedelta(days=90)
    return services.close_assignment(
        assignment, actor=topics.clerk(assignment.host), next_review_on=review, on=assignment.moved_on
    )


def annulled(host: Organisation | None = None, **changes: Any) -> Assignment:
    assignment = issued(host, **changes)
    return services.annul(assignment, actor=topics.clerk(assignment.host), reason="并入另一件", on=assignment.moved_on)


#: state -> how to bring a new assignment there
IN_STATE = {
    "issued": issued,
    "accepted": accepted,
    "sent_back": sent_back,
    "in_progress": in_progress,
    "replied": replied,
    "verified": verified,
    "closed": closed,
    "annulled": annulled,
}
#: state -> how to bring a new outcome there
OUTCOME_IN_STATE = {"drafted": drafted, "submitted": submitted, "adopted": adopted, "noted": noted}
