"""回执 by link: for who has no account; signed, void once renewed, changeable until the session opens."""

from __future__ import annotations

import pytest
from django.urls import reverse

from consult.audit.models import Entry
from consult.errors import NotAllowed
from sessions import services
from sessions.models import Participant
from sessions.services import slips, tokens
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import clerk

pytestmark = pytest.mark.django_db

ROSTER = [
    {"category": "resident", "name": "王秀兰"},
    {"category": "resident", "name": "李大伯"},
    {"category": "department", "organisation_name": "区住建局", "name": "股室负责人"},
]


@pytest.fixture
def session(db):
    return make.announced(participants=ROSTER)


def line_of(session, name="王秀兰") -> Participant:
    return session.participants.get(name=name)


def test_a_reply_by_the_link_changes_its_line_only(client, session):
    line = line_of(session)
    url = slips.slip_link(line)
    page = client.get(url)
    assert page.status_code == 200
    assert not page.cookies
    assert "王秀兰" in page.content.decode()
    assert "李大伯" not in page.content.decode()
    answer = client.post(url, {"reply": "excused", "reason": "去县城看病"})
    assert (answer.status_code, answer["Location"]) == (302, f"{url}?noted")
    line.refresh_from_db()
    assert (line.reply, line.reply_reason, line.replied_by_link) == ("excused", "去县城看病", True)
    assert line.replied_at is not None
    client.post(url, {"reply": "attending", "reason": "还是来"})
    line.refresh_from_db()
    assert (line.reply, line.reply_reason) == ("attending", "")
    assert session.participants.exclude(reply="").count() == 1
    assert Entry.objects.filter(verb="session.reply").count() == 2


def test_who_asks_for_leave_says_why(client, session):
    url = slips.slip_link(line_of(session))
    assert client.post(url, {"reply": "excused", "reason": " "}).status_code == 422
    assert client.post(url, {"reply": "perhaps"}).status_code == 422
    assert client.post(url, {}).status_code == 422
    assert line_of(session).reply == ""


def test_no_name_stands_in_the_address(session):
    for line in session.participants.all():
        assert slips.slip_link(line).isascii()
        assert len(slips.slip_link(line)) < 64


def test_a_renewed_link_makes_the_old_one_void(client, session):
    line = line_of(session)
    old = slips.slip_link(line)
    line = slips.renew_slip(line, actor=clerk(session.host))
    assert slips.slip_link(line) != old
    assert client.get(old).status_code == 410
    assert client.post(old, {"reply": "attending"}).status_code in (409, 410)
    assert client.get(slips.slip_link(line)).status_code == 200
    assert line_of(session).reply == ""
    with pytest.raises(NotAllowed):
        slips.renew_slip(line, actor=people.account("member", session.host))


def test_a_line_taken_off_the_list_leaves_a_link_that_says_so(client, session):
    line = line_of(session)
    url = slips.slip_link(line)
    services.remove_participant(line, actor=clerk(session.host))
    page = client.get(url)
    assert page.status_code == 410
    assert "撤回" in page.content.decode()


@pytest.mark.parametrize("how", ["planned", "in_progress", "held", "cancelled"])
def test_outside_the_time_of_replying_it_says_why(client, how):
    session = make.in_state(how, participants=ROSTER)
    url = slips.slip_link(line_of(session))
    assert client.get(url).status_code == 200
    answer = client.post(url, {"reply": "attending"})
    assert answer.status_code == 409
    assert line_of(session).reply == ""


def test_after_postponing_the_same_link_is_asked_anew(client, session):
    url = slips.slip_link(line_of(session))
    client.post(url, {"reply": "attending"})
    actor = clerk(session.host)
    times = {"starts_at": make.soon(96), "ends_at": make.soon(98)}
    session = services.postpone_session(session, actor=actor, reason="下雨", **times)
    assert client.post(url, {"reply": "attending"}).status_code == 409
    session = services.announce_session(session, actor=actor, short_notice_reason="约好了")
    assert line_of(session).reply == ""
    assert client.post(url, {"reply": "attending"}).status_code == 302


def test_what_we_did_not_make_opens_nothing_and_is_counted(client, session):
    good = slips.slip_link(line_of(session))
    screen = tokens.seal("screen", line_of(session).uuid, 1)
    for token in ("x", "A" * 52, screen, "../../etc"):
        assert client.get(f"/r/{token}/").status_code == 404
    for _n in range(60):
        client.get(f"/r/{'A' * 52}/")
    assert client.get(f"/r/{'A' * 52}/").status_code == 429
    assert client.get(good).status_code == 200  # others behind the same address are not to suffer


def test_one_link_is_not_changed_without_end(client, session):
    url = slips.slip_link(line_of(session))
    for n in range(slips.CHANGES):
        assert client.post(url, {"reply": "excused", "reason": f"第 {n} 次"}).status_code == 302
    assert client.post(url, {"reply": "attending"}).status_code == 429


def test_staff_see_who_replied_and_the_links_others_do_not(client, session):
    url = reverse("sessions:slips", args=[session.uuid])
    slips.reply_by_link(slips.slip_token(line_of(session)), reply="excused", reason="看病")
    client.force_login(clerk(session.host))
    text = client.get(url).content.decode()
    assert "看病" in text
    assert slips.slip_link(line_of(session, "李大伯")) in text
    notice = client.get(reverse("sessions:print_notice", args=[session.uuid])).content.decode()
    assert notice.count('<svg class="qr"') == 3
    member = people.account("member", session.host)
    make.invite(session, member)
    for reader in (member, clerk(people.host(people.LANGYA)), people.supervisor()):
        client.force_login(reader)
        assert client.get(url).status_code == 404
    client.force_login(member)
    notice = client.get(reverse("sessions:print_notice", args=[session.uuid])).content.decode()
    assert '<svg class="qr"' not in notice
    assert slips.slip_token(line_of(session)) not in notice
    client.logout()
    assert client.get(url).status_code == 302


def test_renewing_from_the_page(client, session):
    line = line_of(session)
    client.force_login(clerk(session.host))
    answer = client.post(reverse("sessions:renew_slip", args=[session.uuid, line.uuid]))
    assert answer.status_code == 302
    line.refresh_from_db()
    assert line.slip_version == 2
    client.force_login(clerk(people.host(people.LANGYA)))
    assert client.post(reverse("sessions:renew_slip", args=[session.uuid, line.uuid])).status_code == 404


def test_the_invitation_for_a_calendar_by_the_same_link(client, session):
    answer = client.get(slips.slip_link(line_of(session)) + "invitation.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert session.title in answer.content.decode().replace("\r\n ", "")
