"""签到 and 回执 in Chromium: on a phone, without an account, without scripts; pages fit and shut nobody out."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from sessions import services
from sessions.models import CheckIn
from sessions.services import calendar, sign_in, slips
from tests.browser.conftest import PHONE
from tests.browser.test_pages import faults
from tests.factories import people, sessions, topics
from tests.factories.topics import clerk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(240),
]
ROSTER = [
    {"category": "resident", "name": "王秀兰", "chosen_how": "各楼推选"},
    {"category": "resident", "name": "居民代表", "count": 8, "chosen_how": "抽签"},
    {"category": "department", "organisation_name": "区住建局", "name": "股室负责人"},
]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_villager_scans_and_is_signed_in(visit: Any, transactional_db: Any, scripts: bool) -> None:
    session = sessions.in_progress(participants=ROSTER)
    page = visit(viewport=PHONE, java_script_enabled=scripts)
    page.goto(sign_in.screen_link(session))
    expect(page.get_by_role("heading", name=session.title)).to_be_visible()
    page.get_by_label("您的姓名").fill("王秀兰")
    page.get_by_label("群众", exact=True).check()
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_role("heading", name="已签到")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("王秀兰")
    assert session.participants.get(name="王秀兰").attendance == "present"
    page.go_back()
    page.reload()
    assert CheckIn.objects.count() == 1


def test_who_cannot_scan_types_six_characters(visit: Any, transactional_db: Any) -> None:
    session = sessions.in_progress(participants=ROSTER)
    page = visit(viewport=PHONE, forgiven="404")
    page.goto("/s/")
    page.get_by_label("屏幕上的签到码").fill("AAAAAA")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("没有正在开的会用这个签到码")).to_be_visible()
    page.get_by_label("屏幕上的签到码").fill(session.sign_in_code.lower())
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("您的姓名").fill("过路商户")
    page.get_by_label("企业、物业", exact=True).check()
    page.get_by_text("我是代别人来的").click()
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_role("heading", name="已签到")).to_be_visible()
    assert CheckIn.objects.get().how == "code"


def test_a_member_taps_once(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    member = people.account("member", host)
    session = sessions.announced(host)
    sessions.invite(session, member)
    session = services.open_session(session, actor=clerk(host))
    page = visit(member, viewport=PHONE)
    page.goto(sign_in.screen_link(session))
    page.get_by_role("button", name="我到了").click()
    expect(page.get_by_role("heading", name="已签到")).to_be_visible()
    assert session.participants.get(account=member).attendance == "present"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_slip_is_answered_and_changed(visit: Any, transactional_db: Any, scripts: bool) -> None:
    session = sessions.announced(participants=ROSTER)
    page = visit(viewport=PHONE, java_script_enabled=scripts, forgiven="422")
    page.goto(slips.slip_link(session.participants.get(name="王秀兰")))
    page.get_by_label("请假", exact=True).check()
    page.get_by_role("button", name="回复").click()
    expect(page.get_by_text("请写明为什么请假").or_(page.locator(".zb-errmsg")).first).to_be_visible()
    page.get_by_label("来不了的原因").or_(page.locator("#id_reason")).first.fill("去县城看病")
    page.get_by_role("button", name="回复").click()
    expect(page.get_by_text("已收到，谢谢")).to_be_visible()
    line = session.participants.get(name="王秀兰")
    assert (line.reply, line.reply_reason) == ("excused", "去县城看病")


def test_its_pages_fit_and_shut_nobody_out(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office = clerk(host)
    topic = topics.claimed(host, stakeholders=["resident", "department", "enterprise"])
    announced = sessions.announced(host, topics=[topic], participants=ROSTER)
    running = sessions.in_progress(host, participants=ROSTER)
    admission = sign_in.admit(sign_in.screen_token(running))
    signed = sign_in.check_in(admission, key=announced.uuid, name="王秀兰", category="resident")
    line = running.participants.get(name="股室负责人")
    public = ["/s/", sign_in.screen_link(running), reverse("sign_in:done", args=[signed.uuid])]
    public.append(slips.slip_link(announced.participants.get(name="王秀兰")))
    assert faults(visit, None, public) == []
    calendar.renew_feed(office)
    paths = [announced.get_absolute_url(), reverse("sessions:slips", args=[announced.uuid])]
    paths += [reverse("sessions:calendar"), reverse("sessions:proxy", args=[running.uuid, line.uuid])]
    paths += [reverse("sessions:record", args=[running.uuid])]
    assert faults(visit, office, paths) == []


def test_its_papers(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    session = sessions.in_progress(host, participants=ROSTER)
    sign_in.check_in(sign_in.admit(sign_in.screen_token(session)), key=session.uuid, name="王秀兰", category="resident")
    page = visit(clerk(host))
    for name in ("print_sheet", "print_poster", "print_notice"):
        path = reverse(f"sessions:{name}", args=[session.uuid])
        assert page.goto(path).status == 200
        if folder := os.environ.get("CONSULT_PICTURES"):
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    expect(page.locator("svg.qr")).to_have_count(3)
