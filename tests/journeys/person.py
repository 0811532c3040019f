"""Somebody at a browser: opens a thing, presses a button that is there, fills in what the page asks for."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import resolve

from tests.journeys.pages import Form, Page


class Person:
    """Follows links and sends forms as the pages show them; ``typed`` names the fields a person fills in."""

    def __init__(self, account: Any = None):
        self.account = account
        self.client = Client()
        if account is not None:
            self.client.force_login(account)

    def open(self, url: str, status: int = 200) -> Page:
        response = self.client.get(url)
        assert response.status_code == status, (url, response.status_code, response.headers.get("Location"))
        return Page(response.content.decode())

    def press(self, thing: Any, verb: str, /, **typed: Any) -> str:
        """The button of this move on the page of the thing; answers where it led."""
        return self.follow(thing.get_absolute_url(), verb, **typed)

    def follow(self, url: str, name: str, /, **typed: Any) -> str:
        """A link whose address is called so (topics:pool), its form, and what comes of it."""
        page = self.open(url)
        addresses = [one for one in page.addresses() if named(one) == name]
        inline = [form for form in page.forms if form.method == "post" and form.action and named(form.action) == name]
        assert addresses or inline, f"no {name} on {url}: {sorted({named(one) for one in page.addresses()})}"
        if addresses:
            return self.fill(addresses[0], **typed)
        return self._send(inline[0].action, inline[0], typed)

    def fill(self, url: str, /, **typed: Any) -> str:
        page = self.open(url)
        mark = next(iter(typed), "_once")
        form = page.form(mark)
        return self._send(form.action or url, form, typed)

    def click(self, url: str, action: str, /, **typed: Any) -> str:
        """A button of one of the small forms on a page."""
        forms = [form for form in self.open(url).forms if form.action == action]
        assert forms, f"no form on {url} goes to {action}"
        return self._send(action, forms[0], typed)

    def _send(self, url: str, form: Form, typed: dict[str, Any]) -> str:
        response = self.client.post(url, form.filled(**typed))
        if response.status_code != 302:
            found = Page(response.content.decode())
            wrong = re.findall(r"zb-errmsg[^>]*>(.*?)</p>", response.content.decode(), re.S)
            raise AssertionError((url, response.status_code, wrong, found.text[:1500]))
        return response.headers["Location"]


def named(url: str) -> str:
    """The name of the page behind an address; empty for what is not ours."""
    try:
        found = resolve(url.partition("?")[0].partition("#")[0])
    except Exception:  # a mail address, a file, an anchor
        return ""
    return found.view_name
