"""ICS: what a calendar client reads; the feed is its owner's, and opens nothing once renewed."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from sessions import services
from sessions.services import calendar
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import clerk

pytestmark = pytest.mark.django_db

HARD = "搬迁；选址, 分号; 反斜杠\\ 与“引号”"


def lines_of(body: bytes) -> list[str]:
    """Content lines unfolded by hand (RFC 5545 3.1), by no library."""
    text = body.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    return re.sub("\r\n[ \t]", "", text).split("\r\n")[:-1]


def values(body: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    inside = ""
    for line in lines_of(body):
        if line.startswith("BEGIN:"):
            inside = line[6:]
        elif inside == "VEVENT" and not line.startswith("END"):
            name, _colon, value = line.partition(":")
            found[name] = value
        elif inside == "VCALENDAR":
            name, _colon, value = line.partition(":")
            found[f"calendar {name}"] = value
    return found


def test_one_session_as_a_file():
    session = make.announced(title=HARD, place="三号楼前的院坝，大槐树下")
    body = calendar.invitation(session)
    found = values(body)
    begins = session.starts_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert found["UID"] == f"{session.uuid}@consult"
    assert found["DTSTART;TZID=Asia/Shanghai"] == f"{begins:%Y%m%dT%H%M%S}"
    assert found["STATUS"] == "CONFIRMED"
    assert found["SEQUENCE"] == "0"
    assert found["SUMMARY"] == HARD.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert (found["calendar VERSION"], found["calendar METHOD"]) == ("2.0", "PUBLISH")
    assert "BEGIN:VTIMEZONE" in lines_of(body)
    event = next(iter(Calendar.from_ical(body).walk("VEVENT")))
    assert str(event["SUMMARY"]) == HARD
    assert event.decoded("DTSTART") == session.starts_at
    assert event.decoded("DTEND") == session.ends_at


def test_a_changed_postponed_and_cancelled_session_replaces_its_entry():
    session = make.announced()
    actor = clerk(session.host)
    sequence = [int(values(calendar.invitation(session))["SEQUENCE"])]
    session = services.change_plan(session, actor=actor, title="换了题目")
    sequence.append(int(values(calendar.invitation(session))["SEQUENCE"]))
    session = services.postpone_session(
        session, actor=actor, starts_at=make.soon(96), ends_at=make.soon(98), reason="下雨"
    )
    found = values(calendar.invitation(session))
    sequence.append(int(found["SEQUENCE"]))
    assert found["STATUS"] == "TENTATIVE"
    session = services.cancel_session(session, actor=actor, reason="不开了")
    found = values(calendar.invitation(session))
    sequence.append(int(found["SEQUENCE"]))
    assert found["STATUS"] == "CANCELLED"
    assert sequence == sorted(set(sequence))


def test_no_name_of_a_person_stands_in_the_file():
    session = make.announced(participants=[{"category": "resident", "name": "王秀兰"}], moderator_name="张主持")
    text = calendar.invitation(session).decode().replace("\r\n ", "")
    assert "王秀兰" not in text
    assert "张主持" not in text


def test_the_file_is_for_who_sees_the_session(client):
    session = make.announced()
    url = reverse("sessions:invitation_file", args=[session.uuid])
    assert client.get(url).status_code == 302
    client.force_login(clerk(people.host(people.LANGYA)))
    assert client.get(url).status_code == 404
    client.force_login(clerk(session.host))
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Content-Disposition"] == 'attachment; filename="invitation.ics"'


def test_the_feed_holds_what_its_owner_sees_and_nothing_else(client):
    host = people.host()
    mine, others = make.announced(host, title="请我的会"), make.announced(host, title="别人的会")
    elsewhere = make.announced(people.host(people.LANGYA), title="邻县的会")
    member = people.account("member", host)
    make.invite(mine, member)
    link = calendar.feed_link(calendar.renew_feed(member))
    text = client.get(link).content.decode().replace("\r\n ", "")
    assert mine.title in text
    assert others.title not in text
    assert elsewhere.title not in text
    office = calendar.feed_link(calendar.renew_feed(clerk(host)))
    text = client.get(office).content.decode().replace("\r\n ", "")
    assert mine.title in text
    assert others.title in text
    assert elsewhere.title not in text
    services.cancel_session(mine, actor=clerk(host), reason="不开了")
    assert "STATUS:CANCELLED" in client.get(link).content.decode()


def test_a_renewed_or_revoked_address_opens_nothing(client):
    member = people.account("member", people.host())
    old = calendar.feed_link(calendar.renew_feed(member))
    new = calendar.feed_link(calendar.renew_feed(member))
    assert old != new
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    calendar.revoke_feed(member)
    assert client.get(new).status_code == 404
    again = calendar.feed_link(calendar.renew_feed(member))
    assert client.get(again).status_code == 200
    assert again not in (old, new)
    member.is_active = False
    member.save()
    assert client.get(again).status_code == 404
    assert client.get("/calendar/nonsense.ics").status_code == 404


def test_a_feed_that_did_not_change_is_not_sent_again(client):
    member = people.account("member", people.host())
    link = calendar.feed_link(calendar.renew_feed(member))
    first = client.get(link)
    again = client.get(link, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-cache" in first["Cache-Control"]


def test_its_owner_makes_renews_and_switches_off(client):
    url = reverse("sessions:calendar")
    assert client.get(url).status_code == 302
    member = people.account("member", people.host())
    client.force_login(member)
    assert "/calendar/" not in client.get(url).content.decode().replace("/sessions/calendar/", "")
    client.post(url, {"do": "renew"})
    link = calendar.feed_link(calendar.feed_of(member))
    page = client.get(url)
    assert link in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    client.post(url, {"do": "off"})
    assert client.get(link).status_code == 404
    assert link not in client.get(url).content.decode()


def test_a_year_of_sessions_is_a_few_queries(client, django_assert_max_num_queries):
    host = people.host()
    for n in range(4):
        make.announced(host, starts_at=make.soon(48 + n * 24))
    link = calendar.feed_link(calendar.renew_feed(clerk(host)))
    with django_assert_max_num_queries(4):
        body = client.get(link).content
    assert body.count(b"BEGIN:VEVENT") == 4


def test_entries_end_after_they_begin():
    session = make.announced(starts_at=make.soon(30), ends_at=make.soon(30) + timedelta(minutes=45))
    event = next(iter(Calendar.from_ical(calendar.invitation(session)).walk("VEVENT")))
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=45)
