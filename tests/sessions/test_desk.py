"""The desk of the recorder in a browser: without a mouse, through a reload, a second recorder and a dead network."""

from __future__ import annotations

import os

import pytest
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from consult.launcher.browser import executable
from sessions.models import ConsultSession
from tests.factories import people
from tests.factories import sessions as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SPOKEN, TYPED, TROUBLE = "#said-list > li time", "#add_statement textarea", "#add_statement .js-trouble"


@pytest.fixture
def visit(live_server):
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])

        def _visit(account):
            context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=live_server.url)
            context.set_default_timeout(10_000)
            visitor = Client()
            visitor.force_login(account)
            name, value = "sessionid", visitor.cookies["sessionid"].value
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
            return context.new_page()

        yield _visit
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


def test_a_session_is_recorded_with_the_keyboard_alone(visit):
    host = people.host()
    session = make.in_progress(host)
    first, second = visit(make.clerk(host)), visit(people.office(host))
    for page in (first, second):
        page.goto(f"/sessions/{session.uuid}/record/")
    first.keyboard.press("Control+k")
    first.keyboard.press("ArrowDown")
    first.locator(TYPED).focus()
    first.keyboard.press("Alt+3")
    first.keyboard.type("老摊主原证照继续有效")
    first.keyboard.press("Control+Enter")
    expect(first.locator(SPOKEN)).to_have_count(1)
    expect(first.locator(TYPED)).to_have_value("")
    expect(first.locator(TYPED)).to_be_focused()
    first.keyboard.type("第二句，接着说")
    first.keyboard.press("Control+Enter")
    expect(second.locator(SPOKEN)).to_have_count(2, timeout=12_000)
    spoken = session.statements.order_by("position").values_list("kind", "text")
    assert list(spoken) == [("answer", "老摊主原证照继续有效"), ("answer", "第二句，接着说")]

    first.keyboard.type("转成共识的一句")
    first.keyboard.press("Alt+g")
    expect(first.locator("#agree_point textarea")).to_have_value("转成共识的一句")
    first.keyboard.press("Control+Enter")
    expect(first.locator("#agreed .zb-points > li > b")).to_have_count(1)
    first.keyboard.press("Alt+q")
    first.keyboard.press("Enter")
    expect(first.locator("#signin .zb-cnt")).to_contain_text("8")
    first.keyboard.press("Alt+n")
    expect(first.locator("#clock li.k")).to_have_count(1)


def test_nothing_typed_is_lost(visit):
    host = people.host()
    session = make.in_progress(host)
    page = visit(make.clerk(host))
    page.goto(f"/sessions/{session.uuid}/record/")
    page.locator(TYPED).focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"{TROUBLE} .zb-errsum")).to_be_visible()
    page.locator(TYPED).fill("谁说的还没选")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"{TROUBLE} .zb-errsum")).to_contain_text("请写谁说的")
    expect(page.locator(TYPED)).to_have_value("谁说的还没选")
    expect(page.locator("#unsent li")).to_have_count(0)
    page.select_option("[name=participant]", index=1)
    page.locator(TYPED).fill("没写完的一句")
    page.wait_for_timeout(700)
    page.reload()
    expect(page.locator(TYPED)).to_have_value("没写完的一句")
    page.context.set_offline(True)
    page.locator(TYPED).focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#unsent li")).to_contain_text("没写完的一句")
    expect(page.locator("#saved")).to_contain_text("不会丢")
    page.context.set_offline(False)
    expect(page.locator(SPOKEN)).to_have_count(1, timeout=8_000)
    expect(page.locator("#unsent li")).to_have_count(0)
    assert ConsultSession.objects.get().statements.get().text == "没写完的一句"
