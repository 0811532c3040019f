"""The board in Chromium: it fits, nothing for axe to find, readable with large text, complete without scripts."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import sync_playwright

from consult.launcher.browser import executable
from outcomes import services
from tests.factories import notices, people
from tests.factories import outcomes as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
]
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def chromium():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def addresses(db):
    """Every kind of page of the board, and the pages of staff that show a paper."""
    host = people.host()
    topic = make.closed(host, on=make.day(40)).topic
    topic.marks = ["topic.problem", "assignments", "sessions.0.place"]
    topic.save()
    notice = notices.running(host, topic=topic)
    clerk = notices.reviewer(host)
    services.record_objection(notice, actor=clerk, text="晚上门前没有灯。")
    services.answer_objection(notice, actor=clerk, answer="已加装路灯一盏。")
    gone = notices.withdrawn(host)
    draft = notices.drafted(host, text="请打 13812345678。")
    staff = reverse("outcomes:notice", args=[draft.uuid])
    home = reverse("board:home", args=[host.region_code])
    return {
        "public": [home, f"{home}?q=无", f"{home}?year=x", notice.board_url, gone.board_url],
        "paper": [f"{notice.board_url}poster/"],
        "staff": [reverse("outcomes:notices"), staff, reverse("outcomes:review_notice", args=[draft.uuid])],
        "clerk": clerk,
    }


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_fit_and_are_open_to_everybody(chromium, live_server, addresses, viewport):
    visitor = Client()
    visitor.force_login(addresses["clerk"])
    session = {"name": "sessionid", "value": visitor.cookies["sessionid"].value, "url": live_server.url}
    complaints = []
    for kind in ("public", "paper", "staff"):
        scripts = kind == "staff"
        context = chromium.new_context(viewport=viewport, locale="zh-CN")
        if scripts:
            context.add_cookies([session])
        for path in addresses[kind]:
            page = context.new_page()
            page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
            page.goto(f"{live_server.url}{path}")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path}: {wide}px too wide"
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == [], path
            page.close()
        context.close()
    assert complaints == []


def test_large_text_fits_and_scripts_are_not_needed(chromium, live_server, addresses):
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=True)
    for path in addresses["public"]:
        page = context.new_page()
        page.goto(f"{live_server.url}{path}")
        page.evaluate("document.documentElement.style.fontSize = '22.4px'")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert page.locator("script:not([type='application/ld+json'])").count() == 0, path
    context.close()
