"""Supervisors see what lies below them, ask with a note, and change nothing; no name or number reaches them."""

import pytest
from django.urls import get_resolver, reverse

from consult.audit.models import Entry
from consult.delivery.models import InboxItem
from consult.errors import DomainError, Missing, NotAllowed, WrongState
from consult.outbox import relay
from members.models import Account
from outcomes import services as work
from outcomes.models import Assignment
from outcomes.states import ASSIGNMENT_WORKFLOW, NOTICE_WORKFLOW, OUTCOME_WORKFLOW
from sessions.states import MINUTES_WORKFLOW, RECORD_WORKFLOW, SESSION_WORKFLOW
from tests.factories import outcomes as make
from tests.factories import people, topics
from topics import services
from topics.models import OversightNote, Topic
from topics.states import TOPIC_WORKFLOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment():
    return make.in_progress(on=make.day(9))


@pytest.fixture
def above():
    return people.supervisor()


def deliver():
    while relay():
        pass


def test_a_note_lands_in_the_inbox_of_the_office_and_on_the_timeline_and_moves_nothing(assignment, above, client):
    office = people.office(assignment.host)
    before = Assignment.objects.values().get(pk=assignment.pk)
    note = work.urge_assignment(assignment, actor=above, text="雨季前能清完吗？")
    assert Assignment.objects.values().get(pk=assignment.pk) == before
    deliver()
    item = InboxItem.objects.get(account=office, body="雨季前能清完吗？")
    assert item.url == assignment.get_absolute_url()
    client.force_login(office)
    page = client.get(assignment.get_absolute_url()).text
    assert page.count("雨季前能清完吗？") == 2  # the panel and what happened
    assert reverse("outcomes:answer_note", args=[assignment.uuid]) in page
    entry = Entry.objects.about(assignment).get(verb="assignment.urge_note")
    assert (entry.before, entry.after, entry.reason) == ("in_progress", "in_progress", "雨季前能清完吗？")
    assert note.organisation == above.mandates.get().organisation


def test_the_office_answers_once_and_who_asked_reads_it(assignment, above, client):
    office = people.office(assignment.host)
    note = work.urge_assignment(assignment, actor=above, text="进展如何？")
    client.force_login(office)
    url = reverse("outcomes:answer_note", args=[assignment.uuid])
    assert client.get(url).status_code == 200
    posted = client.post(url, {"note": note.uuid, "answer": "本周内清完。"})
    assert posted.status_code in (302, 303)
    with pytest.raises(WrongState):
        work.answer_assignment_note(assignment, actor=office, note=note, answer="再答一次")
    deliver()
    assert InboxItem.objects.filter(account=above, body="本周内清完。").count() == 1
    client.force_login(above)
    assert "本周内清完。" in client.get(reverse("topics:oversight")).text
    assert "本周内清完。" in client.get(assignment.get_absolute_url()).text


def test_a_matter_is_asked_about_by_its_page(above, client):
    topic = topics.pooled(on=make.day(3))
    client.force_login(above)
    url = reverse("topics:urge_note", args=[topic.uuid])
    assert url in client.get(topic.get_absolute_url()).text
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": "为何还没人认领？"}).status_code in (302, 303)
    note = OversightNote.objects.get()
    assert (note.topic, note.answer) == (topic, "")
    assert "为何还没人认领？" in client.get(reverse("topics:oversight")).text
    topic.refresh_from_db()
    assert (topic.state, topic.reason) == ("pooled", "")


def test_through_the_api_too(assignment, above, client):
    client.force_login(above)
    url = f"/api/v1/assignments/{assignment.uuid}/urge_note/"
    assert client.post(url, {"text": "催一催"}, content_type="application/json").status_code in (200, 201)
    office = people.office(assignment.host)
    client.force_login(office)
    wanted = {"note": str(OversightNote.objects.get().uuid), "answer": "好的"}
    url = f"/api/v1/assignments/{assignment.uuid}/answer_note/"
    assert client.post(url, wanted, content_type="application/json").status_code in (200, 201)


def test_without_words_nothing_is_asked(assignment, above):
    with pytest.raises(Missing):
        work.urge_assignment(assignment, actor=above, text="  ")


def test_who_is_not_above_does_not_ask(assignment):
    for who in (people.office(assignment.host), people.supervisor("530900000000"), people.approver(assignment.host)):
        with pytest.raises(NotAllowed):
            work.urge_assignment(assignment, actor=who, text="怎么样")
    assert not OversightNote.objects.exists()


def test_a_note_about_one_thing_is_not_answered_at_another(assignment, above):
    other = make.in_progress(assignment.host, on=make.day(9))
    note = work.urge_assignment(other, actor=above, text="那件呢？")
    with pytest.raises(Missing):
        work.answer_assignment_note(assignment, actor=people.office(assignment.host), note=note, answer="好")


def test_the_office_next_door_reads_no_note(assignment, above, client):
    work.urge_assignment(assignment, actor=above, text="隔壁不该看见")
    client.force_login(people.office(people.host(people.LANGYA)))
    assert "隔壁不该看见" not in client.get(reverse("topics:oversight")).text
    client.force_login(people.supervisor("530900000000"))
    assert "隔壁不该看见" not in client.get(reverse("topics:oversight")).text


def test_of_all_moves_there_are_a_supervisor_makes_one(above):
    """Every table of moves, every state: only the note."""
    host = people.host()
    topic = topics.pooled(host)
    assignment = make.in_progress(host, on=make.day(9))
    for workflow, subject, allowed in (
        (TOPIC_WORKFLOW, topic, {"urge_note"}),
        (ASSIGNMENT_WORKFLOW, assignment, {"urge_note"}),
        (OUTCOME_WORKFLOW, assignment.outcome, set()),
    ):
        may = {step.verb for step in workflow if above.has_perm(workflow.perm(step.verb), subject)}
        assert may == allowed, workflow.noun
    session = assignment.topic.sessions.first()
    for workflow in (SESSION_WORKFLOW, RECORD_WORKFLOW):
        assert not [step.verb for step in workflow if above.has_perm(workflow.perm(step.verb), session)]
    assert MINUTES_WORKFLOW and NOTICE_WORKFLOW


def _paths(patterns, prefix=""):
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _paths(pattern.url_patterns, here)
        else:
            yield here, pattern


@pytest.mark.parametrize("kind", ["topics", "outcomes", "sessions"])
def test_every_other_door_that_writes_is_closed(assignment, above, client, kind):
    """Each page of a move, posted to by the supervisor, changes no row of the record."""
    topic, outcome = assignment.topic, assignment.outcome
    session = topic.sessions.first()
    uuids = {"topics": [topic.uuid], "outcomes": [assignment.uuid, outcome.uuid], "sessions": [session.uuid]}[kind]
    client.force_login(above)
    client.raise_request_exception = False
    before = (Entry.objects.count(), Topic.objects.values().get(pk=topic.pk))
    tried = 0
    for path, _pattern in _paths(get_resolver().url_patterns):
        if not path.startswith(f"{kind}/") or path.count("<") != 1 or "<uuid:uuid>" not in path:
            continue
        if path.endswith(("urge_note/", "urge-note/")):
            continue
        for uuid in uuids:
            answer = client.post(
                "/" + path.replace("<uuid:uuid>", str(uuid)),
                "reason=x&on=",
                content_type="application/x-www-form-urlencoded",
            )
            assert answer.status_code in (302, 400, 403, 404, 405, 409, 422), (path, answer.status_code)
            tried += 1
    assert tried > 15
    assert (Entry.objects.count(), Topic.objects.values().get(pk=topic.pk)) == before


def test_every_other_move_of_the_api_is_refused(assignment, above, client):
    client.force_login(above)
    for noun, row, workflow in (
        ("topics", assignment.topic, TOPIC_WORKFLOW),
        ("assignments", assignment, ASSIGNMENT_WORKFLOW),
        ("outcomes", assignment.outcome, OUTCOME_WORKFLOW),
    ):
        for step in workflow:
            if step.creates or step.driven or step.verb == "urge_note":
                continue
            url = f"/api/v1/{noun}/{row.uuid}/{step.verb}/"
            answer = client.post(url, {}, content_type="application/json")
            assert answer.status_code in (403, 404, 405), (url, answer.status_code)
        assert client.delete(f"/api/v1/{noun}/{row.uuid}/").status_code in (403, 405)
        assert client.patch(f"/api/v1/{noun}/{row.uuid}/", {}, content_type="application/json").status_code in (
            403,
            405,
        )


CANARIES = ("顾砚秋", "13655501101", "印存墨", "展望舒", "13655509999")


def test_no_name_no_number_no_draft_on_any_page_a_supervisor_opens(above, client):
    raiser = {"category": "resident", "name": CANARIES[0], "phone": CANARIES[1], "consented": True}
    outcome = make.submitted(on=make.day(9), raiser=raiser)
    assignment = make.in_progress(outcome=outcome, on=make.day(9))
    office = people.office(assignment.host, display_name=CANARIES[2], phone=CANARIES[4])
    services.show_contact(assignment.topic.raisers.get(), actor=office)
    note = work.urge_assignment(assignment, actor=above, text="进展如何？")
    work.answer_assignment_note(assignment, actor=office, note=note, answer="快了")
    draft = topics.draft(assignment.host, title="草稿里的事")
    session = assignment.topic.sessions.first()
    client.force_login(above)
    pages = [
        assignment.get_absolute_url(),
        assignment.topic.get_absolute_url(),
        assignment.outcome.get_absolute_url(),
        session.get_absolute_url(),
        reverse("outcomes:slip", args=[assignment.uuid]),
        reverse("topics:preview", args=[assignment.topic.uuid]),
        *[reverse(name) for name in ("topics:list", "topics:oversight", "outcomes:list", "outcomes:outcomes")],
        *[reverse(name) for name in ("desk:today", "desk:inbox", "sessions:list", "outcomes:notices")],
        f"/api/v1/assignments/{assignment.uuid}/",
        f"/api/v1/topics/{assignment.topic.uuid}/",
        f"/api/v1/outcomes/{assignment.outcome.uuid}/",
        f"/api/v1/sessions/{session.uuid}/",
        "/api/v1/topics/",
        "/api/v1/assignments/",
    ]
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200, url
        for canary in (*CANARIES, "草稿里的事", assignment.topic.raisers.get().receipt):
            assert canary not in answer.text, (url, canary)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(f"/api/v1/topics/{draft.uuid}/").status_code == 404


def test_a_mandate_that_ended_asks_nothing(assignment, above):
    above.mandates.update(valid_until=make.day(1)) if hasattr(above.mandates.get(), "valid_until") else (
        above.mandates.update(valid_to=make.day(1))
    )
    with pytest.raises(DomainError):
        work.urge_assignment(assignment, actor=Account.objects.get(pk=above.pk), text="还能问吗")
