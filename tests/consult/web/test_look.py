"""The shared parts in Chromium: no horizontal scrolling, nothing for axe to find, scripts that keep their promises."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import sync_playwright

from consult.launcher.browser import executable
from tests.consult.web.gallery.site import UUID

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
]
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PAGES = {
    "signs": "/",
    "board": "/board/",
    "list": "/regions/",
    "paper": f"/papers/{UUID}/",
    "move": f"/papers/{UUID}/turn_back/",
    "form": "/everything/",
    "missing": "/nowhere/",
}
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
def open_page(chromium, live_server, gallery, clerk):
    """A page of somebody who is signed in; errors of scripts and of the policy are failures."""
    visitor = Client()
    visitor.force_login(clerk)
    session = {"name": "sessionid", "value": visitor.cookies["sessionid"].value, "url": live_server.url}
    contexts, complaints = [], []

    def open_(path, viewport=DESKTOP, **options):
        context = chromium.new_context(viewport=viewport, locale="zh-CN", **options)
        contexts.append(context)
        context.add_cookies([session])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_and_are_open_to_everybody(open_page, name, viewport):
    page = open_page(PAGES[name], viewport)
    if folder := os.environ.get("CONSULT_PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{viewport['width']}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide}px too wide"
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []


def test_large_text_still_fits(open_page):
    for path in ("/board/", "/everything/"):
        page = open_page(path, PHONE)
        page.evaluate("document.documentElement.style.fontSize = '22.4px'")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_form_is_sent_once_and_says_so(open_page, gallery):
    page = open_page(f"/papers/{UUID}/turn_back/")
    page.fill("#id_reason", "请补上时限")
    page.evaluate(
        "document.querySelector('form').addEventListener('submit', e => window.sent = (window.sent || 0) + 1)"
    )
    page.evaluate("addEventListener('submit', event => event.preventDefault())")  # the answer never comes
    button = page.locator("main form button.btn-ink")
    button.click()
    page.wait_for_selector("main form button[aria-busy=true]:disabled")
    assert "正在提交" in button.inner_text()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(open_page):
    page = open_page(f"/papers/{UUID}/turn_back/")
    page.click("main form button.btn-ink")
    page.wait_for_selector(".zb-errsum")
    assert page.evaluate("document.activeElement.className").startswith("zb-errsum")
    page.click(".zb-errsum a")
    assert page.evaluate("document.activeElement.id") == "id_reason"


def test_what_is_typed_survives_a_closed_page_until_it_is_sent(open_page, gallery):
    page = open_page("/everything/")
    page.fill("#id_title", "充电桩不够用")
    page.fill("#id_phone", "13800005566")
    page.check("input[name=kind][value=b]")
    page.wait_for_selector(".js-saved:not(:empty)")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "充电桩不够用" in kept
    assert "13800005566" not in kept  # numbers of people stay out of the browser's memory
    page.reload()
    assert page.input_value("#id_title") == "充电桩不够用"
    assert page.is_checked("input[name=kind][value=b]")
    page.fill("#id_problem", "晚上排不上")
    page.fill("#id_region_code", "341103000000")
    page.fill("#id_due", "2030-12-20")
    page.select_option("#id_source", "resident")
    page.click("main form button.btn-ink")
    page.wait_for_url(f"**/papers/{UUID}/")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('zb:draft:')).length") == 0
    assert page.locator(".zb-toast").inner_text().strip().startswith("已保存")


def test_a_draft_survives_the_end_of_a_session(open_page, settings, live_server):
    page = open_page("/everything/")
    page.fill("#id_title", "充电桩不够用")
    page.context.clear_cookies(name="sessionid")
    settings.LOGIN_URL = "/sign-in/"  # a page that asks for a password
    page.click("main form button.btn-ink")
    page.wait_for_url("**/sign-in/**")
    assert "充电桩不够用" in page.evaluate("JSON.stringify(localStorage)")


def test_a_place_is_chosen_from_suggestions(open_page):
    page = open_page("/everything/")
    page.type("#id_region_code", "井楠")
    page.click(".zb-region-list button")
    assert page.input_value("#id_region_code").startswith("341103")
    assert "井楠" in page.inner_text(".zb-region .picked")


def test_ledgers_are_walked_by_keys(open_page):
    page = open_page("/regions/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr.on").count() == 1
    assert (
        page.evaluate("[...document.querySelectorAll('tbody tr')].findIndex(row => row.classList.contains('on'))") == 1
    )
    page.keyboard.press("k")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"


def test_filters_swap_the_list_and_keep_the_address(open_page):
    page = open_page("/regions/")
    page.select_option("#id_parent", "341103000000") if page.locator("select#id_parent").count() else None
    page.fill("#id_q", "镇")
    page.press("#id_q", "Enter")
    page.wait_for_url("**q=%E9%95%87**")
    assert page.locator("main h1").count() == 1
    assert all("镇" in text for text in page.locator("#list .ttl").all_inner_texts())


def test_a_broken_filter_speaks_in_the_list(open_page):
    page = open_page("/regions/?sort=secret")
    assert "不能按这个顺序排" in page.inner_text("#list")


@pytest.mark.parametrize("path", ["/everything/", "/regions/?q=镇", f"/papers/{UUID}/turn_back/"])
def test_pages_work_without_scripts(open_page, path):
    page = open_page(path, java_script_enabled=False)
    assert page.locator("main button").count() > 0
