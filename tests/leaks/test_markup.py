"""Markup, templates and formats that people type stay what they typed: on every page of staff, public and on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consult.delivery.models import InboxItem
from consult.outbox.services import relay
from outcomes import services as outcomes
from sessions import services as sessions
from tests.factories import notices, people
from tests.factories import outcomes as results
from tests.factories import sessions as meetings
from tests.factories import topics as matters
from tests.journeys.year import broken
from topics import services as topics

pytestmark = pytest.mark.django_db

#: Short enough for every column; each is told apart by its number.
PAYLOADS = [
    "<script>x{n}</script>",
    "\"'><img src=x onerror=x{n}>",
    "{{{{ 7*7 }}}}{n} %(x)s %s {{0}}",
    "</textarea><b>{n}",
]
RAW = ["<script>x", "<img src=x", "</textarea><b>", "7*7 }}0000"]


class Typed:
    """Hands out payloads, one after the other."""

    def __init__(self) -> None:
        self.n = 0

    def __str__(self) -> str:
        self.n += 1
        return PAYLOADS[self.n % len(PAYLOADS)].format(n=self.n)

    @property
    def words(self) -> str:
        return str(self)


@pytest.fixture
def bad(db):
    return Typed()


def chain(bad: Typed):
    """A whole matter whose every text is hostile, up to the board."""
    host = people.host()
    office = people.office(host)
    topic = matters.slip(
        host,
        title=bad.words,
        problem=bad.words,
        place=bad.words,
        expectation=bad.words,
        blocked_by=bad.words,
        pending_event=bad.words,
        raiser={"category": "other", "name": bad.words, "organisation": bad.words},
    )
    topics.return_topic(topic, actor=office, reason=bad.words)
    topics.resubmit_topic(topic, actor=office)
    topics.pool_topic(topic, actor=office, profile="micro", category=bad.words, **matters.CHECKS)
    topics.claim_topic(topic, actor=office, promised_on=timezone.localdate(), claimed_name=bad.words)
    topics.study_topic(
        topic, actor=office, date_from=timezone.localdate(), places=[bad.words], method=bad.words, findings=[bad.words]
    )
    session = meetings.planned(
        host,
        topics=[topic],
        title=bad.words,
        place=bad.words,
        convenor_name=bad.words,
        lead_name=bad.words,
        moderator_name=bad.words,
        recorder_name=bad.words,
        agenda=[{"text": bad.words, "by": bad.words}],
        participants=[
            {"category": "department", "organisation_name": bad.words, "name": bad.words, "title": bad.words}
        ],
    )
    sessions.announce_session(session, actor=office, short_notice_reason=bad.words)
    sessions.open_session(session, actor=office)
    for line in session.participants.all():
        sessions.mark_attendance(line, "present", actor=office)
    sessions.add_statement(session, bad.words, "department", bad.words, actor=office)
    point = sessions.agree_point(session, topic, bad.words, actor=office, unit_name=bad.words)
    sessions.keep_dissent(session, topic, bad.words, bad.words, actor=office)
    sessions.close_session(session, actor=office)
    minutes = meetings.signed(session)
    topic.refresh_from_db()
    outcome = outcomes.draft_outcome(
        topic,
        actor=office,
        summary=bad.words,
        benefits=[{"what": bad.words, "amount": 1, "unit": "个"}],
        products=[{"kind": "agreement", "title": bad.words, "text": bad.words}],
    )
    outcome = outcomes.submit_outcome(outcome, actor=office, submitted_to=[bad.words])
    unit = people.organisation(host, name=bad.words)
    task = results.issued(outcome=outcome, lead=unit, fulfils=[point], matter=bad.words, issued_by=bad.words)
    outcomes.sign_for(task, actor=office, signed_for_by=bad.words)
    outcomes.add_progress(task, actor=office, text=f"清淤 {bad.words}")
    outcomes.ask_extension(task, actor=office, due_wanted=task.due_on + timedelta(days=9), reason=bad.words)
    outcomes.refuse_extension(task, actor=office, reason=bad.words)
    task.refresh_from_db()
    outcomes.reply_assignment(
        task,
        actor=office,
        reply_class="A",
        measures=bad.words,
        result=f"清淤 {bad.words}",
        contact_on=timezone.localdate(),
        contact_method="phone",
        contact_note=bad.words,
    )
    outcomes.verify_assignment(task, actor=office, method="site", finding=bad.words)
    outcomes.close_assignment(task, actor=office)
    words = {"title": bad.words, "text": bad.words, "summary": bad.words, "places": [bad.words]}
    notice = notices.running(topic=topic, on=timezone.localdate(), **words)
    objection = outcomes.record_objection(notice, actor=office, text=bad.words, contact=bad.words)
    outcomes.answer_objection(notice, actor=office, answer=bad.words, objection=objection)
    meetings.room(host, name=bad.words, address=bad.words)
    people.member(host, name=bad.words)
    people.group(host, name=bad.words)
    while relay():
        pass
    return office, topic, session, minutes, outcome, task, notice


def test_what_people_type_stays_text(bad):
    office, topic, session, minutes, outcome, task, notice = chain(bad)
    things = [thing.get_absolute_url() for thing in (topic, session, minutes, outcome, task, notice)]
    named = ["topics:preview", "desk:chain", "topics:decline", "topics:study"]
    pages = [reverse(name, args=[topic.uuid]) for name in named]
    kept = ["record", "print_notice", "print_agenda", "print_sheet"]
    pages += [reverse(f"sessions:{name}", args=[session.uuid]) for name in kept]
    pages += [reverse(f"sessions:{name}", args=[minutes.uuid]) for name in ("print_minutes", "versions")]
    pages += [reverse(f"outcomes:{name}", args=[task.uuid]) for name in ("slip", "reopen")]
    lists = ["topics:list", "sessions:list", "sessions:rooms", "outcomes:list", "outcomes:outcomes"]
    lists += ["outcomes:notices", "members:members", "members:groups", "members:organisations"]
    pages += [reverse(name) for name in (*lists, "desk:today", "desk:inbox", "topics:hand_in")]
    pages += [f"/search/?q={word}" for word in ("script", '"><img src=x onerror=1>', "{{7*7}}", "%(x)s")]
    staff, visitor = Client(), Client()
    staff.force_login(office)
    public = [f"/b/341103000000/{page}" for page in ("", "?q=<script>x", f"{notice.uuid}/", f"{notice.uuid}/poster/")]
    wrong = []
    for client, addresses in ((staff, [*things, *pages]), (visitor, ["/", *public])):
        for url in addresses:
            response = client.get(url)
            text = response.content.decode()
            found = [raw for raw in RAW if raw in text]
            if response.status_code not in (200, 302, 409) or found:
                wrong.append((url, response.status_code, found))
    assert wrong == []
    assert InboxItem.objects.exists()
    assert broken() == []


def test_both_texts_of_minutes_in_conflict_stay_text(bad):
    host = people.host()
    minutes = meetings.drafted(meetings.held(host))
    sessions.revise_minutes(minutes, actor=people.office(host), body=f"甲 {PAYLOADS[0]}", version=1)
    client = Client()
    client.force_login(people.office(host))
    url = reverse("sessions:revise_minutes", args=[minutes.uuid])
    response = client.post(url, {"body": f"乙 {PAYLOADS[1]} {PAYLOADS[3]}", "version": 1})
    assert response.status_code == 409
    assert not [raw for raw in RAW if raw in response.content.decode()]
    assert "&lt;script&gt;" in response.content.decode()
