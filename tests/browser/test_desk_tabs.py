"""The recorder's desk on a narrow window: its columns are tabs, by mouse, keyboard, address; without scripts, not."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import expect

from sessions import services
from tests.browser.conftest import PHONE
from tests.browser.test_live import SOON, desk_of, hall, say  # noqa: F401  the fixture of a running session
from tests.browser.test_pages import look_at_size
from tests.factories import sessions as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(120),
]
NARROW = {"width": 1024, "height": 768}
PARTS = ("#clock", "#said", "#agreed", "#signin")


def seen(page: Any) -> list[str]:
    return [part for part in PARTS if page.locator(part).is_visible()]


def test_tabs_by_mouse_keys_and_address(visit: Any, hall: Any) -> None:  # noqa: F811  the fixture
    page = desk_of(visit, hall.recorder, hall.session, viewport=NARROW)
    tab = page.get_by_role("tab")
    expect(tab).to_have_count(4)
    expect(page.get_by_role("tab", selected=True)).to_contain_text("发言")
    assert seen(page) == ["#said"]
    say(page, "第 1 句")
    expect(page.locator("#tab-said")).to_have_text("发言记录 1", timeout=SOON)
    page.locator("#tab-said").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-agreed")).to_be_focused()
    expect(page.locator("#agreed")).to_be_visible()
    assert seen(page) == ["#agreed"]
    page.keyboard.press("End")
    expect(page.locator("#queue")).to_be_attached()
    assert seen(page) == ["#signin"]
    assert page.url.endswith("#pane-people")
    page.reload()
    expect(page.locator("#tab-people")).to_have_attribute("aria-selected", "true")
    # What another recorder writes is counted on a tab that is not open.
    services.agree_point(hall.session, hall.session.topics.get(), "月底前把门打开。", "agreed", actor=hall.moderator)
    expect(page.locator("#tab-agreed .js-n")).to_have_text("1", timeout=SOON)
    # A key that leads into another tab brings it forward; one that leads nowhere leaves the typing alone.
    page.keyboard.press("Alt+d")
    expect(page.locator("#keep_dissent textarea")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#who")).to_be_focused()
    page.locator("#add_statement [name=text]").fill("正在打")
    page.keyboard.press("Alt+n")
    expect(page.locator("#tab-agenda .js-n")).to_have_text("1/3", timeout=SOON)
    expect(page.locator("#add_statement [name=text]")).to_be_focused()
    # Wide again, all columns stand there.
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.locator("#agreed")).to_be_visible()
    assert seen(page) == list(PARTS)
    expect(page.locator("#desk-tabs")).to_be_hidden()


def test_without_scripts_all_stands_one_below_the_other(visit: Any, hall: Any) -> None:  # noqa: F811  the fixture
    page = visit(hall.recorder, viewport=PHONE, java_script_enabled=False)
    page.goto(f"/sessions/{hall.session.uuid}/record/")
    expect(page.locator("#said")).to_be_visible()
    assert seen(page) == list(PARTS)
    expect(page.locator("#desk-tabs")).to_be_hidden()


def test_each_tab_fits_and_shuts_nobody_out(visit: Any, hall: Any) -> None:  # noqa: F811  the fixture
    make.written(hall.session)
    page = desk_of(visit, hall.recorder, hall.session, viewport=PHONE)
    found = []
    for size in (PHONE, NARROW):
        page.set_viewport_size(size)
        for name in ("agenda", "said", "agreed", "people"):
            page.locator(f"#tab-{name}").click()
            expect(page.locator(f"#pane-{name}")).to_be_visible()
            found += look_at_size(page, f"tab-{name}")
    assert found == []
