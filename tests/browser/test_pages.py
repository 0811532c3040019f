"""Every main page at a desk and on a phone: nothing sticks out, nobody is shut out, nothing is complained of."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from consult.delivery import tell
from members.states import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import notices, outcomes, people, sessions, topics
from tests.factories.topics import TONGLE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(240),
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
ENGLISH = r"""() => {
  const words = [...document.body.querySelectorAll("main, header, footer")].map(part => part.innerText).join(" ");
  return (words.match(/[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}/g) || []).slice(0, 3);
}"""


def look(page: Page, path: str) -> list[str]:
    """What is wrong with a page at a desk and, folded up, on a phone."""
    page.set_viewport_size(DESKTOP)
    answer = page.goto(path)
    if answer is None or answer.status != 200:
        return [f"{path}: {answer and answer.status}"]
    expect(page.locator(".htmx-request")).to_have_count(0)
    found = [] if page.locator("h1").count() == 1 else [f"{path}: {page.locator('h1').count()} main headings"]
    found += [f"{path}: {english}" for english in page.evaluate(ENGLISH)]
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found += [f"{path} at {size['width']}: {fault}" for fault in look_at_size(page, path)]
    return found


def look_at_size(page: Page, path: str) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if folder := os.environ.get("CONSULT_PICTURES"):
        name = path.strip("/").replace("/", "_")[:60] or "home"
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)
    found = [f"{wide}px too wide"] if wide > 0 else []
    for one in Axe().run(page, options=RULES).response["violations"]:
        found.append(f"{one['id']} {[node['html'][:160] for node in one['nodes']][:3]}")
    return found


def faults(visit: Callable[..., Page], account: Any, paths: list[str]) -> list[str]:
    page = visit(account)
    return [fault for path in paths for fault in look(page, path)]


def of(thing: Any) -> str:
    return str(thing.get_absolute_url())


def test_the_office(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office = people.office(host)
    waiting, pooled = topics.slip(host), topics.pooled(host, "formal")
    topics.returned(host)
    running, held = sessions.written(sessions.in_progress(host)), sessions.filed()
    planned, room = sessions.planned(host), sessions.room(host)
    late = outcomes.in_progress(host, on=outcomes.day(200))
    replied, done = outcomes.replied(host), outcomes.closed(host)
    draft, posted = notices.drafted(host), notices.running(host)
    tell(office, key="a", title="有一张新点单要初审", url=of(waiting))
    lists = ["desk:today", "topics:list", "topics:hand_in", "sessions:list", "sessions:plan", "sessions:rooms"]
    lists += ["outcomes:list", "outcomes:overdue", "outcomes:outcomes", "outcomes:notices", "desk:inbox", "desk:search"]
    lists += ["desk:choices", "desk:log", "desk:events", "desk:channels", "desk:robot_new", "desk:wordings"]
    one = [waiting, pooled, planned, running, held, room, late, replied, done, done.outcome, draft, posted]
    paths = [*map(reverse, lists), *map(of, one)]
    paths += [reverse("sessions:record", args=[running.uuid]), reverse("sessions:close", args=[running.uuid])]
    paths += [reverse("topics:pool", args=[waiting.uuid]), reverse("topics:approve", args=[pooled.uuid])]
    paths += [reverse("outcomes:verify", args=[replied.uuid]), reverse("outcomes:issue", args=[late.outcome.uuid])]
    paths += [reverse("desk:chain", args=[done.topic.uuid]), reverse("outcomes:slip", args=[late.uuid])]
    assert faults(visit, office, paths) == []


def test_everybody_else(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    accounts = topics.everyone(host)
    member = people.member(host)
    convenor = people.convenor(host, TONGLE)
    unit = outcomes.unit(host, "区城市管理局")
    late = outcomes.in_progress(host, lead=unit, on=outcomes.day(200))
    pooled = topics.pooled(host)
    registrar, supervisor = accounts[Role.REGISTRAR], accounts[Role.SUPERVISOR]
    people_lists = ["members", "groups", "convenors", "organisations"]
    rounds: list[tuple[Any, list[str]]] = [
        (accounts[Role.MEMBER], [*map(reverse, ["desk:today", "topics:to_claim", "sessions:log"]), of(pooled)]),
        (outcomes.liaison(unit), [reverse("outcomes:desk"), reverse("outcomes:desk") + "?step=done", of(late)]),
        (supervisor, [reverse("desk:today"), reverse("outcomes:list")]),
        (registrar, [*(reverse(f"members:{name}") for name in [*people_lists, "accounts", "settings", "account_new"])]),
        (registrar, [of(member), of(convenor), of(unit), reverse("members:account", args=[registrar.uuid])]),
        (accounts[Role.APPROVER], [reverse("desk:today"), reverse("members:password"), reverse("desk:help")]),
    ]
    found = [fault for account, paths in rounds for fault in faults(visit, account, paths)]
    assert found == []


def test_the_public(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    posted, gone = notices.running(host), notices.withdrawn(host)
    board = reverse("board:home", args=[host.region_code])
    paths = ["/", board, f"{board}?q=没有这样的事", posted.board_url, reverse("desk:track"), reverse("members:sign_in")]
    paths.append(reverse("board:poster", args=[host.region_code, posted.uuid]))
    assert faults(visit, None, paths) == []
    assert visit().request.get(gone.board_url).status == 410
