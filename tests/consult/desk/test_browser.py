"""Pages of the desk that the tour of the house does not open: following a matter, handing over, searching."""

import os
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consult.delivery import tell
from members.states import Role
from tests.browser.conftest import PHONE, chromium, visit  # noqa: F401  fixtures
from tests.browser.test_pages import look, look_at_size
from tests.factories import outcomes, people
from tests.factories import topics as matters

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(240),
]


def test_a_raiser_follows_his_matter_on_a_phone_without_scripts(visit, transactional_db):  # noqa: F811
    raiser = {"category": "resident", "name": "李秀英", "phone": "13800005566", "consented": True, "on_behalf": True}
    topic = outcomes.closed(people.host(), outcome=outcomes.submitted(people.host(), raiser=raiser)).topic
    page = visit(viewport=PHONE, java_script_enabled=False)
    page.goto(reverse("desk:track"))
    page.fill("#id_receipt", topic.raisers.get().receipt)
    page.fill("#id_tail", "5566")
    page.click("main button")
    expect(page.locator("h1")).to_have_text(topic.title)
    box, first = page.locator(".zb-next").bounding_box(), page.locator(".zb-tl").bounding_box()
    assert box["y"] < first["y"] < 844
    assert page.url.endswith(reverse("desk:track"))
    assert page.context.cookies() == []


def test_the_page_of_a_followed_matter_is_open_to_everybody(visit, transactional_db):  # noqa: F811
    topic = outcomes.closed(people.host()).topic
    page = visit()
    page.goto(reverse("desk:track"))
    page.fill("#id_receipt", topic.raisers.get().receipt)
    page.click("main button")
    page.wait_for_selector(".zb-tl")
    found = look_at_size(page, "track")
    page.set_viewport_size(PHONE)
    assert found + look_at_size(page, "track") == []


def test_errors_of_tracking_are_open_to_everybody(visit, transactional_db):  # noqa: F811
    page = visit(viewport=PHONE)
    page.goto(reverse("desk:track"))
    answer = page.request.post(reverse("desk:track"), form={"receipt": "AB", "tail": "5"})
    assert answer.status == 422
    page.set_content(answer.text())
    assert look_at_size(page, "track") == []
    assert page.locator("[aria-invalid=true]").count() == 2


def test_a_registrar_hands_over(visit, transactional_db):  # noqa: F811
    host = people.host()
    registrar = people.account(Role.REGISTRAR, host)
    leaver, successor = people.account(Role.GROUP_LEADER, host), people.account(Role.GROUP_LEADER, host)
    people.member(host, leaver)
    matters.claimed(host, by=leaver)
    page = visit(registrar)
    assert look(page, reverse("desk:handover", args=[leaver.uuid])) == []
    page.goto(leaver.get_absolute_url())
    page.click("main >> text=移交")
    page.select_option("#id_claims", str(successor.uuid))
    page.click("main form button.btn-ink")
    page.wait_for_url(re.compile(leaver.get_absolute_url()))
    page.goto(reverse("desk:handover", args=[leaver.uuid]))
    expect(page.locator("main")).to_contain_text("没有在办事项")


def test_searching_and_reading_messages(visit, transactional_db):  # noqa: F811
    host = people.host()
    office = people.office(host)
    topic = matters.slip(host, title="三号楼电梯停运")
    for n in range(3):
        tell(office, key=f"{n}", title=f"新点单 {n}", url=topic.get_absolute_url())
    page = visit(office)
    page.goto(reverse("desk:today"))
    expect(page.locator("#count-desk-inbox")).to_contain_text("3")
    assert look(page, f"{reverse('desk:search')}?q=电梯") == []
    assert look(page, reverse("desk:inbox")) == []
    page.click(".ttl a")
    page.wait_for_url(re.compile(topic.get_absolute_url()))
    page.goto(reverse("desk:inbox"))
    page.click("text=全部标为已读")
    page.wait_for_load_state()
    expect(page.locator("main form.btn, main table form")).to_have_count(0)
