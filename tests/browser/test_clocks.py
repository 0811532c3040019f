"""Clocks of desks go wrong and are put back: no line loses its place, no word its newer version (F19, F20)."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import people
from tests.factories import sessions as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(120),
]
HOUR = timedelta(hours=1)
CUT = "ERR_INTERNET_DISCONNECTED"


def desk(page: Any, session: Any) -> Any:
    page.goto(f"/sessions/{session.uuid}/record/")
    expect(page.locator("html.zb-desk-ready")).to_have_count(1)
    return page


def say(page: Any, text: str) -> None:
    page.locator("#add_statement [name=participant]").select_option(index=1)
    page.locator("#add_statement [name=text]").fill(text)
    page.keyboard.press("Control+Enter")


def test_lines_that_wait_keep_their_order_when_the_clock_is_put_back(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    session = make.in_progress(host)
    page = visit(people.office(host), forgiven=CUT)
    page.context.clock.install(time=timezone.now() + 3 * HOUR)
    desk(page, session)
    page.context.set_offline(True)
    texts = []
    for n, hours in enumerate((3, 1, -2), 1):
        page.clock.set_system_time(timezone.now() + hours * HOUR)
        for part in "ab":
            texts.append(f"第 {n} 轮 {part}")
            say(page, texts[-1])
            expect(page.locator("#unsent li")).to_have_count(len(texts))
    assert page.locator("#unsent .zb-pre").all_inner_texts() == texts
    page.context.set_offline(False)
    expect(page.locator("#said-list .zb-pre")).to_have_text(texts, timeout=15_000)
    rows = list(session.statements.order_by("position"))
    assert [row.text for row in rows] == texts
    assert all(abs(row.created_at - timezone.now()) < timedelta(minutes=2) for row in rows)


def test_a_clock_hours_away_shows_the_right_times(visit: Any, transactional_db: Any) -> None:
    """What the clock of the agenda has left, when a line was noted, and that it was not typed hours ago."""
    host = people.host()
    session = make.in_progress(host)
    page = visit(people.office(host))
    page.context.clock.install(time=timezone.now() - 5 * HOUR)
    desk(page, session)
    page.locator("#add_statement [name=text]").focus()
    page.keyboard.press("Alt+n")
    expect(page.locator("#clock li.k .js-left")).to_contain_text("04:5")
    say(page, "门一直锁着")
    row = page.locator("#said-list .js-said")
    expect(row.locator("time")).to_have_text(timezone.localtime().strftime("%H:%M"))
    expect(row).not_to_contain_text("写的")
    said = session.statements.get()
    assert abs(said.claimed_at - said.created_at) < timedelta(minutes=1)
    expect(page.locator("#saved")).not_to_contain_text("待上传")


def test_the_newer_words_win_when_the_clock_was_put_back_and_the_browser_fell(
    visit: Any, transactional_db: Any
) -> None:
    """localStorage had not reached the disk, IndexedDB had: its later stamp counts although the clock says earlier."""
    host = people.host()
    session = make.in_progress(host)
    page = visit(people.office(host), forgiven=CUT)
    page.context.clock.install(time=timezone.now())
    desk(page, session)
    page.context.set_offline(True)
    field = page.locator("#add_statement [name=text]")
    field.fill("旧的半句")
    before = page.evaluate("JSON.stringify(localStorage)")
    page.clock.set_system_time(timezone.now() - HOUR)
    field.fill("旧的半句，后来又打了几个字")
    page.wait_for_timeout(300)
    page.evaluate(
        "text => { const kept = JSON.parse(text); localStorage.clear();"
        " for (const key of Object.keys(kept)) localStorage.setItem(key, kept[key]); }",
        before,
    )
    context = page.context
    context.route("**/record/desk/", lambda route: route.abort())  # nor had it reached the server
    page.close()  # without a word to the page
    context.set_offline(False)
    page = desk(context.new_page(), session)
    expect(page.locator("#add_statement [name=text]")).to_have_value("旧的半句，后来又打了几个字")
