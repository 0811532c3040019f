"""Two people do the same thing at the same moment: one is done, the other gets a clear refusal, no word is lost."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from consult.audit.models import Entry
from consult.numbering.models import Number
from sessions.models import ConsultSession, MinutesRevision
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters
from tests.faults.tools import Client, Web, at_once, environment, token_of
from tests.journeys.year import broken
from topics.models import Topic

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

RACERS = 8


@pytest.fixture
def web(folder, keep):
    return keep(Web(folder, environment()))


def browsers(web, host, number):
    found = []
    for _ in range(number):
        browser = Client(web.socket)
        assert browser.sign_in(people.office(host).username).status == 302
        found.append(browser)
    return found


def test_f24_two_save_the_same_minutes_and_no_word_is_lost(web):
    """The second save is answered 409 with both texts; then 8 at once: as many versions as were accepted."""
    host = people.host()
    minutes = make.drafted(make.held(host))
    one, two = browsers(web, host, 2)
    url = reverse("sessions:revise_minutes", args=[minutes.uuid])
    first = one.form(url, body=minutes.body + "\n甲补的一段。")
    second = two.form(url, body=minutes.body + "\n乙补的一段。")
    assert one.post(url, first).status == 302
    refused = two.post(url, second)
    assert refused.status == 409
    assert "甲补的一段。" in refused.text
    assert "乙补的一段。" in refused.text
    minutes.refresh_from_db()
    assert (minutes.version, minutes.body.endswith("甲补的一段。")) == (2, True)

    race = browsers(web, host, RACERS)
    forms = [browser.form(url, body=f"{minutes.body}\n第 {n} 人。") for n, browser in enumerate(race)]
    answers = at_once(lambda n: race[n].post(url, forms[n]), RACERS)
    accepted = [answer for answer in answers if answer.status == 302]
    refused = [(n, answer) for n, answer in enumerate(answers) if answer.status == 409]
    assert (len(accepted), len(refused)) == (1, RACERS - 1)
    assert all(escape(f"第 {n} 人。") in answer.text for n, answer in refused)
    minutes.refresh_from_db()
    assert minutes.version == 3 == MinutesRevision.objects.filter(minutes=minutes).count()
    assert broken() == []


def test_f25_two_sessions_one_room(web):
    """8 offices plan a session in the same room for the same hour: one has it, the others learn who."""
    host = people.host()
    room = make.room(host)
    topics = [matters.claimed(host) for _ in range(RACERS)]
    token = token_of(people.office(host))
    start = make.soon()

    def plan(n: int):
        values = {
            "host": str(host.uuid),
            "topics": [str(topics[n].uuid)],
            "form": "micro",
            "venue_kind": "room",
            "room": str(room.uuid),
            "region_code": matters.WANQIAO,
            "title": f"第 {n} 场",
            "starts_at": (start + timedelta(minutes=5 * n)).isoformat(),
            "ends_at": (start + timedelta(hours=2)).isoformat(),
            "convenor_name": "召集人",
            "lead_name": "小组长",
            "moderator_name": "主持人",
            "recorder_name": "记录人",
            "agenda": [{"text": "议事"}],
            "participants": [{"category": "resident", "name": "居民代表"}],
        }
        return Client(web.socket, token).call("/api/v1/sessions/", values, str(uuid.uuid4()))

    answers = at_once(plan, RACERS)
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [201] + [409] * (RACERS - 1), [answer.text[:200] for answer in answers]
    assert {answer.data["code"] for answer in answers if answer.status == 409} == {"room_taken"}
    held = ConsultSession.objects.get()
    assert Topic.objects.filter(state="scheduled").get() == held.topics.get()
    assert Topic.objects.filter(state="claimed").count() == RACERS - 1
    assert broken() == []


def test_two_clerks_race_on_one_move(web):
    """8 clerks pool one slip at once: one pools it, one number is taken, the others are told."""
    host = people.host()
    topic = matters.slip(host)
    tokens = [token_of(people.office(host)) for _ in range(RACERS)]
    ask = {"profile": "micro", "category": "公共设施", **matters.CHECKS}
    url = f"/api/v1/topics/{topic.uuid}/pool/"
    answers = at_once(lambda n: Client(web.socket, tokens[n]).call(url, ask, f"pool-{n}"), RACERS)
    assert sorted(answer.status for answer in answers) == [200] + [409] * (RACERS - 1)
    assert {answer.data["code"] for answer in answers if answer.status == 409} == {"wrong_state"}
    assert (Entry.objects.filter(verb="topic.pool").count(), Number.objects.count()) == (1, 1)
    assert broken() == []
