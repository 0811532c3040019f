"""The pages about notices in a browser: the preview follows the typing, all are sent again by one button."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consult import delivery
from consult.delivery.models import Outgoing, Wording
from tests.factories import people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_preview_follows_the_typing_and_saves_nothing(visit):
    office = people.office(people.host())
    page = visit(office, forgiven="422")
    page.goto(reverse("desk:wording", args=["urge"]))
    page.get_by_label("标题").first.fill("【催办】{matter}")
    expect(page.locator("#preview")).to_contain_text("【催办】西二路公厕移交管理")
    page.get_by_label("标题").first.fill("{secret}")
    expect(page.locator("#preview")).to_contain_text("花括号里只能写这些")
    assert not Wording.objects.exists()
    page.get_by_label("标题").first.fill("【催办】{matter}")
    expect(page.locator("#preview")).to_contain_text("【催办】西二路公厕移交管理")
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("消息用语")
    assert Wording.objects.get().subject == "【催办】{matter}"


def test_all_given_up_are_sent_again(visit):
    office = people.office(people.host(), email="a@example.org")
    for n in range(3):
        delivery.tell(office, key=f"k{n}", title="通知")
    Outgoing.objects.update(state="dead", attempts=7, last_error="HTTP 500", fault="server")
    page = visit(office)
    page.goto(f"{reverse('desk:log')}?tab=dead")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("button", name="全部重发").first.click()
    page.locator("dialog[open]").get_by_role("button", name="全部重发").click()
    expect(page.get_by_text("没有发送失败的消息")).to_be_visible()
    assert Outgoing.objects.filter(state="queued").count() == 3
