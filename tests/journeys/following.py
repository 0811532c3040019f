"""From the public board back to the slip: what somebody who is not signed in can walk through."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from outcomes.models import PublicNotice
from tests.journeys.pages import Page
from tests.journeys.person import named


def follow_from_board(host: Any, title: str, facts: list[str], secrets: list[str]) -> PublicNotice:
    """The list of boards, the board, the notice, its poster; every fact is there, no secret is."""
    visitor = Client()
    home = _read(visitor, reverse("desk:boards"))
    board = next(one for one in home.addresses() if one == reverse("board:home", args=[host.region_code]))
    listed = _read(visitor, board)
    assert title in listed.text
    address = next(one for one, words in listed.links if named(one) == "board:notice" and title in words)
    page = _read(visitor, address)
    missing = [fact for fact in facts if fact not in page.text]
    assert not missing, (missing, page.text[:3000])
    poster = next(one for one in page.addresses() if named(one) == "board:poster")
    for shown in (listed, page, _read(visitor, poster)):
        assert not [secret for secret in secrets if secret in shown.text]
    notice = PublicNotice.objects.get(uuid=address.rstrip("/").rpartition("/")[2])
    api = visitor.get(f"/api/v1/notices/{notice.uuid}/")
    assert api.status_code == 200
    assert not [secret for secret in secrets if secret in api.content.decode()]
    assert not visitor.cookies
    return notice


def follow_by_receipt(receipt: str, tail: str, facts: list[str]) -> Page:
    response = Client().post(reverse("desk:track"), {"receipt": receipt, "tail": tail})
    assert response.status_code == 200
    page = Page(response.content.decode())
    missing = [fact for fact in facts if fact not in page.text]
    assert not missing, (missing, page.text[:3000])
    return page


def _read(visitor: Client, url: str) -> Page:
    response = visitor.get(url)
    assert response.status_code == 200, url
    return Page(response.content.decode())
