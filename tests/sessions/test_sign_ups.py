"""报名: the first get the seats, the others wait in their order; under a race, sent twice, withdrawn and moved up."""

from __future__ import annotations

import json
import threading
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from consult.audit.models import Entry
from consult.desk.invariants.meetings import broken_seats
from consult.errors import DomainError, Missing, NotAllowed, WrongState
from consult.outbox.models import Event
from consult.web.logs import without_tokens
from members.models import Account
from sessions import services
from sessions.models import ConsultSession, Participant, SignUp
from sessions.services import sign_in, sign_ups, tokens
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import clerk

pytestmark = pytest.mark.django_db


def offered(seats=2, session=None) -> ConsultSession:
    session = session or make.announced()
    return services.offer_seats(session, actor=clerk(session.host), seats=seats)


def come(session, name="李大伯", **words):
    words = {"key": uuid4(), "category": "resident", **words}
    return sign_ups.sign_up(sign_ups.sign_up_token(session), name=name, **words)


def standing(session) -> list[tuple[str, str, int]]:
    return [(row.name, *_said(row)) for row in session.sign_ups.order_by("position")]


def _said(row):
    place = sign_ups.place_of(row)
    return str(place.state), place.number


def by_sign_up(session):
    return session.participants.filter(chosen_how="报名")


# places ---------------------------------------------------------------------------------------------------------------


def test_the_first_are_seated_and_the_others_wait_in_their_order():
    session = offered(2)
    for name in ("甲", "乙", "丙", "丁"):
        come(session, name)
    assert standing(session) == [("甲", "seated", 1), ("乙", "seated", 2), ("丙", "waiting", 1), ("丁", "waiting", 2)]
    assert list(by_sign_up(session).values_list("name", "category", "is_walk_in")) == [
        ("甲", "resident", False),
        ("乙", "resident", False),
    ]
    assert by_sign_up(session).filter(invited_at=None).count() == 0
    assert Entry.objects.filter(verb="session.sign_up").count() == 4
    assert Event.objects.filter(name="session.sign_up").count() == 4
    assert list(broken_seats()) == []


def test_the_same_key_is_one_sign_up_and_the_same_answer():
    session, key = offered(1), uuid4()
    first, again = come(session, key=key), come(session, "另一个名字", key=key)
    assert (first.is_new, again.is_new) == (True, False)
    assert (first.row.pk, first.state, first.number) == (again.row.pk, again.state, again.number)
    assert SignUp.objects.get().name == "李大伯"
    assert Entry.objects.filter(verb="session.sign_up").count() == 1


def test_who_withdraws_frees_his_seat_for_who_waits_first():
    session = offered(1)
    first, second, third = (come(session, name) for name in ("甲", "乙", "丙"))
    token = sign_ups.sign_up_token(session)
    assert sign_ups.withdraw_by_link(token, key=first.row.key).state == "withdrawn"
    assert sign_ups.withdraw_by_link(token, key=first.row.key).state == "withdrawn"
    assert standing(session) == [("甲", "withdrawn", 0), ("乙", "seated", 1), ("丙", "waiting", 1)]
    assert SignUp.objects.get(pk=second.row.pk).moved_up_at is not None
    services.withdraw_sign_up(third.row, actor=clerk(session.host))
    assert standing(session)[1:] == [("乙", "seated", 1), ("丙", "withdrawn", 0)]
    assert list(by_sign_up(session).values_list("name", flat=True)) == ["乙"]
    moved = Entry.objects.filter(verb="session.withdraw_sign_up").order_by("pk").values_list("data", flat=True)
    assert [one["moved_up"] for one in moved] == [1, 0]
    assert come(session, key=first.row.key).state == "withdrawn"  # an old sending does not come back to life
    assert list(broken_seats()) == []


def test_a_line_taken_off_the_list_frees_its_seat():
    session = offered(1)
    come(session, "甲")
    come(session, "乙")
    services.remove_participant(by_sign_up(session).get(), actor=clerk(session.host))
    assert standing(session) == [("甲", "withdrawn", 0), ("乙", "seated", 1)]
    assert by_sign_up(session).get().name == "乙"


def test_more_seats_seat_who_waits_and_fewer_than_taken_are_refused():
    session = offered(1)
    for name in ("甲", "乙", "丙", "丁"):
        come(session, name)
    offered(3, session)
    assert [said[1:] for said in standing(session)] == [("seated", 1), ("seated", 2), ("seated", 3), ("waiting", 1)]
    for seats in (2, 0, 501, None):
        with pytest.raises(Missing) as refused:
            offered(seats, session)
        assert set(refused.value.fields) == {"seats"}
    session.refresh_from_db()
    assert session.seats == 3


def test_seats_are_offered_by_who_plans():
    session = make.planned()
    with pytest.raises(NotAllowed):
        services.offer_seats(session, actor=people.account("member", session.host), seats=3)
    with pytest.raises(WrongState):
        come(session)
    session = offered(1, session)
    assert come(session).state == "seated"
    assert by_sign_up(session).get().invited_at is None  # the notices have not gone out
    offered(None, make.planned(session.host))


def test_who_has_a_seat_signs_in_like_everybody_on_the_list():
    session = offered(1)
    come(session, "王秀兰")
    services.open_session(session, actor=clerk(session.host))
    admission = sign_in.admit(sign_in.screen_token(session))
    signed = sign_in.check_in(admission, key=uuid4(), name="王秀兰", category="resident")
    line = Participant.objects.get(pk=signed.participant_id)
    assert (line.chosen_how, line.attendance, line.is_walk_in) == ("报名", "present", False)


@pytest.mark.parametrize("state", ["in_progress", "held", "cancelled", "needs_decision"])
def test_it_is_refused_with_a_sentence_once_it_is_too_late(client, state):
    session = make.in_state(state)
    ConsultSession.objects.filter(pk=session.pk).update(seats=5)
    with pytest.raises(WrongState):
        come(session)
    page = client.get(sign_ups.sign_up_link(session))
    assert page.status_code == 409
    assert "<form" not in page.content.decode()
    assert SignUp.objects.count() == 0


def test_what_is_missing_is_said_at_its_field():
    session = offered()
    with pytest.raises(Missing) as refused:
        come(session, " ", category="nonsense")
    assert set(refused.value.fields) == {"name", "category"}
    assert session.sign_ups.count() == ConsultSession.objects.get(pk=session.pk).last_sign_up == 0


# the pages ------------------------------------------------------------------------------------------------------------


def test_the_page_signs_up_and_the_same_browser_finds_its_answer(client):
    session = offered(1)
    come(session, "别人的名字", phone="13800005566")
    url = sign_ups.sign_up_link(session)
    page = client.get(url).content.decode()
    assert session.title in page
    assert "别人的名字" not in page
    answer = client.post(url, {"name": "张三", "category": "village", "phone": "13900001111", "key": str(uuid4())})
    assert answer.status_code == 302
    mine = answer["Location"]
    said = client.get(mine).content.decode()
    assert "名额满了，候补第 1 位" in said
    assert "张三" not in said
    again = client.get(url)
    assert (again.status_code, again["Location"]) == (302, mine)
    assert answer.cookies["consult_sign_up"]["path"] == url
    services.withdraw_sign_up(session.sign_ups.get(position=1), actor=clerk(session.host))
    assert "报上了，第 1 位" in client.get(mine).content.decode()
    assert client.post(mine).status_code == 302
    assert SignUp.objects.get(name="张三").state == "withdrawn"
    assert client.get(f"{url}?again").status_code == 200


def test_the_same_as_json_once_for_a_key(client):
    session = offered(1)
    said = {"token": sign_ups.sign_up_token(session), "key": str(uuid4()), "name": "张三", "category": "village"}

    def send(**changes):
        body = json.dumps({**said, **changes})
        answer = client.post(reverse("sign_in:sign_up"), body, content_type="application/json")
        return answer.status_code, answer.json()

    body = {"state": "seated", "place": 1, "key": said["key"]}
    assert send() == (201, body)
    assert send() == (200, body)
    assert send(key=str(uuid4()))[1]["state"] == "waiting"
    assert send(key="")[0] == send(key=str(uuid4()), name="")[0] == send(more="x")[0] == 400
    assert send(token=said["token"][:-1] + "!")[0] == 404
    assert send(key=str(uuid4()), phone="123")[1]["code"] == "invalid"


def test_one_caller_signs_up_a_hundred_times_and_then_waits(client, monkeypatch):
    monkeypatch.setattr("sessions.views.sign_ups.SIGN_UPS", 2)
    session = offered(9)
    said = {"token": sign_ups.sign_up_token(session), "name": "张三", "category": "village"}
    sent = [json.dumps({**said, "key": str(uuid4())}) for _n in range(3)]
    url = reverse("sign_in:sign_up")
    assert [client.post(url, one, content_type="application/json").status_code for one in sent] == [201, 201, 429]
    assert client.post(url, sent[0], content_type="application/json").status_code == 200


def test_an_address_of_another_kind_opens_nothing(client):
    session = offered()
    for token in (tokens.seal("slip", session.uuid, 0), tokens.seal("sign_up", uuid4(), 0), "A" * 52):
        assert client.get(reverse("sign_in:join", args=[token])).status_code == 404
        assert client.get(reverse("sign_in:joined", args=[token, uuid4()])).status_code == 404
    known = reverse("sign_in:joined", args=[sign_ups.sign_up_token(session), uuid4()])
    assert client.get(known).status_code == client.post(known).status_code == 404


def test_the_address_bears_no_name_and_stands_in_no_log():
    url = sign_ups.sign_up_link(offered())
    assert len(url) < 64
    assert without_tokens(url) == "/j/…/"


def test_only_who_prepares_reads_the_lists(client):
    session = offered(1)
    come(session, "甲某某", phone="13800005566")
    come(session, "乙某某")
    row = session.sign_ups.get(position=2)
    page, api = session.get_absolute_url(), f"/api/v1/sessions/{session.uuid}/"
    act = reverse("sessions:withdraw_sign_up", args=[session.uuid, row.uuid])
    client.force_login(clerk(session.host))
    shown = client.get(page).content.decode()
    assert "乙某某" in shown
    assert "138****5566" in shown
    assert "13800005566" not in shown
    assert sign_ups.sign_up_link(session) in shown
    assert [one["state"] for one in client.get(api).json()["sign_ups"]] == ["seated", "waiting"]
    approver = people.approver(session.host)
    client.force_login(approver)
    assert "乙某某" not in client.get(page).content.decode()
    assert client.get(api).json()["sign_ups"] == []
    assert client.post(act).status_code == 403
    client.force_login(people.office(people.host(people.LANGYA)))
    assert client.post(act).status_code == client.get(page).status_code == 404
    client.force_login(clerk(session.host))
    assert client.post(act).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    client.post(reverse("sessions:offer_seats", args=[session.uuid]), {"seats": "7"})
    session.refresh_from_db()
    assert session.seats == 7


def test_the_moves_by_the_api(client):
    session = make.announced()
    client.force_login(clerk(session.host))

    def move(verb, body):
        key = {"HTTP_IDEMPOTENCY_KEY": str(uuid4())}
        url = f"/api/v1/sessions/{session.uuid}/{verb}/"
        return client.post(url, json.dumps(body), content_type="application/json", **key)

    assert move("offer_seats", {"seats": 1}).json()["seats"] == 1
    assert move("offer_seats", {"seats": 501}).status_code == 400
    row = come(session).row
    answer = move("withdraw_sign_up", {"sign_up": str(row.uuid)})
    assert [one["state"] for one in answer.json()["sign_ups"]] == ["withdrawn"]


# races ----------------------------------------------------------------------------------------------------------------


def race(*jobs) -> list:
    """Every list of jobs in a thread of its own, all starting together."""
    barrier, answers = threading.Barrier(len(jobs)), []

    def work(works):
        barrier.wait()
        try:
            for one in works:
                try:
                    answers.append(one())
                except DomainError as error:
                    answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_five_hundred_sign_ups_for_thirty_seats():
    """Fifty at once, ten each, every fifth sent twice: exactly thirty seats, a waiting list in the order of coming."""
    session = offered(30)
    Account.objects.system()  # made once for all by the first who needs it
    keys = [[uuid4() for _n in range(10)] for _thread in range(50)]
    sent = [[key for n, key in enumerate(mine) for _time in range(2 if n % 5 == 0 else 1)] for mine in keys]
    jobs = [[lambda key=key: come(session, key=key) for key in mine] for mine in sent]
    answers = race(*jobs)
    assert len(answers) == 600
    assert [answer for answer in answers if not isinstance(answer, sign_ups.Place)] == []
    rows = list(session.sign_ups.order_by("position"))
    assert [row.position for row in rows] == list(range(1, 501))
    assert [row.state for row in rows] == ["seated"] * 30 + ["waiting"] * 470
    assert {row.key for row in rows} == {key for mine in keys for key in mine}
    assert by_sign_up(session).count() == 30
    new = [answer for answer in answers if answer.is_new]
    assert sorted(place.number for place in new if place.state == "seated") == list(range(1, 31))
    assert sorted(place.number for place in new if place.state == "waiting") == list(range(1, 471))
    again = {answer.row.key: (answer.state, answer.number) for answer in answers if not answer.is_new}
    assert len(again) == 100
    first = {answer.row.key: (answer.state, answer.number) for answer in new}
    assert all(first[key] == said for key, said in again.items())
    assert Entry.objects.filter(verb="session.sign_up").count() == 500
    assert list(broken_seats()) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_withdraw_at_once_move_up_two_and_one_twice_moves_up_one():
    session = offered(3)
    rows = [come(session, f"第 {n} 位").row for n in range(8)]
    actor, token = clerk(session.host), sign_ups.sign_up_token(session)
    race(
        [lambda: sign_ups.withdraw_by_link(token, key=rows[0].key)],
        [lambda: services.withdraw_sign_up(rows[0], actor=actor)],
    )
    states = list(session.sign_ups.order_by("position").values_list("state", flat=True))
    assert states == ["withdrawn", *["seated"] * 3, *["waiting"] * 4]
    race(
        [lambda: sign_ups.withdraw_by_link(token, key=rows[1].key)],
        [lambda: services.withdraw_sign_up(rows[2], actor=actor)],
    )
    states = list(session.sign_ups.order_by("position").values_list("state", flat=True))
    assert states == [*["withdrawn"] * 3, *["seated"] * 3, *["waiting"] * 2]
    assert by_sign_up(session).count() == 3
    assert list(broken_seats()) == []


def test_what_the_invariant_finds():
    session = offered(2)
    come(session)
    ConsultSession.objects.filter(pk=session.pk).update(last_sign_up=5)
    assert [text.partition(": ")[2] for text in broken_seats()] == ["1 sign-ups, the last is number 1, counted 5"]
    ConsultSession.objects.filter(pk=session.pk).update(last_sign_up=1, seats=None)
    assert [text.partition(": ")[2] for text in broken_seats()] == ["1 seated, 0 seats"]
