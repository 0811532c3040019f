"""What stays on a telephone: shown to its owner alone, told before it is lost, taken along by who cannot sign in."""

from __future__ import annotations

import os
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from consult.files.models import Attachment
from members.models import Account, Mandate
from members.states import Role
from sessions import services as on_sessions
from sessions.models import ConsultSession
from tests.browser.ways import at_home, ready, sent, strip, until, write_log
from tests.browser.wire import Wire
from tests.consult.files.samples import jpeg
from tests.factories import people, sessions, topics
from topics.models import Topic, Visit

pytest_plugins = ("tests.browser.telephones",)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(240),
]


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "camera.jpg"
    path.write_bytes(jpeg((800, 600)))
    return str(path)


def note_doors(page: Page, findings: str, picture: str = "") -> None:
    page.goto("/m/visit/")
    ready(page).fill("[name=findings]", findings)
    if picture:
        page.set_input_files(".js-photo >> nth=1", picture)
        expect(page.locator(".zb-upl .th")).to_have_count(1)
    page.click("button[name=send]")
    page.wait_for_url("**/m/")


def write_slip(page: Page, title: str) -> None:
    page.goto("/m/slip/")
    ready(page).fill("[name=title]", title)
    page.fill("[name=problem]", "晚上看不见路。")
    page.fill("[name=name]", "王秀兰")
    page.click("button[name=send]")
    page.wait_for_url("**/m/")


def promise(page: Page, topic: Topic) -> None:
    page.goto(f"/m/claims/{topic.uuid}/")
    ready(page)
    page.click(".js-days >> nth=0")
    page.click(".js-phone-form button.btn-ink")
    page.wait_for_url("**/m/")


def answer(page: Page, line: Any) -> None:
    page.goto(f"/m/invitations/{line.uuid}/")
    ready(page).locator("[name=reply][value=excused]").evaluate("one => one.click()")
    expect(page.locator("[name=reply][value=excused]")).to_be_checked()
    page.fill("[name=reason]", "要住院")
    page.click(".js-phone-form button.btn-ink")
    page.wait_for_url("**/m/")


def test_doors_and_their_photos_follow_when_there_is_a_network(
    telephone: Any, wire: Wire, member: Any, picture: str
) -> None:
    page = at_home(telephone(member))
    wire.cut()
    note_doors(page, "三号楼楼道堆物", picture)
    expect(strip(page)).to_contain_text("1 条")
    assert Visit.objects.count() == 0
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    sent(page)
    kept = Attachment.objects.get()
    assert (kept.subject_type, kept.subject_id) == ("topics.visit", Visit.objects.get().pk)
    assert page.evaluate("Phone.store.photosOf().then(all => all.length)") == 0
    page.goto("/m/visits/")
    expect(page.locator("main")).to_contain_text("1 张照片")


def test_whoever_cannot_sign_in_any_more_takes_every_word_with_him(
    telephone: Any, wire: Wire, member: Any, picture: str, tmp_path: Path
) -> None:
    host = member.mandates.get().host
    waiting = topics.pooled(host, title="车棚漏雨")
    session = sessions.announced(host, participants=[{"category": "member", "member": member.member, "name": "周委员"}])
    phone = telephone(member)
    page = at_home(phone)
    for path in (f"/m/claims/{waiting.uuid}/", f"/m/invitations/{session.participants.get().uuid}/"):
        page.goto(path)
    wire.cut()
    write_log(page, "院坝里商量的事")
    write_slip(page, "路灯不亮")
    note_doors(page, "三号楼楼道堆物", picture)
    promise(page, waiting)
    answer(page, session.participants.get())
    page.goto("/m/log/")
    ready(page).fill("[name=title]", "才写了一半")
    expect(page.locator(".js-saved")).to_contain_text("已存在本机")
    Account.objects.filter(pk=member.pk).update(is_active=False)
    wire.mend()

    page.goto("/m/queue/")
    page.wait_for_url("**/members/sign-in/**")
    page.click(".js-kept-link a")
    page.wait_for_selector(".js-kept[data-ready=yes]")
    cards = page.locator(".js-kept-mine [data-entry]")
    expect(cards).to_have_count(5)
    for words in ("院坝里商量的事", "路灯不亮", "王秀兰", "三号楼楼道堆物", "车棚漏雨", "要住院", "才写了一半"):
        expect(page.locator(".js-kept-mine")).to_contain_text(words)
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cards.nth(0).locator("button:has-text('复制文字')").click()
    expect(cards.nth(0)).to_contain_text("已复制")
    assert "物业月底前清走" in page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        page.click(".js-file")
    download.value.save_as(tmp_path / "kept.html")
    taken = (tmp_path / "kept.html").read_text(encoding="utf-8")
    said = ("院坝里商量的事", "路灯不亮", "王秀兰", "三号楼楼道堆物", "车棚漏雨", "要住院", "才写了一半")
    assert [words for words in said if words not in taken] == []
    assert taken.count("data:image/jpeg;base64,") == 1
    assert "<script" not in taken
    cards.nth(0).locator("button:has-text('丢弃')").click()
    page.click("#confirm-no")
    expect(cards).to_have_count(5)
    cards.nth(0).locator("button:has-text('丢弃')").click()
    page.click("#confirm-yes")
    expect(cards).to_have_count(4)
    assert (ConsultSession.objects.filter(created_by=member).count(), Visit.objects.count()) == (0, 0)


def test_of_another_account_only_that_something_is_there(telephone: Any, wire: Wire, member: Any, picture: str) -> None:
    second = people.account(Role.MEMBER, member.mandates.get().host, display_name="李委员")
    phone = telephone(member)
    page = at_home(phone)
    wire.cut()
    write_slip(page, "路灯不亮")
    note_doors(page, "三号楼楼道堆物", picture)
    wire.mend()
    phone.context.clear_cookies()
    phone.sign_in(second)
    page.goto("/m/queue/")
    page.wait_for_selector(".js-queue[data-ready=yes]")
    expect(page.locator("[data-entry]")).to_have_count(0)
    page.click(".js-others a")
    page.wait_for_selector(".js-kept[data-ready=yes]")
    other = page.locator(".js-kept-others [data-account]")
    expect(other).to_contain_text("2 条记录，1 张照片")
    expect(page.locator(".js-kept-mine [data-entry]")).to_have_count(0)
    for words in ("路灯不亮", "王秀兰", "三号楼楼道堆物", "周委员"):
        expect(page.locator("body")).not_to_contain_text(words)
    assert page.evaluate("Phone.account") == str(second.uuid)
    wire.cut()  # neither without a network: his key is gone from here
    page.goto("/m/kept/")
    page.wait_for_selector(".js-kept[data-ready=yes]")
    for words in ("路灯不亮", "王秀兰", "三号楼楼道堆物"):
        expect(page.locator("body")).not_to_contain_text(words)
    wire.mend()
    page.goto("/m/kept/")
    page.wait_for_selector(".js-kept[data-ready=yes]")
    other.locator("button:has-text('丢弃')").click()
    page.click("#confirm-yes")
    expect(other).to_have_count(0)
    bases = "indexedDB.databases().then(all => all.map(one => one.name))"
    assert f"phone-{member.uuid}" not in page.evaluate(bases)


def test_whoever_signs_in_at_the_desk_opens_nothing_of_another_either(telephone: Any, wire: Wire, member: Any) -> None:
    second = people.account(Role.MEMBER, member.mandates.get().host)
    phone = telephone(member)
    page = at_home(phone)
    page.goto("/m/kept/")  # lies on the telephone from now on
    page.goto("/m/")
    wire.cut()
    write_slip(page, "路灯不亮")
    wire.mend()
    phone.context.clear_cookies()
    phone.sign_in(second)
    page.goto("/today/")
    keys = """new Promise(done => { const asked = indexedDB.open('phone-keys'); asked.onsuccess = () => {
      const all = asked.result.transaction('keys').objectStore('keys').getAllKeys();
      all.onsuccess = () => { asked.result.close(); done(all.result.length); }; }; })"""
    until(page, f"{keys}.then(count => count === 0)", "document.title")
    wire.cut()
    page.goto("/m/kept/")
    page.wait_for_selector(".js-kept[data-ready=yes]")
    expect(page.locator("body")).not_to_contain_text("路灯不亮")


def test_what_the_server_refuses_after_his_term_stays_is_explained_and_can_be_taken(
    telephone: Any, wire: Wire, member: Any
) -> None:
    host = member.mandates.get().host
    waiting = topics.pooled(host, title="车棚漏雨")
    page = at_home(telephone(member))
    page.goto(f"/m/claims/{waiting.uuid}/")
    ready(page)
    wire.cut()
    write_slip(page, "路灯不亮")
    promise(page, waiting)
    Mandate.objects.filter(account=member).update(valid_to=timezone.localdate() - timedelta(days=1))
    wire.mend()
    page.goto("/m/queue/")
    page.click(".js-send")
    cards = page.locator("[data-state=refused]")
    expect(cards).to_have_count(2)
    for n in range(2):
        expect(cards.nth(n)).to_contain_text("任职已到期")
        expect(cards.nth(n).locator("button:has-text('复制文字')")).to_have_count(1)
        expect(cards.nth(n).locator("a:has-text('改一改再传')")).to_have_count(0)
    with page.expect_download() as download:
        page.click(".js-file")
    taken = Path(download.value.path()).read_text(encoding="utf-8")
    assert ("路灯不亮" in taken, "车棚漏雨" in taken) == (True, True)
    cards.nth(0).locator("button:has-text('留作笔记')").click()
    expect(page.locator("[data-state=note]")).to_have_count(1)
    assert Topic.objects.filter(title="路灯不亮").count() == 0


FULL = """() => { const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (row) {
    if (window.full !== false && this.name !== "meta") throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, arguments);
  }; }"""


@pytest.mark.parametrize("path", ["/m/log/", "/m/visit/", "/m/slip/"])
def test_a_draft_that_finds_no_room_says_so_and_stays_on_the_page(
    telephone: Any, wire: Wire, member: Any, path: str
) -> None:
    page = at_home(telephone(member))
    wire.cut()
    page.goto(path)
    ready(page)
    page.evaluate(FULL)
    field = "[name=findings]" if path == "/m/visit/" else "[name=title]"
    page.fill(field, "手机满了也不丢")
    expect(page.locator(".js-saved")).to_contain_text("没有存上：手机存满了")
    expect(strip(page)).to_contain_text("手机快存满了")
    page.evaluate("window.full = false")
    page.type(field, "。")
    expect(page.locator(".js-saved")).to_contain_text("已存在本机")
    page.reload()
    ready(page)
    expect(page.locator(field)).to_have_value("手机满了也不丢。")


def test_signing_out_counts_drafts_too(telephone: Any, wire: Wire, member: Any) -> None:
    page = at_home(telephone(member))
    page.goto("/m/slip/")
    ready(page).fill("[name=title]", "才写了一半")
    expect(page.locator(".js-saved")).to_contain_text("已存在本机")
    page.goto("/m/")
    page.click(".zb-m-menu summary")
    page.click(".js-phone-leave button")
    expect(page.locator("#confirm-title")).to_contain_text("还有 1 条没传")
    page.click("#confirm-no")
    page.goto("/today/")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.click("details.js-menu summary")
    page.click(".js-leave button")
    page.wait_for_timeout(500)
    assert ("还有 1 条没传" in asked[0], page.url.endswith("/today/")) == (True, True)


def differing(page: Page, wire: Wire, member: Any) -> str:
    """The same record is on the server already, with other words."""
    wire.cut()
    write_log(page, "手机上写的")
    name = str(page.evaluate("Phone.store.entries().then(all => all[0].id)"))
    host = member.mandates.get().host
    words = {"region_code": topics.WANQIAO, "place": "凉亭", "agreed": ["电脑上改过"]}
    on_sessions.log_session(actor=member, host=host, client_id=uuid.UUID(name), title="电脑上写的", **words)
    wire.mend()
    page.goto("/m/queue/")
    page.click(".js-send")
    card = page.locator("[data-state=refused]")
    expect(card.locator(".zb-m-side").nth(0)).to_contain_text("手机上写的")
    expect(card.locator(".zb-m-side").nth(1)).to_contain_text("电脑上写的")
    expect(card.locator(".zb-m-side").nth(1)).to_contain_text("电脑上改过")
    return name


def test_of_two_that_differ_mine_becomes_a_record_of_its_own(telephone: Any, wire: Wire, member: Any) -> None:
    page = at_home(telephone(member))
    differing(page, wire, member)
    page.click("[data-state=refused] button:has-text('以本机的为准')")
    sent(page)
    found = ConsultSession.objects.order_by("pk").values_list("title", flat=True)
    assert list(found) == ["电脑上写的", "手机上写的"]
    page.evaluate("Phone.sync.run(true)")
    sent(page)
    assert ConsultSession.objects.count() == 2


def test_of_two_that_differ_the_servers_stays(telephone: Any, wire: Wire, member: Any) -> None:
    page = at_home(telephone(member))
    differing(page, wire, member)
    page.click("[data-state=refused] button:has-text('以服务器的为准')")
    page.click("#confirm-yes")
    expect(page.locator("[data-entry]")).to_have_count(0)
    assert list(ConsultSession.objects.values_list("title", flat=True)) == ["电脑上写的"]
