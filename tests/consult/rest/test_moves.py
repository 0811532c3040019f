"""Named moves: seen, allowed, possible, complete, in this order; then one service."""

import pytest

from members.models import Organisation
from tests.consult.rest import stubs
from tests.consult.rest.conftest import Caller
from tests.factories import people


def test_a_move_calls_its_service_and_shows_the_object_as_it_is_now(caller, unit, office):
    answer = caller.post(f"units/{unit.uuid}/rename/", {"name": "住建局"})
    assert answer.status_code == 200
    assert answer.json() == {
        "uuid": str(unit.uuid),
        "name": "住建局",
        "kind": "department",
        "host": str(unit.host.uuid),
        "closed_on": None,
        "actions": ["rename", "close", "sign"],
    }
    assert stubs.calls == [("rename", unit.pk, office.pk, "住建局")]


def test_the_offered_actions_are_those_of_the_caller(client, caller, ours, unit):
    unit.refresh_from_db()
    member = Caller(client, people.account("member", ours))
    assert member.get(f"units/{unit.uuid}/").json()["actions"] == []
    assert caller.get(f"units/{unit.uuid}/").json()["actions"] == ["rename", "close", "sign"]


def test_refusals_in_their_order(client, caller, office, ours, unit):
    theirs = people.organisation(people.host(people.LANGYA), name="琅琊区住建局")
    township = people.organisation(ours, kind="township", name="施集镇")
    own = people.organisation(ours, name="本人的", phone=office.username)
    member = Caller(client, people.account("member", ours))
    bad = {"nosuch": 1}
    table = [
        (caller, theirs, "rename", bad, 404, "not_found"),
        (member, unit, "rename", bad, 403, "not_allowed"),
        (member, township, "rename", bad, 403, "not_allowed"),
        (caller, own, "sign", bad, 403, "four_eyes"),
        (caller, township, "rename", bad, 409, "wrong_state"),
        (caller, unit, "rename", bad, 400, "invalid"),
        (caller, unit, "close", {}, 409, "wrong_state"),
        (caller, unit, "rename", {"name": "会失败"}, 400, "missing"),
    ]
    seen = []
    for who, subject, verb, body, _status, _code in table:
        answer = who.post(f"units/{subject.uuid}/{verb}/", body)
        seen.append((who, subject, verb, body, answer.status_code, answer.json()["code"]))
    assert seen == table
    unit.refresh_from_db()
    assert unit.name == "南谯区住建局"  # the service had written before it refused


@pytest.mark.parametrize("name", ["1", "abc", "9" * 31, "%00", "..%2f", "00000000-0000-0000-0000-000000000000", "汉字"])
def test_what_is_no_uuid_is_not_found(caller, name):
    for answer in (caller.get(f"units/{name}/"), caller.post(f"units/{name}/rename/", {"name": "x"})):
        assert answer.status_code == 404


def test_another_countys_object_is_like_one_that_does_not_exist(caller, ours):
    theirs = people.organisation(people.host(people.LANGYA), name="琅琊区住建局")
    there, nowhere = caller.get(f"units/{theirs.uuid}/"), caller.get(f"units/{ours.uuid.hex[::-1]}/")
    assert there.status_code == nowhere.status_code == 404
    assert there.json() == nowhere.json()


def test_a_reference_finds_only_what_the_caller_sees(caller, ours, unit):
    theirs = people.organisation(people.host(people.LANGYA), name="琅琊区住建局")
    for name in (str(theirs.uuid), "x", 7, None, [str(ours.uuid)]):
        answer = caller.post(f"units/{unit.uuid}/sign/", {"note": "x", "beside": name})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["beside"])
    assert caller.post(f"units/{unit.uuid}/sign/", {"note": "x", "beside": str(ours.uuid)}).status_code == 200
    assert stubs.calls == [("sign", unit.pk, "x", ours)]


def test_creating_answers_201_with_the_address(caller, ours):
    answer = caller.post("units/", {"name": "新单位", "host": str(ours.uuid)})
    assert answer.status_code == 201
    made = Organisation.objects.get(name="新单位")
    assert answer.headers["Location"] == f"http://testserver/api/v1/units/{made.uuid}/"
    assert answer.json()["uuid"] == str(made.uuid)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_there_is_no_other_way_to_write(caller, unit, method):
    for path in (f"/api/v1/units/{unit.uuid}/", "/api/v1/units/", f"/api/v1/units/{unit.uuid}/rename/"):
        answer = getattr(caller.client, method)(path, headers=caller.headers)
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_method_in_a_header_changes_nothing(caller, unit):
    answer = caller.post(f"units/{unit.uuid}/", {}, X_HTTP_Method_Override="DELETE")
    assert answer.status_code == 405
    assert caller.get(f"units/{unit.uuid}/rename/").status_code == 405


def test_a_stale_copy_is_refused(caller, unit):
    etag = caller.get(f"units/{unit.uuid}/").headers["ETag"]
    assert caller.post(f"units/{unit.uuid}/rename/", {"name": "一"}, If_Match=etag).status_code == 200
    stale = caller.post(f"units/{unit.uuid}/rename/", {"name": "二"}, If_Match=etag)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_json_only(caller, unit):
    answer = caller.get(f"units/{unit.uuid}/", Accept="text/xml")
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_answers_are_not_kept_on_the_way(caller, unit):
    assert caller.get(f"units/{unit.uuid}/").headers["Cache-Control"] == "no-store"


def test_a_fault_of_ours_is_json_without_a_word_about_it(caller, unit, monkeypatch):
    caller.client.raise_request_exception = False
    answer = caller.post(f"units/{unit.uuid}/rename/", {"name": "出故障"})
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert "ZeroDivision" not in answer.content.decode()
    unit.refresh_from_db()
    assert unit.name == "南谯区住建局"
