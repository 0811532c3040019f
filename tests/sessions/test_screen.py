"""投屏: who has the code sees the hall's screen and nobody's name; what has not changed costs nothing."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.errors import NotAllowed, WrongState
from sessions import services
from sessions.models import ConsultSession, LiveScreen
from sessions.services import pulse
from sessions.services.screen import numeral
from sessions.views import screen as views
from tests.factories import people
from tests.factories import sessions as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Each test asks the database at once; the half second is a matter of its own test."""
    pulse.forget_all()
    monkeypatch.setattr(pulse, "FRESH", 0.0)
    yield
    pulse.forget_all()


def shown(session=None) -> tuple[ConsultSession, str]:
    session = session or make.in_progress()
    return session, services.issue_screen(session, actor=make.clerk(session.host)).code


def look(client, code, etag=""):
    headers = {"If-None-Match": etag} if etag else {}
    return client.get(reverse("live:now", args=[code]), headers=headers)


# the code -------------------------------------------------------------------------------------------------------------


def test_the_code_has_six_figures_and_stays_until_a_new_one_is_wanted():
    session, code = shown()
    assert re.fullmatch(r"[0-9]{6}", code)
    office = make.clerk(session.host)
    assert services.issue_screen(session, actor=office).code == code
    renewed = services.issue_screen(session, actor=office, renew=True).code
    assert renewed != code and services.beat_of(code) is None and services.beat_of(renewed) is not None


def test_who_prepares_or_keeps_the_record_gets_a_code():
    session = make.announced()
    for role in ("member", "village_liaison", "supervisor", "approver"):
        with pytest.raises(NotAllowed):
            services.issue_screen(session, actor=people.account(role, session.host))
    assert services.issue_screen(session, actor=people.account("convenor", session.host)).code
    with pytest.raises(WrongState):
        services.issue_screen(make.held(), actor=make.clerk(session.host))


def test_the_code_opens_the_screen_only_around_the_session(client):
    session, code = shown(make.announced())
    url = reverse("live:screen", args=[code])
    rows = ConsultSession.objects.filter(pk=session.pk)
    now = timezone.now()
    for starts_at, status in ((now + timedelta(hours=4), 404), (now + timedelta(hours=2), 200)):
        rows.update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
        assert client.get(url).status_code == status
    session = make.written(services.open_session(rows.get(), actor=make.clerk(session.host)))
    assert client.get(url).status_code == 200
    services.close_session(session, actor=make.clerk(session.host))
    assert client.get(url).status_code == 200
    rows.update(held_at=now - timedelta(minutes=61))
    assert client.get(url).status_code == 404
    assert look(client, code).status_code == 404


def test_a_cancelled_session_has_no_screen(client):
    session, code = shown()
    services.cancel_session(session, actor=make.clerk(session.host), reason="大雨")
    assert client.get(reverse("live:screen", args=[code])).status_code == 404


def test_whoever_tries_codes_out_is_stopped_and_the_hall_is_not(client):
    _session, code = shown()
    hall = Client()
    assert hall.get(reverse("live:screen", args=[code])).status_code == 200
    wrong = "000000" if code != "000000" else "111111"
    tried = [client.get(reverse("live:screen", args=[wrong])).status_code for _n in range(12)]
    assert tried == [404] * 10 + [429] * 2
    # From the same address the right code opens nothing either, or guessing would go on.
    assert client.get(reverse("live:screen", args=[code])).status_code == 429
    assert look(client, code).status_code == 429
    # Who had the code before sees on.
    assert hall.get(reverse("live:screen", args=[code])).status_code == 200
    assert look(hall, code).status_code == 200
    # A guessed version does not answer for a code either.
    assert look(client, code, '"0123456789abcdef"').status_code == 429


def test_the_short_address_asks_for_the_code(client):
    _session, code = shown()
    url = reverse("live:ask")
    assert client.get(url).status_code == 200
    assert client.post(url, {"code": "12"}).status_code == 422
    response = client.post(url, {"code": f" {code[:3]} {code[3:]}"})
    assert (response.status_code, response.headers["Location"]) == (302, reverse("live:screen", args=[code]))
    assert client.get(f"/live/{code}1/").status_code == 404


def test_the_staff_page_shows_the_code_to_whoever_may(client):
    session = make.in_progress()
    url = reverse("sessions:screen", args=[session.uuid])
    client.force_login(make.clerk(session.host))
    assert client.get(url).status_code == 200
    client.post(reverse("sessions:screen_issue", args=[session.uuid]), {})
    assert LiveScreen.objects.get().code in client.get(url).content.decode()
    client.force_login(people.approver(session.host))
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


# what it shows --------------------------------------------------------------------------------------------------------


def test_no_resident_stands_there_by_name(client):
    roster = [
        {"category": "resident", "name": "王秀英"},
        {"category": "resident", "name": "李老四"},
        {"category": "member", "name": "赵委员", "title": "县政协委员"},
        {"category": "department", "organisation_name": "县住建局", "name": "钱科长"},
    ]
    session, code = shown(make.in_progress(participants=roster))
    office = make.clerk(session.host)
    first, second, member, department = session.participants.all()
    for line in (first, second, member):
        services.mark_attendance(line, "present", actor=office)
    services.add_statement(session, participant=first, text="王秀英说的话", actor=office)
    services.ask_to_speak(second, actor=office)
    services.ask_to_speak(department, actor=office)
    services.give_floor(first, actor=office)
    point = services.agree_point(session, None, "下月十五号前开门", actor=office, unit_name="县住建局")
    services.keep_dissent(session, None, "水电费再核", "李老四", actor=office, point=point)
    page = client.get(reverse("live:screen", args=[code])).content.decode()
    for words in ("群众（一）", "群众（二）", "县住建局", "下月十五号前开门", "水电费再核"):
        assert words in page, words
    for words in ("王秀英", "李老四", "钱科长", "赵委员", "王秀英说的话"):
        assert words not in page, words
    assert "3</b> / 4" in page
    services.close_session(session, actor=office)
    over = look(client, code).content.decode()
    assert "谢谢大家" in over and "下月十五号前开门" in over and "王秀英" not in over


def test_numbers_of_representatives_are_counted_in_words():
    counted = [numeral(n) for n in (1, 9, 10, 11, 20, 42, 99, 100)]
    assert counted == ["一", "九", "十", "十一", "二十", "四十二", "九十九", "100"]


def test_what_the_page_sends_with_it(client):
    _session, code = shown()
    page = client.get(reverse("live:screen", args=[code]))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "sessionid" not in page.cookies and page.cookies["screen"]["httponly"]
    assert page.cookies["screen"]["path"] == "/live/"


# what has not changed -------------------------------------------------------------------------------------------------


def test_what_has_not_changed_is_304_and_a_change_is_200(client):
    session, code = shown()
    first = look(client, code)
    etag = first.headers["ETag"]
    assert (first.status_code, look(client, code, etag).status_code) == (200, 304)
    services.agree_point(session, None, "开门", actor=make.clerk(session.host))
    changed = look(client, code, etag)
    assert (changed.status_code, "开门" in changed.content.decode()) == (200, True)
    assert changed.headers["ETag"] != etag
    assert look(client, code, changed.headers["ETag"]).status_code == 304


def test_unchanged_it_asks_neither_database_nor_template(client, monkeypatch):
    session, code = shown()
    etag = look(client, code).headers["ETag"]
    monkeypatch.setattr(pulse, "FRESH", 60.0)
    monkeypatch.setattr(views, "render_to_string", None)
    with CaptureQueriesContext(connection) as asked:
        for _n in range(5):
            response = look(client, code, etag)
            assert response.status_code == 304
    assert len(asked) == 0
    assert set(response.headers) == {"ETag", "X-Now"}
    assert response.content == b""
    services.agree_point(session, None, "开门", actor=make.clerk(session.host))
    assert look(client, code, etag).status_code == 304  # for half a second, here a minute


def test_a_version_is_asked_for_by_one_query_and_drawn_once(client, monkeypatch):
    session, code = shown()
    etag = look(client, code).headers["ETag"]
    with CaptureQueriesContext(connection) as asked:
        assert look(client, code, etag).status_code == 304
    assert len(asked) == 1
    services.agree_point(session, None, "开门", actor=make.clerk(session.host))
    drawn = []
    real = views.render_to_string
    monkeypatch.setattr(views, "render_to_string", lambda *a, **k: drawn.append(a) or real(*a, **k))
    for _n in range(4):
        assert look(Client(), code, etag).status_code == 200
    assert len(drawn) == 1


def test_half_a_second_later_it_is_asked_anew(client, monkeypatch):
    monkeypatch.setattr(pulse, "FRESH", 0.2)
    session, code = shown()
    etag = look(client, code).headers["ETag"]
    services.agree_point(session, None, "开门", actor=make.clerk(session.host))
    time.sleep(0.25)
    assert look(client, code, etag).status_code == 200


def test_the_tag_cannot_be_guessed_and_differs_by_code():
    session, code = shown()
    first = services.beat_of(code).etag
    renewed = services.issue_screen(session, actor=make.clerk(session.host), renew=True).code
    assert re.fullmatch(r'"[0-9a-f]{24}"', first)
    assert services.beat_of(renewed).etag != first


def test_without_a_database_the_screen_waits(client, monkeypatch):
    _session, code = shown()
    etag = look(client, code).headers["ETag"]

    def gone(*args):
        raise OperationalError("gone")

    monkeypatch.setattr(pulse, "_ask", gone)
    response = look(client, code, etag)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "3")
