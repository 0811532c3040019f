"""Who may knock: tokens, sessions, and what anonymous callers read."""

import json

import pytest
from knox.models import AuthToken

from tests.consult.rest.conftest import Caller
from tests.factories import people


def test_anonymous_callers_are_asked_to_sign_in(anonymous, unit):
    for answer in (
        anonymous.get("units/"),
        anonymous.get(f"units/{unit.uuid}/"),
        anonymous.post(f"units/{unit.uuid}/rename/", {"name": "x"}),
        anonymous.post("units/", {}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"] == "Token"


def test_bad_tokens_all_get_the_same_answer(client, anonymous, office):
    revoked = Caller(client, office)
    AuthToken.objects.all().delete()
    closed = Caller(client, people.account(is_active=False))
    bodies = set()
    for headers in ({"Authorization": "Token x"}, {"Authorization": "Token"}, revoked.headers, closed.headers):
        answer = client.get("/api/v1/units/", headers=headers)
        assert answer.status_code == 401
        bodies.add(answer.content)
    assert len(bodies) == 1


def test_a_token_of_another_county_sees_nothing_of_ours(client, unit):
    foreign = Caller(client, people.office(people.host(people.LANGYA)))
    assert unit.name not in foreign.get("units/").content.decode()
    assert foreign.get(f"units/{unit.uuid}/").status_code == 404
    assert foreign.post(f"units/{unit.uuid}/rename/", {"name": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["token", "access_token", "key", "Token"])
def test_a_token_in_the_address_is_refused(caller, name):
    answer = caller.get(f"units/?{name}=secret")
    assert (answer.status_code, answer.json()["code"]) == (400, "token_in_url")
    assert "secret" not in answer.content.decode()


def test_a_program_signs_in_and_out(client, anonymous, office, unit):
    office.set_password("right-pass-1")
    office.save()
    wrong = anonymous.post("tokens/", {"username": office.username, "password": "wrong"})
    unknown = anonymous.post("tokens/", {"username": "nobody", "password": "wrong"})
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content)
    assert wrong.status_code == 401
    answer = anonymous.post("tokens/", {"username": office.username, "password": "right-pass-1"})
    assert answer.status_code == 201
    signed_in = Caller(client)
    signed_in.headers["Authorization"] = f"Token {answer.json()['token']}"
    assert signed_in.get("units/").status_code == 200
    assert signed_in.post("tokens/revoke/").status_code == 204
    assert signed_in.get("units/").status_code == 401


def test_a_first_password_is_changed_before_a_program_uses_it(anonymous, ours):
    account = people.office(ours, must_change_password=True)
    answer = anonymous.post("tokens/", {"username": account.username, "password": "sample-pass-1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "change_password")


def test_five_wrong_passwords_lock(anonymous, office):
    for _try in range(5):
        anonymous.post("tokens/", {"username": office.username, "password": "wrong"})
    answer = anonymous.post("tokens/", {"username": office.username, "password": "sample-pass-1"})
    assert answer.status_code == 401


def test_everybody_reads_divisions(anonymous):
    answer = anonymous.get("regions/341103000000/")
    assert (answer.status_code, answer.json()["name"]) == (200, "南谯区")
    names = [row["name"] for row in anonymous.get("regions/?parent=341100000000&level=3").json()["results"]]
    assert "南谯区" in names and "滁州市" not in names
    within = anonymous.get("regions/?within=341103000000&page_size=100").json()["results"]
    assert {row["code"][:6] for row in within} == {"341103"}
    assert anonymous.get("regions/?q=安徽 南谯").json()["results"][0]["code"] == "341103000000"


@pytest.mark.parametrize("code", ["000000", "999999999999", "abc", "3411030000000", "34110300000０"])
def test_a_code_that_is_none_is_not_found(anonymous, code):
    assert anonymous.get(f"regions/{code}/").status_code == 404


def test_nobody_writes_divisions(caller, anonymous):
    assert anonymous.post("regions/", {}).status_code == 401
    assert caller.post("regions/", {}).status_code == 405


def test_the_schema_names_moves_errors_and_keys(client, db):
    schema = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert schema.status_code == 200
    text = schema.content.decode()
    document = json.loads(text) if text.lstrip().startswith("{") else None
    assert document is not None
    assert document["openapi"].startswith("3.1")
    rename = document["paths"]["/api/v1/units/{uuid}/rename/"]["post"]
    assert set(rename["responses"]) >= {"200", "400", "401", "403", "404", "409", "422"}
    assert "Idempotency-Key" in [parameter["name"] for parameter in rename["parameters"]]
    listing = document["paths"]["/api/v1/units/"]["get"]
    assert {"cursor", "page_size", "ordering", "kind"} <= {parameter["name"] for parameter in listing["parameters"]}
    assert "Problem" in document["components"]["schemas"]


@pytest.mark.parametrize("path", ["", "v2/units/", "v1/nosuch/", "v1/units", "v1/units/x/y/z/", "v1/\u6c49"])
def test_addresses_that_lead_nowhere_answer_in_json(client, db, path):
    for answer in (client.get(f"/api/{path}"), client.post(f"/api/{path}", b"{}", content_type="application/json")):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
