"""One effect per Idempotency-Key, whoever sends it again, and how often at once."""

import json
import threading

import pytest
from django.db import connection
from django.test import Client

from consult.idempotency.models import StoredAnswer
from tests.consult.rest import stubs
from tests.consult.rest.conftest import Caller
from tests.factories import people

BODY = {"name": "新单位"}


def test_with_a_token_the_key_is_required(caller, unit):
    answer = caller.post(f"units/{unit.uuid}/rename/", BODY, Idempotency_Key=None)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")
    assert stubs.calls == []


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "汉字", " x"])
def test_a_key_is_visible_and_short(caller, unit, key):
    answer = caller.post(f"units/{unit.uuid}/rename/", BODY, Idempotency_Key=key)
    assert answer.status_code in (200, 400) if key == " x" else answer.status_code == 400


def test_with_a_session_the_key_may_be_left_out(client, office, unit):
    client.force_login(office)
    path = f"/api/v1/units/{unit.uuid}/rename/"
    assert client.post(path, json.dumps(BODY), content_type="application/json").status_code == 200


def test_a_session_without_its_csrf_token_is_refused(office, unit):
    client = Client(enforce_csrf_checks=True)
    client.force_login(office)
    answer = client.post(f"/api/v1/units/{unit.uuid}/rename/", json.dumps(BODY), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_the_same_again_gets_the_stored_answer(caller, ours):
    body = {"name": "新单位", "host": str(ours.uuid)}
    first = caller.post("units/", body, Idempotency_Key="k")
    again = caller.post("units/", json.dumps(body, indent=2).encode(), Idempotency_Key="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(stubs.calls) == 1


def test_another_body_or_address_under_the_same_key_is_422(caller, unit):
    caller.post(f"units/{unit.uuid}/rename/", BODY, Idempotency_Key="k")
    for path, body in (("rename", {"name": "别的"}), ("sign", BODY)):
        answer = caller.post(f"units/{unit.uuid}/{path}/", body, Idempotency_Key="k")
        assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert len(stubs.calls) == 1


def test_a_refused_call_may_be_corrected_under_the_same_key(caller, unit):
    assert caller.post(f"units/{unit.uuid}/rename/", {"name": ""}, Idempotency_Key="k").status_code == 400
    assert caller.post(f"units/{unit.uuid}/rename/", {"name": "会失败"}, Idempotency_Key="k").status_code == 400
    assert not StoredAnswer.objects.exists()
    assert caller.post(f"units/{unit.uuid}/rename/", BODY, Idempotency_Key="k").status_code == 200


def test_a_key_belongs_to_its_account(client, caller, ours, unit):
    other = Caller(client, people.office(ours))
    caller.post(f"units/{unit.uuid}/rename/", BODY, Idempotency_Key="k")
    assert other.post(f"units/{unit.uuid}/rename/", {"name": "别的"}, Idempotency_Key="k").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_24_at_once_have_one_effect():
    ours = people.host()
    account = people.office(ours)
    body = {"name": "新单位", "host": str(ours.uuid)}
    headers = Caller(Client(), account).headers
    barrier, answers = threading.Barrier(24), []

    def send():
        caller = Caller(Client())
        caller.headers = headers
        barrier.wait()
        answers.append(caller.post("units/", body, Idempotency_Key="k"))
        connection.close()

    threads = [threading.Thread(target=send) for _n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {201, 409} and 201 in statuses
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"in_flight"}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert len(stubs.calls) == 1
