"""The same forms where scripts do not run: old browsers of offices, blocked scripts, a page that came half."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from outcomes.models import PublicNotice
from sessions.models import ConsultSession
from tests.browser.conftest import PHONE
from tests.factories import outcomes, people, sessions, topics
from tests.factories.topics import WANQIAO
from topics.models import Topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
]


def send(page: Page, form: str = "main form.js-form") -> None:
    with page.expect_navigation():
        page.locator(f"{form} .btn-ink").last.click()
    trouble = page.locator(".zb-errsum, .zb-note.zhu")
    assert trouble.count() == 0, trouble.first.inner_text()


def test_every_step_of_the_chain(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office = topics.clerk(host)
    page = visit(office, java_script_enabled=False)
    _hand_in(page)
    _take_into_the_pool(page)
    _plan(page, topics.claimed(host))
    _speak_and_write(page, sessions.in_progress(host))
    _publish(page, outcomes.closed(host).topic)
    assignment = outcomes.in_progress(host)
    _answer(visit(outcomes.liaison(assignment.lead_unit), PHONE, java_script_enabled=False))
    assignment.refresh_from_db()
    assert assignment.state == "replied"


def _hand_in(page: Page) -> None:
    page.goto("/topics/new/")
    page.fill("[name=title]", "三号楼的灯不亮")
    page.fill("[name=problem]", "楼道灯坏了一个月，晚上看不见台阶。")
    page.fill("[name=region_code]", WANQIAO)
    page.fill("[name=name]", "居民代表")
    send(page)
    assert page.url.endswith("/receipt/")


def _take_into_the_pool(page: Page) -> None:
    topic = Topic.objects.get(title="三号楼的灯不亮")
    page.goto(reverse("topics:pool", args=[topic.uuid]))
    for name in ("small_cut", "wide_reach", "vital_interest", "consultable"):
        page.check(f"[name={name}]")
    page.check("[name=profile][value=micro]", force=True)
    page.select_option("[name=category]", index=1)
    send(page)
    topic.refresh_from_db()
    assert topic.state == "pooled"


def _plan(page: Page, topic: Topic) -> None:
    page.goto(reverse("sessions:plan") + f"?topic={topic.uuid}")
    begin = timezone.localtime() + timedelta(days=2)
    page.fill("[name=starts_at]", begin.strftime("%Y-%m-%dT14:00"))
    page.fill("[name=ends_at]", begin.strftime("%Y-%m-%dT16:00"))
    for name, text in {
        "place": "三号楼前的院坝",
        "convenor_name": "街道召集人",
        "lead_name": "小组组长",
        "moderator_name": "召集人",
        "recorder_name": "社区工作人员",
    }.items():
        page.fill(f"[name={name}]", text)
    page.select_option("[name=p0_category]", "resident")
    page.fill("[name=p0_name]", "居民代表")
    send(page)
    assert ConsultSession.objects.filter(topics=topic, state="planned").exists()


def _speak_and_write(page: Page, session: ConsultSession) -> None:
    sessions.written(session)
    page.goto(reverse("sessions:record", args=[session.uuid]))
    page.select_option("#add_statement [name=participant]", index=1)
    page.fill("#add_statement [name=text]", "先把灯修好，再说换线。")
    with page.expect_navigation():
        page.locator("#add_statement .btn-ink").click()
    assert "先把灯修好，再说换线" in page.inner_text("#said")
    page.goto(reverse("sessions:close", args=[session.uuid]))
    send(page)
    page.goto(reverse("sessions:draft_minutes", args=[session.uuid]))
    send(page)
    assert "先把灯修好" in page.inner_text("main")
    with page.expect_navigation():
        page.locator("main a[href$='/file/']").first.click()
    send(page)
    assert "待审签" in page.inner_text("main")


def _publish(page: Page, topic: Topic) -> None:
    page.goto(reverse("outcomes:draft_notice", args=[topic.uuid]))
    with_words = page.locator("main form [name=title]")
    assert with_words.input_value()
    send(page)
    assert PublicNotice.objects.filter(topic=topic, state="drafted").exists()


def _answer(page: Page) -> None:
    page.goto(reverse("outcomes:desk") + "?step=done")
    page.check("[name=reply_class][value=A]", force=True)
    page.fill("[name=measures]", "换了十二盏灯，检查了线路。")
    page.fill("[name=result]", "三号楼到六号楼的灯都亮了。")
    page.fill("[name=contact_on]", timezone.localdate().isoformat())
    page.check("[name=contact_method][value=phone]", force=True)
    send(page)
