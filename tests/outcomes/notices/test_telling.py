"""Who is told about a notice, once; and the clock that ends its period."""

import pytest

from consult.celery import app
from consult.delivery.models import InboxItem
from consult.outbox import relay
from outcomes import services
from outcomes.tasks.notices import expire_what_is_over
from tests.factories import notices, people, topics
from tests.factories import outcomes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return people.host()


@pytest.fixture
def told():
    """Deliver what is due; the accounts told since the last time."""
    relay()
    seen = set(InboxItem.objects.values_list("pk", flat=True))

    def fresh():
        relay(limit=500)
        items = InboxItem.objects.exclude(pk__in=seen).order_by("pk")
        found = [(item.account.username, item.key) for item in items]
        seen.update(items.values_list("pk", flat=True))
        return sorted(name for name, key in found if key.startswith("notice.") or ":step:" in key)

    return fresh


def test_each_step_tells_whom_it_concerns(host, told):
    drafter, second = topics.clerk(host), notices.reviewer(host)
    leader = people.approver(host, username="leader")
    raiser = people.account("member", host, username="raiser")
    person = {"category": "member", "name": "委员", "account": raiser, "on_behalf": True}
    topic = make.submitted(host, on=make.day(30), raiser=person).topic
    told()
    notice = notices.drafted(host, topic=topic)
    assert told() == sorted([second.username, leader.username])
    notice = services.review_notice(notice, actor=second)
    assert told() == sorted([drafter.username, leader.username])
    notice = services.return_notice(notice, actor=second, reason="再看")
    assert told() == [drafter.username]
    notice = services.post_notice(services.review_notice(notice, actor=second), actor=leader)
    assert told() == sorted([drafter.username, raiser.username])  # what waits for nobody any more is not told
    services.record_objection(notice, actor=second, text="灯不亮")
    assert told() == [drafter.username]
    services.withdraw_notice(notice, actor=second, reason="有误")
    assert told() == sorted([drafter.username, leader.username])


def test_the_same_event_tells_once(host, told):
    notices.drafted(host)
    told()
    before = InboxItem.objects.count()
    relay(limit=500)
    assert InboxItem.objects.count() == before


def test_beat_wakes_the_clock_and_one_clock_is_enough(host):
    entry = app.conf.beat_schedule["outcomes.expire_notices"]
    assert entry["task"] == expire_what_is_over.name == "outcomes.expire_notices"
    notice = notices.posted(host, on=make.day(20), days=1)
    expire_what_is_over()
    notice.refresh_from_db()
    assert notice.state == "expired"
    other = notices.posted(host, on=make.day(20), days=1)
    expire_what_is_over()  # a second clock in the same slot
    other.refresh_from_db()
    assert other.state == "posted"
