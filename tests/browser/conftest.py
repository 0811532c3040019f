"""Browser tests of the house itself: people at their pages, in Chromium."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from consult.launcher.browser import executable

DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
#: A page that does not react within this time does not react.
PATIENCE = 10_000


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A browser of an account (or of nobody); what scripts, the network or the policy complain of is a failure."""
    contexts, complaints = [], []

    def _visit(account: Any = None, viewport: Any = DESKTOP, forgiven: str = "", **options: Any) -> Page:
        """``forgiven`` is a pattern of what the console may say, because the test cuts the network or signs out."""

        def heard(said: Any) -> None:
            if said.type == "error" and not (forgiven and re.search(forgiven, said.text)):
                complaints.append(f"{page.url}: {said.text}")

        context = chromium.new_context(
            viewport=viewport,
            base_url=live_server.url,
            **{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options},
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if account is not None:
            visitor = Client()
            visitor.force_login(account)
            context.add_cookies(
                [{"name": "sessionid", "value": visitor.cookies["sessionid"].value, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", heard)
        return page

    yield _visit
    for context in contexts:
        context.close()
    assert complaints == []
