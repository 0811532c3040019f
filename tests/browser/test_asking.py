"""申请发言 in Chromium: who scanned asks for the floor on his telephone; the recorder and the hall see it at once."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import expect

from sessions import services
from sessions.services import pulse, sign_in
from tests.browser.conftest import PHONE
from tests.browser.test_live import SOON, desk_of
from tests.browser.test_pages import faults
from tests.factories import people
from tests.factories import sessions as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(120),
]
ROSTER = [
    {"category": "resident", "name": "龙蟠南苑居民", "count": 30},
    {"category": "department", "organisation_name": "区住建局", "name": "股室负责人"},
]


def test_a_villager_scans_chooses_his_group_and_asks_for_the_floor(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    session = make.in_progress(host, participants=ROSTER)
    recorder = people.office(host)
    screen = services.issue_screen(session, actor=recorder)
    pulse.forget_all()
    desk = desk_of(visit, recorder, session)
    hall = visit(None)
    hall.goto(f"/live/{screen.code}/")
    page = visit(viewport=PHONE, java_script_enabled=False)
    page.goto(sign_in.screen_link(session))
    page.get_by_label("您的姓名").fill("李大伯")
    page.get_by_label("群众", exact=True).check()
    page.get_by_label("龙蟠南苑居民（群众）").check()
    page.get_by_role("button", name="签到").click()
    page.get_by_role("button", name="申请发言").click()
    expect(page.get_by_text("已申请发言，下一位就是您")).to_be_visible()
    expect(desk.locator("#queue .zb-waiting")).to_contain_text("李大伯", timeout=SOON)
    expect(hall.locator(".lv-q li")).to_have_count(1, timeout=SOON)
    expect(hall.locator("body")).not_to_contain_text("李大伯")
    expect(hall.locator(".lv-came b")).to_have_text("1")
    desk.locator("#queue .js-speaks").click()
    expect(desk.locator("#queue .zb-floor")).to_contain_text("李大伯")
    page.reload()
    expect(page.get_by_text("轮到您发言")).to_be_visible()
    assert session.participants.get(name="李大伯").listed_in.name == "龙蟠南苑居民"
    path = page.url
    page.context.close()
    assert faults(visit, None, [path, sign_in.screen_link(session)]) == []
    pulse.forget_all()
