"""Who hears of a move: once, by name, and never about matters that are not his."""

from __future__ import annotations

import pytest

from consult.delivery.models import InboxItem
from consult.outbox import relay
from consult.outbox.models import Event
from tests.factories import people
from tests.factories import topics as make
from topics import services

pytestmark = pytest.mark.django_db


def drain() -> None:
    while relay():
        pass


def told() -> dict[str, list[str]]:
    """Titles by account, oldest first; and the inbox is emptied for the next question."""
    drain()
    found: dict[str, list[str]] = {}
    for item in InboxItem.objects.select_related("account").order_by("pk"):
        found.setdefault(item.account.username, []).append(f"{item.title} {item.body}".strip())
    InboxItem.objects.all().delete()
    return found


@pytest.fixture
def host():
    return people.host()


@pytest.fixture
def accounts(host):
    return make.everyone(host)


def by_member(accounts, **changes):
    raiser = {"account": accounts["member"], "category": "member", "on_behalf": True}
    return make.slip(raiser=raiser, title="公厕不开门", **changes)


def test_the_raiser_hears_his_receipt_and_who_screens_that_something_waits(host, accounts):
    people.office(people.host(people.LANGYA))
    topic = by_member(accounts)
    heard = told()
    assert set(heard) == {accounts[role].username for role in ("member", "office", "convenor")}
    assert topic.raisers.get().receipt in heard[accounts["member"].username][0]


def test_a_convenor_elsewhere_is_not_told(host):
    elsewhere = people.account("convenor", host, region_code=make.SHIJI)
    make.slip(host)
    assert elsewhere.username not in told()


def test_raisers_and_followers_hear_every_later_step_of_what_their_matter_was_merged_into(host, accounts):
    clerk = make.clerk(host)
    original, target = by_member(accounts), make.slip(host)
    told()
    services.merge_topic(original, actor=clerk, into=target)
    member = accounts["member"].username
    assert len(told()[member]) == 1
    target = services.pool_topic(target, actor=clerk, profile="formal", category="住房", **make.CHECKS)
    assert target.number in told()[member][0]
    services.decline_topic(target, actor=clerk, reason="已进入诉讼", reply_text="请等法院结果。")
    assert "请等法院结果。" in told()[member][0]


def test_a_micro_matter_in_the_pool_is_announced_to_who_can_take_it_up(host, accounts):
    topic = make.slip(host)
    told()
    services.pool_topic(topic, actor=make.clerk(host), profile="micro", category="住房", **make.CHECKS)
    assert set(told()) == {accounts["group_leader"].username, accounts["member"].username}


def test_who_made_the_move_is_not_told_of_it(host, accounts):
    office = accounts["office"]
    make.slip(host, actor=office, source="office", raiser={})
    assert len(told()[office.username]) == 1  # his own receipt, and nothing to screen


def test_a_matter_that_went_on_meanwhile_is_not_announced_as_waiting(host, accounts):
    topic = make.slip(host)
    services.decline_topic(topic, actor=make.clerk(host), reason="诉讼", reply_text="请等")
    assert told() == {}


def test_everything_delivered_twice_is_told_once(host, accounts):
    by_member(accounts)
    drain()
    items = InboxItem.objects.count()
    Event.objects.update(delivered_at=None)
    drain()
    assert InboxItem.objects.count() == items > 0
