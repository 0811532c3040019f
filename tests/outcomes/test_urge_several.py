"""催办 of several by a program: the page's service, with a result for each."""

import uuid

import pytest
from rest_framework.test import APIClient

from outcomes.models import Assignment, Urging
from tests.factories import outcomes as make

pytestmark = pytest.mark.django_db
URL = "/api/v1/assignments/urge_all/"


def call(account, items, key="one", **more):
    client = APIClient()
    client.force_authenticate(type(account).objects.get(pk=account.pk))
    body = {"items": [str(item) for item in items], **more}
    return client.post(URL, body, format="json", headers={"Idempotency-Key": key})


def overdue(cast, unit=None):
    assignment = make.issued(cast.host, lead=unit or cast.lead)
    Assignment.objects.filter(pk=assignment.pk).update(due_on=make.day(3))
    return assignment


def results(answer):
    assert answer.status_code == 200, answer.json()
    return [row["result"] for row in answer.json()]


def test_each_item_has_its_result_in_the_order_asked(cast):
    late, other, early = overdue(cast), overdue(cast, cast.other), make.issued(cast.host, lead=cast.lead)
    replied = make.replied(cast.host)
    Assignment.objects.filter(pk=replied.pk).update(due_on=make.day(3))
    elsewhere = make.issued(cast.F.home)
    asked = [early.uuid, late.uuid, elsewhere.uuid, other.uuid, replied.uuid, uuid.uuid4()]
    answer = call(cast.O, asked)
    assert [row["assignment"] for row in answer.json()] == [str(one) for one in asked]
    assert results(answer) == ["not_overdue", "sent", "not_found", "sent", "not_overdue", "not_found"]
    letters = {row.assignment_id: row.text for row in Urging.objects.all()}
    assert set(letters) == {late.pk, other.pk}
    assert late.matter in letters[late.pk] and other.matter not in letters[late.pk]


def test_once_a_day_and_the_same_call_twice_is_one(cast):
    late = overdue(cast)
    assert results(call(cast.O, [late.uuid], text="请抓紧办理。")) == ["sent"]
    assert results(call(cast.O, [late.uuid], text="请抓紧办理。")) == ["sent"]  # the stored answer
    assert results(call(cast.O, [late.uuid, late.uuid], key="two")) == ["already"]
    assert Urging.objects.get().text == "请抓紧办理。"


@pytest.mark.parametrize("role", "LAUBGMCVXRP")
def test_who_may_not_urge_urges_nothing(cast, role):
    late = overdue(cast)
    assert call(getattr(cast, role), [late.uuid]).status_code == 403
    assert not Urging.objects.exists()


def test_the_neighbour_urges_nothing_of_ours(cast):
    assert results(call(cast.F, [overdue(cast).uuid])) == ["not_found"]
    assert not Urging.objects.exists()


@pytest.mark.parametrize("items", [[], ["17"], [str(uuid.uuid4())] * 201])
def test_a_call_that_names_nothing_is_refused(cast, items):
    assert call(cast.O, items).status_code == 400
