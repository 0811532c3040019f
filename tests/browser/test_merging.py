"""Two save the same minutes: who comes second chooses paragraph by paragraph, also without scripts, also on a phone."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from sessions import services
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_pages import look_at_size
from tests.factories import people
from tests.factories import sessions as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(120),
]


@pytest.mark.parametrize("scripts", [True, False])
def test_who_comes_second_chooses(visit: Any, transactional_db: Any, scripts: bool) -> None:
    minutes = make.drafted()
    host = minutes.session.host
    one, two = people.office(host), people.office(host)
    page = visit(two, java_script_enabled=scripts, forgiven="409")
    page.goto(reverse("sessions:revise_minutes", args=[minutes.uuid]))
    box = page.locator("textarea[name=body]")
    text = box.input_value()
    services.revise_minutes(minutes, actor=one, body=text.replace("月底前", "十二月十日前"), version=1)
    box.fill(text.replace("月底前", "这个月里") + "\n附：签到册")
    page.locator("form.zb-revise .btn-ink").click()
    picks = page.locator("fieldset.zb-pick")
    expect(picks).to_have_count(2)
    expect(picks.nth(0)).to_contain_text("两边都改过")
    expect(picks.nth(1).get_by_label("您写的")).to_be_checked()
    if scripts:
        found = []
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            found += look_at_size(page, "choose paragraph by paragraph")
        assert found == []
    picks.nth(0).locator("input[value=theirs]").check()
    page.get_by_role("button", name="按选的保存").click()
    expect(page.get_by_text("附：签到册")).to_be_visible()
    minutes.refresh_from_db()
    assert (minutes.version, "十二月十日前" in minutes.body, "这个月里" in minutes.body) == (3, True, False)
