"""ICS for who is on the list: asked of him, to be answered, replaced by each change and taken back when called off."""

from __future__ import annotations

import pytest
from django.urls import reverse
from icalendar import Calendar

from sessions import services
from sessions.services import calendar, slips
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import clerk
from tests.sessions.test_calendar import lines_of, values

pytestmark = pytest.mark.django_db

ROSTER = [
    {"category": "resident", "name": "王秀兰"},
    {"category": "resident", "name": "居民代表", "count": 8},
    {"category": "department", "organisation_name": "区住建局", "name": '股室“负责人"、副职；兼，办公室'},
]
REQUIRED = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "ORGANIZER", "ATTENDEE", "STATUS")


def line(session, name):
    return session.participants.get(name=name)


def entry(body: bytes):
    """As the library reads it, and the method of the whole."""
    found = Calendar.from_ical(body)
    (event,) = found.walk("VEVENT")
    assert found.errors == []
    assert event.errors == []
    assert all(name in event for name in REQUIRED)
    return str(found["METHOD"]), event


def test_it_is_asked_of_one_by_the_cppcc_and_to_be_answered():
    session = make.announced(participants=ROSTER)
    him = line(session, "王秀兰")
    method, event = entry(calendar.invitation(session, him))
    attendee = event["ATTENDEE"]
    assert (method, str(attendee)) == ("REQUEST", f"urn:uuid:{him.uuid}")
    assert dict(attendee.params) == {
        "CN": "王秀兰",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert event["ORGANIZER"].startswith("mailto:")
    assert event["ORGANIZER"].params["CN"] == session.host.name
    assert lines_of(calendar.invitation(session, him))[0] == "BEGIN:VCALENDAR"  # CRLF, at most 75 bytes a line


def test_an_account_is_reached_by_its_mail_and_no_number_stands_there():
    host = people.host()
    member = people.account("member", host, email="zhou@example.org", phone="13800005566")
    session = make.announced(host, participants=ROSTER)
    own = make.invite(session, member)
    services.mend_line(line(session, "王秀兰"), actor=clerk(host), phone="13900001234")
    body = calendar.invitation(session, own)
    assert str(entry(body)[1]["ATTENDEE"]) == "mailto:zhou@example.org"
    for one in session.participants.all():
        text = calendar.invitation(session, one).decode().replace("\r\n ", "")
        assert "138000" not in text
        assert "139000" not in text
        others = {other.name for other in session.participants.all()} - {one.name}
        assert not [name for name in others if name in text]


def test_a_group_and_hard_words_are_read_back_as_they_were():
    session = make.announced(participants=ROSTER)
    assert entry(calendar.invitation(session, line(session, "居民代表")))[1]["ATTENDEE"].params["CUTYPE"] == "GROUP"
    hard = session.participants.get(category="department")
    body = calendar.invitation(session, hard)
    lines_of(body)
    name = entry(body)[1]["ATTENDEE"].params["CN"]
    assert name.replace("'", '"') == hard.name


def test_what_was_replied_stands_in_it():
    session = make.announced(participants=ROSTER)
    him = line(session, "王秀兰")
    for reply, reason, status in (("attending", "", "ACCEPTED"), ("excused", "去县城", "DECLINED")):
        him = services.reply_invitation(him, actor=clerk(session.host), reply=reply, reason=reason)
        attendee = entry(calendar.invitation(session, him))[1]["ATTENDEE"]
        assert (attendee.params["PARTSTAT"], attendee.params["RSVP"]) == (status, "FALSE")
        assert "去县城" not in calendar.invitation(session, him).decode()


def test_each_change_is_later_under_the_same_uid_and_calling_off_takes_it_back():
    session = make.announced(participants=ROSTER)
    actor, him = clerk(session.host), line(session, "王秀兰")
    files = [calendar.invitation(session, him)]
    session = services.change_plan(session, actor=actor, title="换了题目")
    files.append(calendar.invitation(session, him))
    later = {"starts_at": make.soon(96), "ends_at": make.soon(98)}
    session = services.postpone_session(session, actor=actor, reason="下雨", **later)
    files.append(calendar.invitation(session, him))
    session = services.cancel_session(session, actor=actor, reason="不开了")
    files.append(calendar.invitation(session, him))
    read = [entry(body) for body in files]
    assert [method for method, _event in read] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert {str(event["UID"]) for _method, event in read} == {f"{session.uuid}@consult"}
    sequences = [int(event["SEQUENCE"]) for _method, event in read]
    assert sequences == sorted(set(sequences))
    assert str(read[-1][1]["STATUS"]) == "CANCELLED"
    stamps = [event.decoded("DTSTAMP") for _method, event in read]
    assert stamps == sorted(stamps)
    assert all(stamp.tzinfo is not None for stamp in stamps)
    assert files[-1] == calendar.invitation(session, him)


def test_the_doors(client):
    host = people.host()
    member = people.account("member", host)
    session = make.announced(host, participants=ROSTER)
    make.invite(session, member)
    file = reverse("sessions:invitation_file", args=[session.uuid])
    client.force_login(member)
    answer = client.get(file)
    assert answer["Content-Type"] == "text/calendar; method=REQUEST; charset=utf-8"
    assert values(answer.content)["calendar METHOD"] == "REQUEST"
    client.force_login(clerk(host))
    assert values(client.get(file).content)["calendar METHOD"] == "PUBLISH"
    client.logout()
    by_link = client.get(f"{slips.slip_link(line(session, '王秀兰'))}invitation.ics")
    assert "王秀兰" in by_link.content.decode()
    assert entry(by_link.content)[0] == "REQUEST"
    feed = client.get(calendar.feed_link(calendar.renew_feed(member)))
    text = feed.content.decode()
    assert "METHOD:PUBLISH" in text
    assert "ATTENDEE" not in text
    services.cancel_session(session, actor=clerk(host), reason="不开了")
    client.force_login(member)
    assert values(client.get(file).content)["calendar METHOD"] == "CANCEL"
