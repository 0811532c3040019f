"""The stub API, an office of 南谯区 with a token, and a client that speaks JSON."""

from __future__ import annotations

import json

import pytest
from knox.models import AuthToken

from tests.consult.rest import stubs
from tests.factories import people


@pytest.fixture(autouse=True)
def _stub_api(settings):
    settings.ROOT_URLCONF = "tests.consult.rest.stubs"
    stubs.calls.clear()


@pytest.fixture
def ours(db):
    return people.host(people.NANQIAO)


@pytest.fixture
def office(ours):
    return people.office(ours)


class Caller:
    """An API client with a token; a new Idempotency-Key for every call unless one is named."""

    def __init__(self, client, account=None):
        self.client, self.headers, self.keys = client, {}, 0
        if account is not None:
            self.headers["Authorization"] = f"Token {AuthToken.objects.create(account)[1]}"

    def get(self, path, **headers):
        return self.client.get(f"/api/v1/{path}", headers={**self.headers, **_named(headers)})

    def post(self, path, body=None, **headers):
        self.keys += 1
        sent = {"Idempotency-Key": f"call-{self.keys}", **self.headers, **_named(headers)}
        content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        return self.client.post(
            f"/api/v1/{path}",
            content,
            content_type=headers.get("content_type", "application/json"),
            headers={name: value for name, value in sent.items() if value is not None},
        )


def _named(headers):
    return {name.replace("_", "-"): value for name, value in headers.items() if name != "content_type"}


@pytest.fixture
def caller(client, office):
    return Caller(client, office)


@pytest.fixture
def anonymous(client, db):
    return Caller(client)


@pytest.fixture
def unit(ours):
    return people.organisation(ours, name="南谯区住建局")
