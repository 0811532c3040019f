"""Whole sessions are played by three browsers at once and a telephone, from the scripts beside this file.

A script says who does what in turn and what must be true afterwards; see ``scripts/README.md``.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, sync_playwright

from consult.launcher.browser import executable
from members.states import Role
from sessions import services
from sessions.services import pulse
from tests.browser.conftest import DESKTOP, PATIENCE, PHONE
from tests.browser.play import script as scripts
from tests.browser.play.cast import Cast
from tests.browser.play.desk import Desk
from tests.browser.play.field import Phone
from tests.browser.play.hall import Guests, Screen
from tests.browser.play.office import Office
from tests.browser.wire import Telephone, Wire
from tests.factories import people
from tests.factories import sessions as make
from tests.factories import topics as matters

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
]
HALL = {"width": 1920, "height": 1080}
#: What a console says when the play itself cuts the network or ends a sign-in.
PLAYED = re.compile("ERR_INTERNET_DISCONNECTED|ERR_FAILED|40[139]|410")


@pytest.fixture
def stage(transactional_db: Any, live_server: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Everybody's browser, in one place, so that all of them are closed."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    pulse.forget_all()
    complaints: list[str] = []
    with contextlib.ExitStack() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        wire = Wire(live_server.url)
        telephones: list[Telephone] = []

        def _page(account: Any = None, viewport: Any = DESKTOP, clock: datetime | None = None) -> Page:
            return page_of(browser, live_server.url, account, viewport, clock, complaints)

        def _telephone(**options: Any) -> Telephone:
            telephones.append(Telephone(playwright, tmp_path / "phone", wire, **options))
            return telephones[-1]

        stack.callback(browser.close)
        stack.callback(wire.end)
        yield lambda script: cast_of(script, live_server.url, _page, _telephone, wire)
        for one in telephones:
            one.end()
            complaints += one.complaints
        stack.close()
        connections.close_all()  # those that were opened beside Playwright's loop are not seen from outside it
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    pulse.forget_all()
    assert complaints == []


def page_of(
    browser: Browser, url: str, account: Any, viewport: Any, clock: datetime | None, complaints: list[str]
) -> Page:
    context = browser.new_context(viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=url)
    context.set_default_timeout(PATIENCE)
    if clock is not None:
        context.clock.install(time=clock)
    if account is not None:
        visitor = Client()
        visitor.force_login(account)
        context.add_cookies([{"name": "sessionid", "value": visitor.cookies["sessionid"].value, "url": url}])
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            complaints.append(f"{page.url}: {said.text}")
            if said.type == "error" and not PLAYED.search(said.text)
            else None
        ),
    )
    return page


def cast_of(script: scripts.Script, url: str, page: Any, telephone: Any, wire: Wire) -> tuple[Cast, dict[str, Any]]:
    """The session as it was announced, and everybody who plays in it."""
    host = people.host()
    moderator, recorder = people.account(Role.CONVENOR, host), people.office(host)
    owner = people.account(Role.MEMBER, host, display_name="周委员")
    member = people.member(host, owner, name="周委员")
    people.group(host, member, leader=member, region_code=matters.WANQIAO)
    words = dict(script.session)
    roster = [{**line, **({"member": member} if line.get("name") == "周委员" else {})} for line in words.pop("roster")]
    room = make.room(host) if words.get("venue_kind") == "room" else None
    session = make.announced(
        host,
        **words,
        room=room,
        participants=roster,
        moderator=moderator,
        moderator_name="",
        recorder=recorder,
        recorder_name="",
    )
    cast = Cast(session, url)
    everybody: dict[str, Any] = {}
    for role, account in (("moderator", moderator), ("recorder", recorder)):
        options = script.desks.get(role, {})
        away = timedelta(minutes=options["clock"]) if "clock" in options else None
        size = PHONE if options.get("viewport") == "phone" else DESKTOP
        clock = timezone.now() + away if away is not None else None
        everybody[role] = Desk(cast, role, account, page(account, size, clock))
        cast.desks.append(everybody[role])
    code = services.issue_screen(session, actor=recorder).code
    everybody["screen"] = cast.screen = Screen(cast, code, page(None, HALL))
    everybody["guest"] = Guests(cast, lambda: page(None, PHONE))
    everybody["office"] = Office(cast, recorder, page(recorder))
    if any(step.role == "phone" for step in script.steps):
        everybody["phone"] = Phone(cast, owner, telephone(), wire)
    return cast, everybody


@pytest.mark.parametrize("path", sorted(scripts.FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_it_is_played_and_every_line_is_there_once_and_in_order(stage: Any, path: Path) -> None:
    script = scripts.load(path)
    cast, everybody = stage(script)
    acts = [(step, scripts.act_of(everybody, step)) for step in script.steps]
    for step, act in acts:
        try:
            act()
        except Exception as error:
            error.add_note(str(step))
            picture(everybody, f"{script.name}-{step.number}-failed")
            raise
        if step.role == "screen":
            picture(everybody, f"{script.name}-{step.number}")
    everybody["office"].check(script.facts)
    assert cast.too_late == []


def picture(everybody: dict[str, Any], name: str) -> None:
    """All four as they stand, for who wants to look at them: ``CONSULT_PICTURES=folder``."""
    if folder := os.environ.get("CONSULT_PICTURES"):
        for role, one in everybody.items():
            if isinstance(getattr(one, "page", None), Page):
                with contextlib.suppress(Exception):
                    one.page.screenshot(path=f"{folder}/{name}-{role}.png", full_page=role != "screen")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["moderator", "sings", {}], "he cannot do this"),
        (["moderator", "_seen", {}], "he cannot do this"),
        (["mayor", "say", {}], "nobody plays this role"),
        (["moderator", "say", {"loudly": True}], "unexpected keyword argument|missing a required argument"),
    ],
)
def test_a_script_with_an_unknown_word_is_refused_by_name(row: list[Any], why: str) -> None:
    cast = {"moderator": Desk(Cast(None, ""), "moderator", None, None)}  # type: ignore[arg-type]  # nobody opens a page
    with pytest.raises(scripts.Unplayable, match=f"step 7: {row[0]} {row[1]}.*({why})"):
        scripts.act_of(cast, scripts.Step(7, *row))
