"""Objections: within the period, each answered once."""

import pytest

from consult.errors import Missing, WrongState
from outcomes import services
from outcomes.models import Objection
from tests.factories import notices, people
from tests.factories import outcomes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice():
    return notices.posted(people.host(), on=make.day(12), days=2)


@pytest.fixture
def clerk(notice):
    return notices.reviewer(notice.host)


def test_received_within_the_period_it_may_be_written_down_later(notice, clerk):
    services.expire_notices()
    objection = services.record_objection(notice, actor=clerk, text="灯不亮", on=notice.expires_on)
    assert objection.received_on == notice.expires_on


@pytest.mark.parametrize("wrong", ["before", "after"])
def test_outside_the_period_it_is_a_new_slip(notice, clerk, wrong):
    on = make.day(13) if wrong == "before" else make.day(0)
    with pytest.raises(Missing) as missing:
        services.record_objection(notice, actor=clerk, text="灯不亮", on=on)
    assert list(missing.value.fields) == ["on"]
    assert not Objection.objects.exists()


def test_each_is_answered_once(notice, clerk):
    first = services.record_objection(notice, actor=clerk, text="灯不亮", on=notice.posted_on)
    second = services.record_objection(notice, actor=clerk, text="门坏了", on=notice.posted_on)
    with pytest.raises(Missing) as missing:
        services.answer_objection(notice, actor=clerk, answer="已修")
    assert list(missing.value.fields) == ["objection"]
    services.answer_objection(notice, actor=clerk, objection=first, answer="灯已换")
    with pytest.raises(Missing):
        services.answer_objection(notice, actor=clerk, objection=first, answer="再答")
    services.answer_objection(notice, actor=clerk, answer="门已修")
    second.refresh_from_db()
    assert second.answer == "门已修"
    notice.refresh_from_db()
    assert [voice["answer"] for voice in notice.voices] == ["灯已换", "门已修"]
    assert not notice.offers("answer_objection")


def test_none_before_it_is_posted_nor_after_it_was_taken_down(clerk, notice):
    for state in ("drafted", "reviewed", "withdrawn"):
        other = notices.IN_STATE[state](notice.host)
        with pytest.raises(WrongState):
            services.record_objection(other, actor=clerk, text="不同意")
