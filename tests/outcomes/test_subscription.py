"""Each later step is told to who raised, follows or talked over a matter: once, by receipt only to the raiser."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from consult.delivery import channels
from consult.delivery.models import InboxItem, Outgoing
from consult.errors import NotAllowed
from consult.outbox import relay
from members.states import Role
from outcomes import services as work
from outcomes.services.subscription import subscribers, text_raisers
from sessions.models import Participant
from tests.factories import notices, people, topics
from tests.factories import outcomes as make
from topics import services
from topics.models import Mute

pytestmark = pytest.mark.django_db


def deliver():
    while relay():
        pass


def raised_by(account, host, **changes):
    raiser = {"category": "resident", "account": account, "on_behalf": True, "consented": True}
    return topics.slip(host, raiser=raiser, **changes)


def bodies(account, topic):
    return list(
        InboxItem.objects.filter(account=account, key__contains=f":step:{topic.pk}").values_list("body", flat=True)
    )


@pytest.fixture
def host():
    return people.host()


def test_raiser_follower_and_participant_hear_every_step_once_and_the_receipt_is_the_raisers(host):
    raiser, follower, member = (people.account(Role.MEMBER, host) for _n in range(3))
    assignment = make.issued(
        outcome=make.submitted(
            host,
            raiser={"category": "resident", "account": raiser, "on_behalf": True, "consented": True},
            on=make.day(9),
        ),
        on=make.day(8),
    )
    topic = assignment.topic
    services.follow_topic(topic, actor=topics.clerk(host), raiser={"account": follower, "on_behalf": True})
    Participant.objects.create(
        session=topic.sessions.first(), category="member", name="委员", member=None, account=member
    )
    deliver()
    work.sign_for(assignment, actor=make.liaison(assignment.lead_unit))
    done = make.verify(make.reply(assignment))
    work.close_assignment(done, actor=topics.clerk(host))
    deliver()
    deliver()
    receipt = topic.raisers.get(account=raiser).receipt
    for account in (raiser, follower, member):
        told = bodies(account, topic)
        assert len(told) == 4, told  # issued, replied, verified, closed
        assert [receipt in body for body in told] == [account == raiser] * 4
        of_work = InboxItem.objects.filter(account=account, key__startswith="assignment.")
        assert not of_work.exists()


def test_the_notice_is_told_with_the_way_to_the_board(host):
    raiser = people.account(Role.MEMBER, host)
    outcome = make.submitted(
        host, raiser={"category": "resident", "account": raiser, "on_behalf": True, "consented": True}, on=make.day(9)
    )
    topic = make.closed(outcome=outcome, on=make.day(9)).topic
    posted = notices.posted(host, topic=topic, on=topic.moved_on)
    deliver()
    item = InboxItem.objects.get(account=raiser, url=posted.board_url)
    assert topic.raisers.get(account=raiser).receipt in item.body


def test_merging_then_splitting_loses_nobody(host):
    """Three raisers and two followers, two of them without an account, over three slips about one thing."""
    one, two, three, first, second = (people.account(Role.MEMBER, host) for _n in range(5))
    clerk = topics.clerk(host)
    slips = [raised_by(account, host) for account in (one, two, three)]
    services.follow_topic(slips[1], actor=clerk, raiser={"account": first, "on_behalf": True})
    services.follow_topic(slips[2], actor=clerk, raiser={"account": second, "on_behalf": True})
    services.follow_topic(slips[2], actor=clerk, raiser={"account": first, "on_behalf": True})  # twice, by two slips
    services.merge_topic(slips[1], actor=clerk, into=slips[0])
    services.merge_topic(slips[2], actor=clerk, into=slips[0])
    everybody = {one, two, three, first, second}
    assert {row.account for row in subscribers(slips[0])} == everybody
    assert {row.account for row in subscribers(slips[0]) if row.receipt} == {one, two, three}
    split = services.split_topic(slips[0], actor=clerk, parts=[{"title": "另一件事"}])
    part = split.parts.get()
    heard = subscribers(part)
    assert {row.account for row in heard} == everybody and len(heard) == 5
    own = {row.account: row.receipt for row in heard if row.receipt}
    assert set(own) == {one, two, three}
    assert set(own.values()) == set(part.raisers.filter(kind="raiser").values_list("receipt", flat=True))
    for account in everybody:  # every one of them finds the part by a receipt of its own
        assert part.raisers.filter(account=account).count() == 1
    assert {row.account for row in subscribers(slips[0])} == everybody


def test_raisers_without_an_account_go_along_too(host):
    clerk = topics.clerk(host)
    slips = [
        topics.slip(host, raiser={"category": "resident", "name": name, "phone": phone, "consented": True})
        for name, phone in (("甲", "13655501101"), ("乙", "13655501102"))
    ]
    services.merge_topic(slips[1], actor=clerk, into=slips[0])
    part = services.split_topic(slips[0], actor=clerk, parts=[{"title": "另一件事"}]).parts.get()
    assert set(part.raisers.values_list("name", flat=True)) == {"甲", "乙"}


def test_who_wants_to_hear_no_more_hears_no_more_and_may_come_back(host, client):
    follower = people.office(host)
    assignment = make.in_progress(host, on=make.day(9))
    topic = assignment.topic
    services.follow_topic(topic, actor=follower)
    deliver()
    client.force_login(follower)
    assert reverse("topics:unfollow", args=[topic.uuid]) in client.get(topic.get_absolute_url()).text
    assert client.post(reverse("topics:unfollow", args=[topic.uuid])).status_code in (302, 303)
    assert follower not in {row.account for row in subscribers(topic)}
    assert topic.raisers.filter(account=follower).exists()  # the receipt stays good
    services.follow_topic(topic, actor=follower)
    assert follower in {row.account for row in subscribers(topic)}
    assert not Mute.objects.exists()


def test_silence_about_one_slip_is_no_silence_about_the_other(host):
    account = people.account(Role.MEMBER, host)
    one, two = raised_by(account, host), raised_by(account, host)
    services.unfollow_topic(two, actor=account)
    services.merge_topic(two, actor=topics.clerk(host), into=one)
    assert account in {row.account for row in subscribers(one)}


def test_who_is_told_nothing_cannot_ask_for_silence(host):
    with pytest.raises(NotAllowed):
        services.unfollow_topic(topics.slip(host), actor=people.account(Role.MEMBER, host))


def test_tracking_tells_the_day_of_each_step(host, client):
    raiser = {"category": "resident", "name": "甲", "phone": "13655501101", "consented": True}
    topic = make.closed(outcome=make.submitted(host, raiser=raiser, on=make.day(9)), on=make.day(9)).topic
    row = topic.raisers.get()
    page = client.post(reverse("desk:track"), {"receipt": row.receipt, "tail": row.phone_tail}).text
    assert page.count("<time datetime=") >= 6


def test_no_text_message_while_no_channel_is_set_up_and_one_per_step_when_it_is(host, monkeypatch):
    raiser = {"category": "resident", "name": "甲", "phone": "13655501101", "consented": True}
    topic = topics.slip(host, raiser=raiser)
    event = SimpleNamespace(pk=7001)
    assert text_raisers(topic, event=event) == 0
    monkeypatch.setattr(channels, "is_configured", lambda name: name == "sms")
    assert (text_raisers(topic, event=event), text_raisers(topic, event=event)) == (1, 0)
    sent = Outgoing.objects.get(channel="sms")
    assert sent.to == "13655501101"
    assert topic.title not in sent.body
