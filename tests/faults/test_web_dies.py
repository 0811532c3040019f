"""The web server dies while people write: nothing acknowledged is lost, nothing is there twice.

Counts are small so that two cores do it in seconds; the bare prototype held with ten times as many.
"""

from __future__ import annotations

import time
import uuid

import pytest
from django.urls import reverse

from consult.audit.models import Entry
from consult.bench import hall
from consult.idempotency.models import StoredAnswer
from consult.outbox.models import Event
from sessions.models import Participant
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters
from tests.faults.tools import LOST, Client, Crowd, Web, at_once, environment, token_of
from tests.journeys.year import broken
from topics.models import Topic

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

MARKS, CLIENTS, KILLS = 240, 8, 6


def test_f1_marks_survive_killed_workers_each_exactly_once(folder, keep):
    """240 marks by 8 clients that retry with the same key, while 6 workers are killed by kill -9."""
    host = people.host()
    session = make.in_progress(
        host,
        participants=[{"category": "resident", "name": f"居民代表 {n}", "chosen_how": "抽签"} for n in range(MARKS)],
    )
    web = keep(Web(folder, environment()))
    token = token_of(matters.clerk(host))
    url = f"/api/v1/sessions/{session.uuid}/mark_attendance/"
    lines = {str(uuid.uuid4()): str(line) for line in session.participants.values_list("uuid", flat=True)}
    crowd = Crowd([Client(web.socket, token) for _ in range(CLIENTS)])
    crowd.begin(lines, lambda client, key: client.call(url, {"participant": lines[key], "attendance": "present"}, key))
    for n in range(1, KILLS + 1):
        while len(crowd.acknowledged) < n * MARKS // (KILLS + 2) and crowd.busy:
            time.sleep(0.01)
        web.kill_a_worker()
    answers = crowd.finish()

    assert {answer.status for answer in answers.values()} == {200}
    assert Participant.objects.filter(session=session, attendance="present").count() == MARKS
    marked = Entry.objects.filter(verb="session.mark_attendance")
    assert (marked.count(), Event.objects.filter(name="session.mark_attendance").count()) == (MARKS, MARKS)
    assert set(StoredAnswer.objects.values_list("key", flat=True)) >= set(lines)
    assert broken() == []


def a_hall(invited: int):
    lines = [{"category": "resident", "name": hall.name_of(n), "chosen_how": "抽签"} for n in range(invited)]
    return make.in_progress(people.host(), participants=lines)


def test_f1_a_hall_signs_in_by_itself_each_exactly_once(folder, keep):
    """600 telephones, every fifth sending twice, 6 workers killed: `./run bench --sign-ins 10000` in small."""
    session = a_hall(invited=100)
    web = keep(Web(folder, environment()))
    outcome = hall.sign_all_in(str(web.socket), session, 600, KILLS, web.kill_a_worker)
    assert outcome.wrong == []
    assert (outcome.kills, outcome.sent) == (KILLS, 720)
    assert broken() == []


def test_f10_signing_in_works_while_redis_is_away(folder, keep):
    session = a_hall(invited=10)
    web = keep(Web(folder, environment(REDIS_URL="redis://127.0.0.1:1/0")))
    outcome = hall.sign_all_in(str(web.socket), session, 60, 0, lambda: None)
    assert outcome.wrong == []
    code = Client(web.socket).post("/s/", {"code": session.sign_in_code})
    assert code.status == 302


def test_f2_who_was_cut_off_after_the_commit_gets_the_stored_answer(folder, keep):
    """The process dies between commit and response, once for a page's form and once for the API."""
    host = people.host()
    clerk, group = people.office(host), people.group(host)
    topic = matters.slip(host)
    deadly = keep(Web(folder, environment(TESTING="1", FAILPOINT="after_commit:exit"), workers=1))
    program = Client(deadly.socket, token_of(clerk))
    ask = {"profile": "micro", "category": "公共设施", **matters.CHECKS}
    url = f"/api/v1/topics/{topic.uuid}/pool/"
    with pytest.raises(LOST):
        program.call(url, ask, "pool-1")
    topic.refresh_from_db()
    assert topic.state == "pooled"  # it is committed, though nobody said so
    again = program.insist(lambda: program.call(url, ask, "pool-1"))
    assert (again.status, again.data["state"], again.headers["Idempotent-Replayed"]) == (200, "pooled", "true")

    browser = Client(deadly.socket)
    browser.insist(lambda: browser.sign_in(clerk.username))
    page = reverse("topics:claim", args=[topic.uuid])
    form = browser.form(page, promised_on=matters.days_ago(-30), group=group.uuid)
    with pytest.raises(LOST):
        browser.post(page, form)
    topic.refresh_from_db()
    assert topic.state == "claimed"
    again = browser.insist(lambda: browser.post(page, form))
    assert (again.status, again.headers["Location"]) == (302, topic.get_absolute_url())
    assert Entry.objects.filter(verb__in=["topic.pool", "topic.claim"]).count() == 2
    assert broken() == []


SLIP = {
    "title": "公厕一直锁着",
    "problem": "晨练找不到地方上厕所，建好的公厕不开门。",
    "region_code": matters.WANQIAO,
    "source": "resident",
}


def test_f21_twenty_four_identical_forms_have_one_effect_and_one_answer(folder, keep):
    clerk = people.office(people.host())
    web = keep(Web(folder, environment()))
    browser = Client(web.socket)
    assert browser.sign_in(clerk.username).status == 302
    url = reverse("topics:hand_in")
    form = browser.form(url, **SLIP, name="居民代表")
    answers = at_once(lambda n: browser.insist(lambda: browser.post(url, form)), 24)
    assert {answer.status for answer in answers} == {302}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Topic.objects.count() == 1
    assert Entry.objects.filter(verb="topic.submit").count() == 1
    assert broken() == []


def test_f21_twenty_four_identical_calls_have_one_effect_and_one_answer(folder, keep):
    host = people.host()
    web = keep(Web(folder, environment()))
    program = Client(web.socket, token_of(people.office(host)))
    slip = {**SLIP, "host": str(host.uuid), "raiser": {"name": "居民代表"}}
    answers = at_once(lambda n: program.insist(lambda: program.call("/api/v1/topics/", slip, "slip-1")), 24)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.data["uuid"] for answer in answers}) == 1
    assert (Topic.objects.count(), Entry.objects.filter(verb="topic.submit").count()) == (1, 1)
    assert StoredAnswer.objects.filter(key="slip-1").count() == 1
