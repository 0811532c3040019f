"""Telephones for tests: a member's browser behind a wire that can be cut."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import sync_playwright

from members.states import Role
from tests.browser.wire import Telephone, Wire
from tests.factories import people, topics


@pytest.fixture
def wire(live_server: Any) -> Iterator[Wire]:
    made = Wire(live_server.url)
    yield made
    made.end()


@pytest.fixture
def telephone(wire: Wire, tmp_path: Path) -> Iterator[Callable[..., Telephone]]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    made: list[Telephone] = []
    with sync_playwright() as playwright:

        def _telephone(account: Any = None, name: str = "one", **options: Any) -> Telephone:
            one = Telephone(playwright, tmp_path / name, wire, **options)
            made.append(one)
            if account is not None:
                one.sign_in(account)
            return one

        yield _telephone
        for one in made:
            one.end()
        connections.close_all()  # those that were opened beside Playwright's loop are not seen from outside it
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    assert [complaint for one in made for complaint in one.complaints] == []


@pytest.fixture
def member(transactional_db: Any) -> Any:
    host = people.host()
    account = people.account(Role.MEMBER, host, display_name="周委员")
    one = people.member(host, account, name="周委员")
    people.group(host, one, leader=one, region_code=topics.WANQIAO)
    return account
