"""申请发言: by the page of one's signing in, or from the account; once each, while the session runs."""

from __future__ import annotations

import json
import threading
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from consult.audit.models import Entry
from consult.errors import Missing, NotAllowed, WrongState
from consult.web.logs import without_tokens
from sessions import services
from sessions.models import CheckIn
from sessions.services import asking, sign_in, tries
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import clerk

pytestmark = pytest.mark.django_db

ROSTER = [
    {"category": "resident", "name": "王秀兰"},
    {"category": "department", "organisation_name": "区住建局", "name": "股室负责人"},
]


@pytest.fixture
def session(db):
    return make.in_progress(participants=ROSTER)


def come(session, name, category="resident"):
    pass_ = sign_in.admit(sign_in.screen_token(session))
    return sign_in.check_in(pass_, key=uuid4(), name=name, category=category).uuid


def waiting(session):
    return [str(one) for one in services.queue_of(session)]


# the queue ------------------------------------------------------------------------------------------------------------


def test_residents_speak_first_whoever_asked_before(session):
    clerk_of_bureau, passer_by, resident = (
        come(session, "股室负责人", "department"),
        come(session, "过路的老李"),
        come(session, "王秀兰"),
    )
    for one in (clerk_of_bureau, passer_by, resident):
        asking.ask_by_link(one)
    assert waiting(session) == ["过路的老李", "王秀兰", "股室负责人"]
    turns = [asking.turn_of(CheckIn.objects.get(uuid=one).participant) for one in (clerk_of_bureau, passer_by)]
    assert [(turn.state, turn.ahead) for turn in turns] == [("waiting", 2), ("waiting", 0)]


def test_asked_twice_the_first_place_holds_and_is_written_down_once(session):
    first, second = come(session, "王秀兰"), come(session, "过路的老李")
    asking.ask_by_link(first)
    asking.ask_by_link(second)
    asking.ask_by_link(first)
    assert waiting(session) == ["王秀兰", "过路的老李"]
    entries = Entry.objects.filter(verb="session.ask_floor")
    assert entries.count() == 2
    entry = entries.order_by("pk").first()
    assert (entry.actor.is_system, entry.on_behalf_of, entry.data["by_link"]) == (True, "王秀兰", True)


def test_he_steps_back_and_asks_again(session):
    one = come(session, "王秀兰")
    asking.ask_by_link(one, back=True)
    asking.ask_by_link(one)
    asking.ask_by_link(one, back=True)
    assert waiting(session) == []
    assert asking.turn_of(CheckIn.objects.get(uuid=one).participant).state == "none"
    asking.ask_by_link(one)
    assert waiting(session) == ["王秀兰"]


def test_who_has_the_floor_is_told_so_and_may_ask_once_more(session):
    one = come(session, "王秀兰")
    line = asking.ask_by_link(one)
    services.give_floor(line, actor=clerk(session.host))
    assert asking.turn_of(CheckIn.objects.get(uuid=one).participant).state == "speaking"
    asking.ask_by_link(one)
    assert waiting(session) == ["王秀兰"]


# who and when ---------------------------------------------------------------------------------------------------------


def test_nobody_asks_who_is_not_in_the_room(session):
    office, one = clerk(session.host), come(session, "王秀兰")
    line = CheckIn.objects.get(uuid=one).participant
    services.mark_left(line, actor=office)
    with pytest.raises(Missing):
        asking.ask_by_link(one)
    services.mark_left(line, actor=office, back=True)
    services.mark_attendance(line, "", actor=office)
    with pytest.raises(Missing):
        asking.ask_by_link(one)
    with pytest.raises(sign_in.NotOurs):
        asking.ask_by_link(uuid4())
    assert waiting(session) == []


def test_after_the_session_nobody_asks(session):
    one = come(session, "王秀兰")
    services.close_session(make.written(session), actor=clerk(session.host))
    with pytest.raises(WrongState):
        asking.ask_by_link(one)


def test_who_plays_with_the_button_is_stopped(session):
    one = come(session, "王秀兰")
    for n in range(asking.CHANGES):
        asking.ask_by_link(one, back=n % 2 == 1)
    with pytest.raises(tries.TooOften):
        asking.ask_by_link(one)
    asking.ask_by_link(come(session, "过路的老李"))


def test_an_account_asks_for_itself_alone():
    host = people.host()
    member, other = people.account("member", host), people.account("member", host)
    session = make.announced(host, participants=ROSTER)
    line = make.invite(session, member)
    session = services.open_session(session, actor=clerk(host))
    with pytest.raises(Missing):
        services.ask_floor(line, actor=member)
    sign_in.check_in(session, actor=member, key=uuid4(), how="self")
    services.ask_floor(line, actor=member)
    assert waiting(session) == [str(line)]
    with pytest.raises(NotAllowed):
        services.ask_floor(line, actor=other, back=True)
    services.ask_floor(line, actor=member, back=True)
    assert waiting(session) == []


@pytest.mark.django_db(transaction=True)
def test_ten_taps_at_once_are_one_place():
    session = make.in_progress(participants=ROSTER)
    one, barrier = come(session, "王秀兰"), threading.Barrier(10)

    def run():
        try:
            barrier.wait(20)
            asking.ask_by_link(one)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert waiting(session) == ["王秀兰"]
    assert Entry.objects.filter(verb="session.ask_floor").count() == 1


# doors ----------------------------------------------------------------------------------------------------------------


def test_the_page_of_the_signing_in_has_the_button_and_says_how_far_it_is(client, session):
    one, other = come(session, "过路的老李"), come(session, "王秀兰")
    done, floor = reverse("sign_in:done", args=[one]), reverse("sign_in:floor", args=[one])
    assert "申请发言" in client.get(done).content.decode()
    asking.ask_by_link(other)
    answer = client.post(floor, {"do": "ask"})
    assert (answer.status_code, answer["Location"]) == (302, f"{done}#floor")
    text = client.get(done).content.decode()
    assert "已申请发言，前面还有 1 位" in text
    assert "王秀兰" not in text
    assert "老李" not in text
    services.step_back(CheckIn.objects.get(uuid=other).participant, actor=clerk(session.host))
    assert "已申请发言，下一位就是您" in client.get(done).content.decode()
    client.post(floor, {"do": "back"})
    assert waiting(session) == []
    assert client.post(floor, {"do": "dance"}).status_code == 400
    assert client.get(floor).status_code == 405
    assert client.post(reverse("sign_in:floor", args=[uuid4()]), {"do": "ask"}).status_code == 404
    services.close_session(make.written(session), actor=clerk(session.host))
    assert "申请发言" not in client.get(done).content.decode()
    assert client.post(floor, {"do": "ask"}).status_code == 409


def test_the_same_as_json(client, session):
    floor = reverse("sign_in:floor", args=[come(session, "王秀兰")])

    def send(body):
        return client.post(floor, body, content_type="application/json")

    assert send(json.dumps({"do": "ask"})).json() == {"state": "waiting", "ahead": 0}
    assert send(json.dumps({"do": "back"})).json() == {"state": "none", "ahead": 0}
    for body in ("[]", "{", '{"do": 1}', "{}"):
        answer = send(body)
        assert (answer.status_code, set(answer.json()["fields"])) == (400, {"do"})


def test_the_desk_and_the_screen_see_it(client, session):
    office = clerk(session.host)
    before = services.pulse_of(session).stamp
    asking.ask_by_link(come(session, "王秀兰"))
    assert services.pulse_of(session).stamp != before
    client.force_login(office)
    parts = client.get(reverse("sessions:parts", args=[session.uuid]), {"since": before}).content.decode()
    assert "等着发言" in parts
    assert "王秀兰" in parts[parts.index('id="queue"') :]
    shown = services.screen_contents(session)["queue"]
    assert [one["label"] for one in shown] == ["群众"]


def test_from_the_account_by_page_and_api(client):
    host = people.host()
    member = people.account("member", host)
    session = make.announced(host, participants=ROSTER)
    make.invite(session, member)
    session = services.open_session(session, actor=clerk(host))
    client.force_login(member)
    api = f"/api/v1/sessions/{session.uuid}/"

    def move(**body):
        return client.post(f"{api}ask_floor/", json.dumps(body), content_type="application/json")

    assert move().status_code == 400
    sign_in.check_in(session, actor=member, key=uuid4(), how="self")
    assert "ask_floor" in client.get(api).json()["actions"]
    page = session.get_absolute_url()
    assert "申请发言" in client.get(page).content.decode()
    assert client.post(reverse("sessions:ask_floor", args=[session.uuid]), {"do": "ask"}).status_code == 302
    assert "下一位就是您" in client.get(page).content.decode()
    assert move(back=True).status_code == 200
    assert waiting(session) == []
    client.force_login(clerk(host))
    assert move().status_code == 403


def test_what_opens_the_button_stands_in_no_log():
    address = f"/s/in/{uuid4()}/floor/"
    assert without_tokens(f"POST {address}") == "POST /s/in/…/floor/"
