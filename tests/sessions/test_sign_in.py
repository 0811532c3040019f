"""签到: by QR code, by six characters, by account, by the recorder, by proxy; each once, while the session runs."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from consult.audit.models import Entry
from consult.dbclock import database_now
from consult.errors import Missing, NotAllowed, WrongState
from consult.outbox.models import Event
from consult.web.logs import WithoutTokens
from members.models import Account
from sessions import services
from sessions.models import CheckIn, ConsultSession, Participant
from sessions.services import admission as entrance
from sessions.services import sign_in, tokens, tries
from sessions.states import RECORD_WORKFLOW
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import clerk
from tests.journeys.pages import Page

pytestmark = pytest.mark.django_db

ROSTER = [
    {"category": "resident", "name": "王秀兰"},
    {"category": "resident", "name": "居民代表", "count": 8},
    {"category": "department", "organisation_name": "区住建局", "name": "股室负责人"},
]


@pytest.fixture
def session(db):
    return make.in_progress(participants=ROSTER)


def admission(session, by_code: bool = False):
    return sign_in.admit(sign_in.screen_token(session, by_code=by_code))


def come(session, name="李大伯", category="resident", **words):
    words.setdefault("key", uuid4())
    return sign_in.check_in(admission(session), name=name, category=category, **words)


def line_of(signed) -> Participant:
    return Participant.objects.get(pk=signed.participant_id)


# who ------------------------------------------------------------------------------------------------------------------


def test_whoever_types_the_name_that_was_invited_ticks_his_line(session):
    signed = come(session, " 王 秀兰 ")
    line = line_of(signed)
    assert (line.name, line.attendance, line.is_walk_in) == ("王秀兰", "present", False)
    assert line.signed_in_at == signed.at
    assert session.participants.count() == 3


def test_whoever_was_not_invited_is_added_with_his_class(session):
    line = line_of(come(session, "过路的老李", "enterprise"))
    assert (line.name, line.category, line.attendance, line.is_walk_in) == ("过路的老李", "enterprise", "present", True)


def test_a_line_of_several_people_is_ticked_by_nobody_who_types_its_name(session):
    assert line_of(come(session, "居民代表")).is_walk_in


def test_the_same_key_gives_the_same_answer_and_nothing_twice(session):
    key = uuid4()
    first, again = come(session, key=key), come(session, key=key)
    assert (first.is_new, again.is_new) == (True, False)
    assert (first.uuid, first.at, first.participant_id) == (again.uuid, again.at, again.participant_id)
    assert CheckIn.objects.count() == 1
    assert Participant.objects.filter(session=session, is_walk_in=True).count() == 1
    assert Entry.objects.filter(verb="session.sign_in").count() == 1
    assert Event.objects.filter(name="session.sign_in").count() == 1


def test_the_same_person_from_another_page_is_signed_in_once(session):
    first, again = come(session, "李大伯"), come(session, "李 大伯")
    assert first.uuid == again.uuid
    invited = [come(session, "王秀兰"), come(session, "王秀兰")]
    assert invited[0].uuid == invited[1].uuid
    assert CheckIn.objects.count() == 2


def test_two_of_the_same_name_on_the_list_have_a_line_each():
    twins = [{"category": "resident", "name": "张伟"}, {"category": "resident", "name": "张伟"}]
    session = make.in_progress(participants=twins)
    lines = {come(session, "张伟").participant_id for _n in range(3)}
    assert lines == set(session.participants.values_list("pk", flat=True))


def test_what_is_missing_is_said_at_its_field(session):
    with pytest.raises(Missing) as error:
        come(session, "  ", "nonsense")
    assert set(error.value.fields) == {"name", "category"}
    with pytest.raises(Missing) as error:
        come(session, proxy_name="儿子")
    assert set(error.value.fields) == {"proxy_reason"}


def test_somebody_comes_in_the_place_of_who_was_invited(session):
    signed = come(session, "王秀兰", proxy_name="王秀兰之子", proxy_reason="腿脚不便")
    line = line_of(signed)
    assert (signed.how, line.name, line.proxy_name) == ("proxy", "王秀兰", "王秀兰之子")
    assert CheckIn.objects.get().proxy_reason == "腿脚不便"


def test_an_account_signs_in_its_own_line_and_no_other(session):
    host = session.host
    member = people.account("member", host)
    session = make.announced(host, participants=ROSTER)
    make.invite(session, member)
    session = services.open_session(session, actor=clerk(host))
    signed = sign_in.check_in(session, actor=member, key=uuid4(), how="self")
    assert line_of(signed).account == member
    stranger = people.account("member", host)
    with pytest.raises(NotAllowed):
        sign_in.check_in(session, actor=stranger, key=uuid4(), how="self")
    added = line_of(sign_in.check_in(admission(session), actor=stranger, key=uuid4(), category="member"))
    assert (added.account, added.is_walk_in, added.name) == (stranger, True, stranger.display_name)
    again = sign_in.check_in(admission(session), actor=stranger, key=uuid4(), category="member")
    assert again.participant_id == added.pk


# when -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["planned", "announced", "held", "cancelled"])
def test_outside_the_session_nobody_signs_in(state):
    session = make.in_state(state)
    with pytest.raises(WrongState):
        come(session)
    assert not CheckIn.objects.filter(how="screen_qr").exists()


def test_who_was_signed_in_hears_so_again_after_the_close(session):
    key = uuid4()
    first = come(session, key=key)
    held = services.close_session(make.written(session), actor=clerk(session.host))
    again = sign_in.check_in(sign_in.admit(sign_in.screen_token(held)), key=key, name="李大伯", category="resident")
    assert again.uuid == first.uuid
    with pytest.raises(WrongState):
        come(held)


def token_aged(session, seconds: int) -> str:
    return sign_in.screen_token(session, now=database_now() - timedelta(seconds=seconds))


def test_a_code_of_the_screen_lives_three_minutes(session):
    for seconds in (0, 100):
        sign_in.check_in(
            sign_in.admit(token_aged(session, seconds)), key=uuid4(), name=f"甲{seconds}", category="other"
        )
    with pytest.raises(sign_in.Expired):
        sign_in.check_in(sign_in.admit(token_aged(session, 241)), key=uuid4(), name="乙", category="other")


def test_whoever_opened_it_in_time_may_fill_in_the_form(session):
    now = database_now()
    minute = timedelta(minutes=1)
    good = sign_in.admit(sign_in.ticket_for(admission(session), now - 14 * minute))
    assert sign_in.check_in(good, key=uuid4(), name="慢慢来", category="resident").is_new
    late = sign_in.admit(sign_in.ticket_for(admission(session), now - 16 * minute))
    with pytest.raises(sign_in.Expired):
        sign_in.check_in(late, key=uuid4(), name="太慢了", category="resident")


def test_a_token_of_tomorrow_was_not_made_by_us_today(session):
    ahead = sign_in.screen_token(session, now=database_now() + timedelta(minutes=5))
    with pytest.raises(sign_in.Expired):
        sign_in.check_in(sign_in.admit(ahead), key=uuid4(), name="甲", category="other")


def test_a_token_with_another_letter_opens_nothing(session):
    token = sign_in.screen_token(session)
    for place in (0, 10, 30, len(token) - 1):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(sign_in.NotOurs):
            sign_in.admit(other)
    with pytest.raises(sign_in.NotOurs):
        sign_in.admit(tokens.seal("slip", session.uuid, 1, 1))


def test_the_link_is_the_same_for_a_minute_and_bears_no_name(session):
    noon = timezone.now().replace(second=0, microsecond=0)
    first, same, next_one = (
        sign_in.screen_token(session, now=noon + timedelta(seconds=seconds)) for seconds in (0, 59, 60)
    )
    assert first == same != next_one
    assert sign_in.screen_link(session).startswith("/s/")


# six characters -------------------------------------------------------------------------------------------------------


def test_the_code_has_no_characters_that_are_taken_for_one_another(session):
    assert len(session.sign_in_code) == 6
    assert not set(entrance.ALPHABET) & set("0O1IL2Z5S8BUVQG")
    assert sign_in.sign_in_code(session) == session.sign_in_code
    assert (
        sign_in.find_by_code(f" {session.sign_in_code.lower()[:3]} {session.sign_in_code[3:]}", caller="a") == session
    )


def test_a_code_belongs_to_one_running_session(session, monkeypatch):
    other = make.announced(session.host)
    taken = iter([*session.sign_in_code, *"ACDEFH"])
    monkeypatch.setattr(entrance.secrets, "choice", lambda _letters: next(taken))
    other = services.open_session(other, actor=clerk(session.host))
    assert other.sign_in_code == "ACDEFH"


def test_wrong_codes_are_counted_and_then_refused_even_when_right(session):
    for _n in range(entrance.WRONG_CODES):
        with pytest.raises(sign_in.NoSuchCode):
            sign_in.find_by_code("AAAAAA" if session.sign_in_code != "AAAAAA" else "CCCCCC", caller="203.0.113.9")
    with pytest.raises(tries.TooOften):
        sign_in.find_by_code(session.sign_in_code, caller="203.0.113.9")
    assert sign_in.find_by_code(session.sign_in_code, caller="203.0.113.10") == session


def test_the_code_of_a_session_that_is_over_opens_nothing(session):
    services.close_session(make.written(session), actor=clerk(session.host))
    with pytest.raises(sign_in.NoSuchCode):
        sign_in.find_by_code(session.sign_in_code, caller="a")


# the recorder ---------------------------------------------------------------------------------------------------------


def test_the_recorder_marks_takes_back_and_marks_again(session):
    actor, line = clerk(session.host), session.participants.get(name="王秀兰")
    services.mark_attendance(line, "present", actor=actor)
    services.mark_attendance(line, "", actor=actor)
    line.refresh_from_db()
    assert (line.attendance, line.signed_in_at) == ("", None)
    services.mark_attendance(line, "present", actor=actor)
    assert [row.taken_back_at is None for row in CheckIn.objects.filter(participant=line)] == [False, True]
    assert {row.how for row in CheckIn.objects.filter(participant=line)} == {"recorder"}


def test_a_proxy_needs_name_and_reason(session):
    actor, line = clerk(session.host), session.participants.get(name="王秀兰")
    with pytest.raises(Missing) as error:
        services.mark_attendance(line, "present", actor=actor, proxy_name="其子")
    assert set(error.value.fields) == {"proxy_reason"}
    services.mark_attendance(line, "present", actor=actor, proxy_name="其子", proxy_reason="住院")
    row = CheckIn.objects.get(participant=line)
    assert (row.how, row.proxy_name, row.proxy_reason) == ("proxy", "其子", "住院")
    services.mark_attendance(line, "excused", actor=actor)
    line.refresh_from_db()
    assert (line.attendance, line.proxy_name) == ("excused", "")


def test_check_in_for_a_line_is_the_recorders_and_safe_to_send_again(session):
    actor, line = clerk(session.host), session.participants.get(name="王秀兰")
    key = uuid4()
    first = sign_in.check_in(session, actor=actor, key=key, how="recorder", participant=line)
    again = sign_in.check_in(session, actor=actor, key=key, how="recorder", participant=line)
    assert first.uuid == again.uuid
    with pytest.raises(NotAllowed):
        sign_in.check_in(
            session, actor=people.account("member", session.host), key=uuid4(), how="recorder", participant=line
        )


def test_a_walk_in_who_was_taken_back_never_was(session):
    actor, session = clerk(session.host), make.written(session)
    line = line_of(come(session, "闹着玩的"))
    assert sign_in.present_total(session) == 11
    services.mark_attendance(line, "", actor=actor)
    assert sign_in.present_total(session) == 10
    assert "闹着玩的" not in services.assemble(services.close_session(session, actor=actor))


def test_who_left_early_and_came_back(session):
    actor, line = clerk(session.host), line_of(come(session, "王秀兰"))
    line = services.mark_left(line, actor=actor)
    assert line.left_at >= line.signed_in_at
    assert services.mark_left(line, actor=actor).left_at == line.left_at
    assert services.mark_left(line, actor=actor, back=True).left_at is None
    with pytest.raises(Missing):
        services.mark_left(session.participants.get(organisation_name="区住建局"), actor=actor)


# doors ----------------------------------------------------------------------------------------------------------------


def test_the_page_works_without_account_cookie_and_script(client, session):
    url = sign_in.screen_link(session)
    page = client.get(url)
    assert page.status_code == 200
    assert not page.cookies
    text = page.content.decode()
    assert session.title in text
    assert "王秀兰" not in text
    form = page_form(text)
    answer = client.post(url, {**form, "name": "王秀兰", "category": "resident"})
    assert answer.status_code == 302
    done = client.get(answer["Location"])
    assert "已签到" in done.content.decode()
    assert "王秀兰" not in done.content.decode()
    assert client.post(url, {**form, "name": "王秀兰", "category": "resident"})["Location"] == answer["Location"]
    assert CheckIn.objects.get().how == "screen_qr"


def page_form(text: str) -> dict[str, str]:
    form = Page(text).form("name")
    return dict(form.filled(name="x"))


def test_a_form_for_one_session_signs_in_to_no_other(client, session):
    other = make.in_progress(session.host)
    form = page_form(client.get(sign_in.screen_link(session)).content.decode())
    answer = client.post(sign_in.screen_link(other), {**form, "name": "甲", "category": "resident"})
    assert answer.status_code == 404
    assert CheckIn.objects.count() == 0


def test_pages_of_refusal_say_why(client, session):
    late = reverse("sign_in:open", args=[token_aged(session, 300)])
    assert client.get(late).status_code == 410
    assert client.get("/s/nonsense/").status_code == 404
    url = sign_in.screen_link(session)
    form = page_form(client.get(url).content.decode())
    assert client.post(url, {**form, "name": "", "category": "resident"}).status_code == 422
    services.close_session(make.written(session), actor=clerk(session.host))
    answer = client.post(url, {**form, "name": "在家的人", "category": "resident"})
    assert answer.status_code == 409
    assert "签到" in answer.content.decode()
    assert client.get(url).status_code == 409


def test_no_token_stands_in_the_log(client, session, caplog):
    caplog.handler.addFilter(WithoutTokens())
    late = token_aged(session, 300)
    client.get(reverse("sign_in:open", args=[late]))
    client.get(f"/r/{late}/")
    client.get(f"/calendar/{late}.ics")
    assert late not in caplog.text
    assert len(caplog.records) >= 3


def test_the_code_page_leads_to_the_form(client, session):
    assert client.get("/s/").status_code == 200
    answer = client.post("/s/", {"code": session.sign_in_code})
    assert answer.status_code == 302
    form = page_form(client.get(answer["Location"]).content.decode())
    client.post(answer["Location"], {**form, "name": "甲", "category": "other"})
    assert CheckIn.objects.get().how == "code"
    assert client.post("/s/", {"code": "AAAAAA"}).status_code == 404
    assert client.post("/s/", {"code": ""}).status_code == 422


def test_one_tap_with_an_account(client, session):
    host = session.host
    member = people.account("member", host)
    session = make.announced(host)
    make.invite(session, member)
    session = services.open_session(session, actor=clerk(host))
    client.force_login(member)
    url = sign_in.screen_link(session)
    text = client.get(url).content.decode()
    assert member.display_name in text
    form = page_form(text)
    answer = client.post(f"{url}me/", {"ticket": form["ticket"], "key": str(uuid4())})
    assert answer.status_code == 302
    assert session.participants.get(account=member).attendance == "present"
    assert CheckIn.objects.get().by == member
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(member)
    assert strict.post(f"{url}me/", {"ticket": form["ticket"], "key": str(uuid4())}).status_code == 403


def post_json(client, **said):
    return client.post("/s/check-in/", json.dumps(said), content_type="application/json")


def test_the_same_as_json(client, session):
    token = sign_in.screen_token(session)
    said = {"token": token, "key": str(uuid4()), "name": "甲", "category": "other", "claimed_at": "2023-01-01T09:00"}
    first, again = post_json(client, **said), post_json(client, **said)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["state"] == "present"
    assert CheckIn.objects.get().claimed_at.year == 2023
    assert abs(CheckIn.objects.get().at - timezone.now()) < timedelta(minutes=1)
    by_code = {"code": session.sign_in_code, "key": str(uuid4()), "name": "乙", "category": "other"}
    assert post_json(client, **by_code).json()["how"] == "code"
    services.close_session(make.written(session), actor=clerk(session.host))
    assert post_json(client, **by_code).status_code == 200
    assert post_json(client, **{**by_code, "key": str(uuid4())}).status_code == 404


def test_bad_json_is_answered_with_a_sentence(client, session):
    token = sign_in.screen_token(session)
    good = {"token": token, "key": str(uuid4()), "name": "甲", "category": "other"}
    for said in (
        {**good, "key": "x"},
        {**good, "category": "king"},
        {**good, "name": ""},
        {**good, "name": "a\u202eb"},
        {**good, "name": "甲" * 61},
        {**good, "attendance": "present"},
        {**good, "name": 5},
        {"key": str(uuid4()), "name": "甲", "category": "other"},
    ):
        answer = post_json(client, **said)
        assert (answer.status_code, bool(answer.json()["detail"])) == (400, True), said
    for body in (b"", b"[]", b"{", b"\xff\xfe", b"{" * 5000):
        answer = client.post("/s/check-in/", body, content_type="application/json")
        assert answer.status_code == 400
    assert post_json(client, **{**good, "token": "x" * 48}).status_code == 404
    assert client.post("/s/check-in/", good).status_code == 400  # as a form
    assert client.post("/s/check-in/", good, headers={"Content-Length": "nonsense"}).status_code == 400
    assert client.get("/s/check-in/").status_code == 405
    assert CheckIn.objects.count() == 0


def test_the_api_for_accounts(client, session):
    host = session.host
    member = people.account("member", host)
    session = make.announced(host)
    make.invite(session, member)
    session = services.open_session(session, actor=clerk(host))
    client.force_login(member)
    url = f"/api/v1/sessions/{session.uuid}/sign_in/"
    assert "sign_in" in client.get(f"/api/v1/sessions/{session.uuid}/").json()["actions"]
    other = make.in_progress(host)
    wrong = client.post(url, {"key": str(uuid4()), "token": sign_in.screen_token(other)}, "application/json")
    assert (wrong.status_code, set(wrong.json()["fields"])) == (400, {"token"})
    said = {"key": str(uuid4()), "token": sign_in.screen_token(session)}
    assert client.post(url, said, "application/json").status_code == 200
    assert client.post(url, said, "application/json").status_code == 200
    row = CheckIn.objects.get()
    assert (row.how, row.by, row.participant.account) == ("screen_qr", member, member)
    assert (
        client.post(f"/api/v1/sessions/{other.uuid}/sign_in/", {"key": str(uuid4())}, "application/json").status_code
        == 404
    )


ROLES = [
    "office",
    "approver",
    "convenor",
    "supervision_office",
    "group_leader",
    "member",
    "village_liaison",
    "registrar",
]


@pytest.mark.parametrize("role", ROLES)
def test_of_accounts_only_who_is_on_the_list_signs_in_without_the_code(role):
    host = people.host()
    session = make.announced(host)
    invited, other = people.account(role, host), people.account(role, host)
    make.invite(session, invited)
    session = services.open_session(session, actor=clerk(host))
    line = session.participants.get(account=invited)
    assert invited.has_perm(RECORD_WORKFLOW.perm("sign_in"), line)
    assert not other.has_perm(RECORD_WORKFLOW.perm("sign_in"), line)
    assert sign_in.check_in(session, actor=invited, key=uuid4(), how="self").is_new
    with pytest.raises(NotAllowed):
        sign_in.check_in(session, actor=other, key=uuid4(), how="self")


def addresses(session, line):
    return {
        "sessions:sign_in": (session.uuid,),
        "sessions:leave": (session.uuid, line.uuid),
        "sessions:proxy": (session.uuid, line.uuid),
        "sessions:invite_class": (session.uuid,),
        "sessions:invite_suggested": (session.uuid,),
        "sessions:renew_slip": (session.uuid, line.uuid),
    }


def test_who_does_not_see_the_session_finds_no_door(client, session):
    line = session.participants.first()
    member = people.account("member", session.host)
    for name, words in addresses(session, line).items():
        url = reverse(name, args=words)
        client.logout()
        assert client.post(url).status_code == 302, name
        for stranger in (clerk(people.host(people.LANGYA)), member):
            client.force_login(stranger)
            assert client.post(url).status_code == 404, name
    assert CheckIn.objects.count() == 0


def test_proxy_and_leaving_on_the_desk(client, session):
    client.force_login(clerk(session.host))
    line = session.participants.get(name="王秀兰")
    proxy = reverse("sessions:proxy", args=[session.uuid, line.uuid])
    assert client.get(proxy).status_code == 200
    assert client.post(proxy, {"proxy_name": "其子"}).status_code == 422
    assert client.post(proxy, {"proxy_name": "其子", "proxy_reason": "住院"}).status_code == 302
    leave = reverse("sessions:leave", args=[session.uuid, line.uuid])
    client.post(leave, {"do": "leave"})
    line.refresh_from_db()
    assert (line.proxy_name, line.left_at is not None) == ("其子", True)
    text = client.get(reverse("sessions:record", args=[session.uuid])).content.decode()
    assert "由其子代" in text
    assert session.sign_in_code in text
    client.post(leave, {"do": "back"})
    line.refresh_from_db()
    assert line.left_at is None


def test_of_people_listed_together_who_scanned_is_not_counted_once_more(client, session):
    for name in ("三单元老周", "五单元小陈"):
        come(session, name)
    client.force_login(clerk(session.host))
    text = client.get(reverse("sessions:record", args=[session.uuid])).content.decode()
    line = session.participants.get(name="居民代表")
    assert f'id="came-{line.uuid}" name="came" inputmode="numeric" value="8"' in text
    assert "已自己签到 2 人" in text
    assert sign_in.present_total(session) == 2
    services.mark_attendance(line, "present", actor=clerk(session.host), came=7)
    assert sign_in.present_total(session) == 7


@pytest.mark.parametrize("minutes", [-600, 10, 600])
def test_the_clock_of_a_web_server_decides_nothing(session, monkeypatch, minutes):
    token = sign_in.screen_token(session)
    away = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(timezone, "now", lambda: away)
    signed = sign_in.check_in(sign_in.admit(token), key=uuid4(), name="甲", category="other")
    assert abs(signed.at - away) > timedelta(minutes=5)
    assert sign_in.screen_token(session) in (token, sign_in.screen_token(session))


# one at a time and all at once ----------------------------------------------------------------------------------------


def race(*works):
    """Each in a thread of its own with a connection of its own; an exception is an answer."""
    answers = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(n):
        try:
            barrier.wait(20)
            answers[n] = works[n]()
        except Exception as error:
            answers[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.mark.django_db(transaction=True)
def test_twenty_phones_with_one_key_and_twenty_with_one_name():
    session = make.in_progress(participants=ROSTER)
    key, pass_ = uuid4(), admission(session)
    answers = race(*[lambda: sign_in.check_in(pass_, key=key, name="王秀兰", category="resident")] * 20)
    assert len({answer.uuid for answer in answers}) == 1
    answers = race(*[lambda: sign_in.check_in(pass_, key=uuid4(), name="老李", category="village")] * 20)
    assert len({answer.uuid for answer in answers}) == 1
    assert CheckIn.objects.count() == 2
    assert session.participants.filter(attendance="present").count() == 2


@pytest.mark.django_db(transaction=True)
def test_signing_in_waits_for_nobody_else_who_signs_in():
    session = make.in_progress(participants=ROSTER)
    pass_ = admission(session)
    Account.objects.system()  # made once for all by the first who needs it
    with transaction.atomic():
        sign_in.check_in(pass_, key=uuid4(), name="慢的人", category="other")  # holds its locks
        (answer,) = race(lambda: sign_in.check_in(pass_, key=uuid4(), name="快的人", category="other"))
        assert answer.is_new


@pytest.mark.django_db(transaction=True)
def test_closing_and_signing_in_at_once_never_leave_somebody_behind_a_closed_roster():
    session = make.written(make.in_progress(participants=ROSTER))
    actor, pass_ = clerk(session.host), admission(session)
    works = [lambda n=n: sign_in.check_in(pass_, key=uuid4(), name=f"第 {n} 位", category="other") for n in range(12)]
    answers = race(*works[:6], lambda: services.close_session(session, actor=actor), *works[6:])
    came = [answer for answer in answers if isinstance(answer, sign_in.SignedIn)]
    assert all(isinstance(answer, sign_in.SignedIn | WrongState | ConsultSession) for answer in answers), answers
    closed_at = Entry.objects.get(verb="session.close").pk
    assert Entry.objects.filter(verb="session.sign_in", pk__gt=closed_at).count() == 0
    assert session.participants.filter(is_walk_in=True, attendance="present").count() == len(came)
