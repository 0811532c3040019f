"""会签 by link: a party without an account reads the text that went round and remarks on it as itself; nothing else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from consult.audit.models import Entry
from consult.dbclock import database_now
from consult.errors import DomainError, Missing, NotAllowed, WrongState
from consult.web.logs import without_tokens
from members.models import Account
from sessions import services
from sessions.models import MinutesComment, RemarkLink
from sessions.services import remark_links as links
from sessions.services import tokens, tries
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import clerk

pytestmark = pytest.mark.django_db

ROSTER = [
    {"category": "resident", "name": "王秀兰"},
    {"category": "department", "organisation_name": "区住建局", "name": "股室负责人"},
]


@pytest.fixture
def minutes(db):
    """A draft that went round; one of those who were there has an account, two have none."""
    host = people.host()
    session = make.announced(host, participants=ROSTER)
    make.invite(session, people.account("member", host))
    session = services.open_session(session, actor=clerk(host))
    held = services.close_session(make.written(session), actor=clerk(host))
    return services.circulate_minutes(make.drafted(held), actor=clerk(host))


def make_links(minutes):
    return links.make_remark_link(minutes, actor=clerk(minutes.session.host))


def link_of(minutes, name="王秀兰"):
    make_links(minutes)
    return minutes.remark_links.get(participant__name=name)


def token_of(link):
    return links.path_of(link).strip("/").split("/")[-1]


# the office -----------------------------------------------------------------------------------------------------------


def test_each_party_without_an_account_gets_one(minutes):
    assert [str(one) for one in make_links(minutes)] == ["王秀兰", "股室负责人"]
    assert make_links(minutes) == []
    assert RemarkLink.objects.count() == 2
    assert Entry.objects.filter(verb="minutes.make_remark_link").count() == 1


def test_before_the_text_goes_round_there_is_nothing_to_open():
    draft = make.drafted()
    with pytest.raises(WrongState):
        make_links(draft)


def test_of_another_session_nobody_gets_one(minutes):
    stranger = make.held(minutes.session.host).participants.first()
    with pytest.raises(Missing):
        links.make_remark_link(minutes, actor=clerk(minutes.session.host), participants=[stranger])
    for days in (0, 121):
        with pytest.raises(Missing):
            links.make_remark_link(minutes, actor=clerk(minutes.session.host), days=days)
    with pytest.raises(NotAllowed):
        links.make_remark_link(minutes, actor=people.account("member", minutes.session.host))


# the party ------------------------------------------------------------------------------------------------------------


def test_a_remark_is_the_partys_own(minutes):
    link = link_of(minutes)
    comment = links.remark_by_link(token_of(link), text="门是去年锁的。", line_number=1, proposed="首段改写。")
    assert (comment.by, comment.participant.name, comment.recorded_by.is_system) == ("王秀兰", "王秀兰", True)
    entry = Entry.objects.get(verb="minutes.comment_minutes")
    assert (entry.actor.is_system, entry.on_behalf_of, entry.data["by_link"]) == (True, "王秀兰", str(link.uuid))
    link.refresh_from_db()
    assert link.answered_at is not None
    adopted = services.adopt_comment(comment, actor=clerk(minutes.session.host))
    assert adopted.minutes.body.startswith("首段改写。")


def test_the_same_words_sent_twice_are_one_remark(minutes):
    token = token_of(link_of(minutes))
    first = links.remark_by_link(token, text="门是去年锁的。")
    assert links.remark_by_link(token, text="门是去年锁的。") == first
    assert MinutesComment.objects.count() == 1


def test_who_is_content_says_so_of_the_version_he_read(minutes):
    link = link_of(minutes)
    assert links.content_by_link(token_of(link)).content_version == 1
    links.content_by_link(token_of(link))
    assert Entry.objects.filter(verb="minutes.answer_remarks").count() == 1
    links.remark_by_link(token_of(link), text="还是有一处。")
    link.refresh_from_db()
    assert link.content_version is None


# what opens nothing any more ------------------------------------------------------------------------------------------


def refused(link) -> str:
    opened = links.open_remarks(token_of(link))
    assert opened.link is None
    with pytest.raises(DomainError):
        links.remark_by_link(token_of(link), text="晚了。")
    with pytest.raises(DomainError):
        links.content_by_link(token_of(link))
    return opened.trouble


def test_renewed_taken_back_expired_signed(minutes):
    office = clerk(minutes.session.host)
    link = link_of(minutes)
    old = token_of(link)
    fresh = links.renew_remark_link(minutes, actor=office, link=link)
    assert links.open_remarks(old).link is None
    assert links.open_remarks(token_of(fresh)).link == fresh
    links.revoke_remark_link(minutes, actor=office, link=fresh)
    assert "收回" in refused(fresh)
    fresh = links.renew_remark_link(minutes, actor=office, link=fresh)
    RemarkLink.objects.filter(pk=fresh.pk).update(expires_at=database_now() - timedelta(seconds=1))
    assert "过期" in refused(fresh)
    fresh = links.renew_remark_link(minutes, actor=office, link=fresh)
    filed = services.file_minutes(minutes, actor=office)
    links.remark_by_link(token_of(fresh), text="送签了还能提。")
    services.sign_minutes(filed, actor=office, on_paper=True, signed_name="分管副主席")
    assert "已签发" in refused(fresh)
    assert MinutesComment.objects.count() == 1


def test_a_link_for_something_else_opens_nothing(minutes):
    link = link_of(minutes)
    for salt in ("slip", "screen", "answer"):
        assert links.open_remarks(tokens.seal(salt, link.uuid, link.version)) is None
    assert links.open_remarks("nonsense") is None


def test_too_many_are_refused(minutes):
    token = token_of(link_of(minutes))
    for n in range(links.CHANGES):
        links.remark_by_link(token, text=f"第 {n} 条。")
    with pytest.raises(tries.TooOften):
        links.remark_by_link(token, text="又一条。")


# doors ----------------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_text_and_takes_remarks(client, minutes):
    link = link_of(minutes)
    path = links.path_of(link)
    page = client.get(path)
    assert (page.status_code, page.cookies, page["Cache-Control"]) == (200, {}, "no-store")
    text = page.content.decode()
    assert "明确公厕移交事项" in text
    assert "请看看纪要稿" in text
    other = links.remark_by_link(token_of(minutes.remark_links.get(participant__name="股室负责人")), text="别人的话。")
    assert client.post(path, {"text": "", "line_number": "0"}).status_code == 422
    answer = client.post(path, {"text": "门是去年锁的。", "line_number": "1", "version": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?noted=remark")
    text = client.get(answer["Location"]).content.decode()
    assert "门是去年锁的。" in text
    assert other.text not in text
    assert client.post(path, {"do": "content"})["Location"] == f"{path}?noted=content"
    assert "您说过没有意见" in client.get(path).content.decode()
    links.revoke_remark_link(minutes, actor=clerk(minutes.session.host), link=link)
    gone = client.get(path)
    assert gone.status_code == 410
    assert "明确公厕" not in gone.content.decode()
    assert client.post(path, {"text": "x"}).status_code == 410
    assert client.get("/o/nonsense/").status_code == 404


def test_whoever_opens_too_many_or_guesses_is_stopped(client, minutes):
    path = links.path_of(link_of(minutes))
    for _n in range(links.BAD_LINKS):
        client.get("/o/nonsense/")
    assert client.get("/o/nonsense/").status_code == 429
    assert client.get(path).status_code == 200
    for _n in range(links.OPENS):
        client.get(path)
    stopped = client.get(path)
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "600")


def test_the_office_sees_who_answered_and_others_see_nothing(client, minutes):
    office = clerk(minutes.session.host)
    address = reverse("sessions:remark_links", args=[minutes.uuid])
    client.force_login(office)
    assert address in client.get(minutes.get_absolute_url()).content.decode()
    assert "给 2 方出链接" in client.get(address).content.decode()
    assert client.post(reverse("sessions:make_remark_link", args=[minutes.uuid])).status_code == 302
    link = minutes.remark_links.get(participant__name="王秀兰")
    text = client.get(address).content.decode()
    assert links.path_of(link) in text
    assert "还没打开" in text
    links.note_opening(links.open_remarks(token_of(link)))
    assert "已打开，还没答复" in client.get(address).content.decode()
    links.remark_by_link(token_of(link), text="门是去年锁的。")
    text = client.get(address).content.decode()
    assert "2 方中 1 方已答复" in text
    assert "凭链接本人提" in client.get(minutes.get_absolute_url()).content.decode()
    old = links.path_of(link)
    client.post(reverse("sessions:renew_remark_link", args=[minutes.uuid, link.uuid]))
    text = client.get(address).content.decode()
    assert old not in text
    client.post(reverse("sessions:revoke_remark_link", args=[minutes.uuid, link.uuid]))
    assert " 收回" in client.get(address).content.decode()
    asked = Account.objects.get(invitations__session=minutes.session)
    for other in (asked, people.account("member", minutes.session.host)):
        client.force_login(other)
        assert client.get(address).status_code == 404
        assert client.post(reverse("sessions:make_remark_link", args=[minutes.uuid])).status_code == 404


def test_the_api_makes_renews_and_takes_back_and_never_tells_the_address(client, minutes):
    client.force_login(clerk(minutes.session.host))

    def move(verb, **body):
        address = f"/api/v1/sessions/{minutes.session.uuid}/{verb}/"
        return client.post(address, json.dumps(body), content_type="application/json")

    who = str(minutes.session.participants.get(name="王秀兰").uuid)
    assert move("renew_remark_link", participant=who).status_code == 400
    answer = move("make_remark_link", participants=[who])
    assert answer.status_code == 200
    assert "/o/" not in answer.content.decode()
    link = minutes.remark_links.get()
    assert move("renew_remark_link", participant=who, days=3).status_code == 200
    assert move("revoke_remark_link", participant=who).status_code == 200
    link.refresh_from_db()
    assert (link.version, link.revoked_at is not None) == (2, True)


def test_the_address_stands_in_no_log():
    address = f"/o/{'A' * 52}/"
    assert without_tokens(f"GET {address}") == "GET /o/…/"
