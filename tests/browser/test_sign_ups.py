"""报名 in Chromium: the office offers seats, two sign up on their telephones, one withdraws and the other moves up."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sessions.services import sign_ups
from tests.browser.conftest import PHONE
from tests.browser.test_pages import faults
from tests.factories import sessions as make
from tests.factories.topics import clerk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(120),
]


def sign_up(page: Page, url: str, name: str) -> None:
    page.goto(url)
    page.get_by_label("姓名").fill(name)
    page.locator("input[name=category][value=resident]").check()
    page.get_by_role("button", name="报名", exact=True).click()


def test_the_second_waits_until_the_first_withdraws(visit: Any, transactional_db: Any) -> None:
    session = make.announced()
    office = clerk(session.host)
    desk = visit(office)
    desk.goto(f"{session.get_absolute_url()}#seats")
    desk.get_by_label("报名名额").fill("1")
    desk.get_by_role("button", name="保存名额").click()
    expect(desk.get_by_label("报名链接")).to_have_value(f"{desk.url.partition('/sessions')[0]}{link_of(session)}")
    first, second = visit(viewport=PHONE), visit(viewport=PHONE, java_script_enabled=False)
    sign_up(first, link_of(session), "王秀兰")
    expect(first.get_by_role("heading", name="报上了，第 1 位")).to_be_visible()
    sign_up(second, link_of(session), "李大伯")
    expect(second.get_by_text("名额满了，候补第 1 位")).to_be_visible()
    desk.reload()
    expect(desk.locator("#seats")).to_contain_text("已报上 1 人，候补 1 人")
    assert faults(visit, office, [session.get_absolute_url()]) == []
    assert faults(visit, None, [link_of(session), first.url.replace(first.url.partition("/j/")[0], "")]) == []
    first.get_by_role("button", name="撤回我的报名").click()
    expect(first.get_by_text("您的报名已撤回")).to_be_visible()
    second.goto(link_of(session))
    expect(second.get_by_role("heading", name="报上了，第 1 位")).to_be_visible()
    desk.reload()
    expect(desk.locator("#people")).to_contain_text("李大伯")


def link_of(session: Any) -> str:
    return sign_ups.sign_up_link(session)
