"""How a test goes about a telephone: its pages, what it keeps, what it has sent."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page

from tests.browser.wire import Telephone

KEPT = "caches.open('phone-mine').then(mine => mine.keys()).then(all => all.map(one => one.url))"


def until(page: Page, promise: str, seen: str = "Promise.all([Phone.store.entries(), Phone.sync.state()])") -> None:
    """Asks again until what the promise brings is true; ``seen`` is what is told if it never is."""
    limit = time.monotonic() + 40
    while not page.evaluate(promise):
        assert time.monotonic() < limit, (promise, page.evaluate(seen))
        time.sleep(0.1)


def at_home(phone: Telephone) -> Page:
    """The program is on the telephone, with the pages of its owner."""
    page = phone.page()
    page.goto("/m/")
    until(page, "navigator.serviceWorker.getRegistration('/m/').then(found => Boolean(found && found.active))")
    until(
        page,
        f"{KEPT}.then(all => all.filter(one => /m\\/((log|visit|queue|slip|record)\\/)?$/.test(one)).length === 6)",
    )
    return page


def ready(page: Page) -> Page:
    page.wait_for_selector(".js-phone-form[data-ready=yes]")
    return page


def write_log(page: Page, title: str, agreed: str = "物业月底前清走") -> None:
    page.goto("/m/log/")
    ready(page)
    page.fill("[name=title]", title)
    page.fill("[name=agreed]", agreed)
    page.click("button[name=send]")
    page.wait_for_url("**/m/")


def strip(page: Page) -> Any:
    return page.locator("#strip")


def sent(page: Page) -> None:
    """Everything that waited is sent."""
    page.wait_for_function("window.Phone && Phone.sync")
    until(page, "Phone.sync.count().then(c => c.waiting === 0 && c.refused === 0)")
