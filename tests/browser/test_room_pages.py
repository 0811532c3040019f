"""Pages around the room fit a desk and a telephone and shut nobody out: links for remarks, what they open, mending."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from sessions import services
from sessions.services import remark_links as links
from sessions.services import suggestions
from tests.browser.conftest import PHONE
from tests.browser.test_pages import faults
from tests.factories import people
from tests.factories import sessions as make
from tests.factories.topics import clerk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(120),
]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_party_without_an_account_remarks_by_its_link(visit: Any, transactional_db: Any, scripts: bool) -> None:
    host = people.host()
    office = clerk(host)
    minutes = services.circulate_minutes(make.drafted(make.held(host)), actor=office)
    desk = visit(office)
    desk.goto(f"{minutes.get_absolute_url()}#remarks")
    desk.get_by_role("link", name="没有账号的各方的链接").click()
    desk.get_by_role("button", name="给 3 方出链接").click()
    expect(desk.get_by_text("3 方中 0 方已答复")).to_be_visible()
    link = minutes.remark_links.get(participant__name="居民代表")
    page = visit(viewport=PHONE, java_script_enabled=scripts, forgiven="422")
    page.goto(links.path_of(link))
    expect(page.get_by_text("明确公厕移交事项").first).to_be_visible()
    page.get_by_role("button", name="提交意见").click()
    expect(page.locator(".zb-errmsg, .zb-errsum").first).to_be_visible()
    page.get_by_label("改什么").or_(page.locator("#id_text")).first.fill("十二月十日前办完。")
    page.get_by_role("button", name="提交意见").click()
    expect(page.get_by_text("您的意见已记下，谢谢")).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("3 方中 1 方已答复")).to_be_visible()
    if scripts:
        assert faults(visit, None, [links.path_of(link)]) == []
        assert faults(visit, office, [reverse("sessions:remark_links", args=[minutes.uuid])]) == []


def test_a_line_of_the_list_is_mended_on_its_page(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office = clerk(host)
    session = make.announced(host)
    line = suggestions.invite_class(session, actor=office, category="enterprise")
    page = visit(office, forgiven="409")
    page.goto(f"{session.get_absolute_url()}#people")
    address = reverse("sessions:mend_line", args=[session.uuid, line.uuid])
    page.locator(f"a[href='{address}']").click()
    page.get_by_label("电话").fill("138 0000 5566")
    page.locator("[name=name]").fill("物业经理")
    services.mend_line(line, actor=people.office(host), version=1, name="商户代表")
    page.locator("form.js-mending .btn-ink").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator(".js-theirs")).to_have_text("商户代表")
    page.get_by_label("电话").fill("13800005566")
    page.locator("form.js-mending .btn-ink").click()
    expect(page.locator("#people")).to_contain_text("物业经理")
    page.goto(address)
    expect(page.locator(".zb-number")).to_contain_text("138****5566")
    page.get_by_role("button", name="查看号码").or_(page.locator(".zb-number button")).first.click()
    expect(page.locator(".zb-number")).to_contain_text("13800005566")
    assert faults(visit, office, [address, session.get_absolute_url()]) == []
