"""The telephone without a network: nothing lost, nothing twice, nobody sees another one's, and it says so."""

from __future__ import annotations

import io
import os
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from consult.desk.views.phone import shell
from consult.files.models import Attachment
from members.models import Mandate
from members.states import Role
from sessions.models import ConsultSession
from tests.browser.ways import KEPT, at_home, ready, sent, strip, until, write_log
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


def titles() -> list[str]:
    return list(ConsultSession.objects.order_by("pk").values_list("title", flat=True))


def test_in_the_middle_of_a_log_the_network_goes_and_nothing_is_lost(telephone: Any, wire: Wire, member: Any) -> None:
    phone = telephone(member)
    page = at_home(phone)
    page.goto("/m/log/")
    ready(page).fill("[name=title]", "万桥新苑二期停车位怎么划")
    wire.cut()
    page.check("[name=venue_kind][value=field]", force=True)
    page.fill("[name=agreed]", "物业 11 月底前划 36 个车位")
    expect(page.locator(".js-saved")).to_contain_text("已存在本机")
    page.reload()  # from the telephone itself
    ready(page)
    expect(page.locator("[name=title]")).to_have_value("万桥新苑二期停车位怎么划")
    expect(page.locator("[name=agreed]")).to_have_value("物业 11 月底前划 36 个车位")
    expect(page.locator("[name=venue_kind][value=field]")).to_be_checked()
    page.fill("[name=agreed]", "物业 11 月底前划 36 个车位\n消防通道不划，社区立牌")
    page.click("button[name=send]")
    page.wait_for_url("**/m/")
    expect(strip(page)).to_contain_text("网络不通，1 条记录存在本机")
    write_log(page, "第二件：路灯不亮")
    page.goto("/m/visit/")
    ready(page).fill("[name=findings]", "三号楼楼道堆物\n老人上下不便")
    page.fill("[name=households]", "6")
    page.click("button[name=send]")
    page.wait_for_url("**/m/")
    expect(strip(page)).to_contain_text("3 条")
    assert titles() == []

    phone.kill()
    phone.start()
    page = phone.page()
    page.goto("/m/queue/")
    expect(page.locator(".js-queue [data-entry]")).to_have_count(3)
    wire.mend()
    page.click(".js-send")
    expect(strip(page)).to_contain_text("登录过期了，3 条记录都在本机")  # a killed browser forgets its cookies
    phone.sign_in(member)
    page.click(".js-send")
    sent(page)
    assert titles() == ["万桥新苑二期停车位怎么划", "第二件：路灯不亮"]
    first = ConsultSession.objects.get(title="万桥新苑二期停车位怎么划")
    points = ["物业 11 月底前划 36 个车位", "消防通道不划，社区立牌"]
    assert (first.venue_kind, first.place, first.created_by) == ("field", "田间", member)
    assert list(first.consensus_points.values_list("text", flat=True)) == points
    assert first.claimed_at is not None
    assert first.claimed_at <= first.created_at
    visit = Visit.objects.get()
    assert (visit.households, visit.findings, visit.recorded_by) == (6, ["三号楼楼道堆物", "老人上下不便"], member)
    expect(strip(page)).to_contain_text("全部同步完成")


def test_a_queue_that_is_played_three_times_changes_nothing(telephone: Any, wire: Wire, member: Any) -> None:
    page = at_home(telephone(member))
    wire.cut()
    for title in ("第一件", "第二件", "第三件"):
        write_log(page, title)
    until(page, "Phone.store.entries().then(rows => rows.length === 3 && rows.every(row => !row.locked))")
    rows = page.evaluate("Phone.store.entries()")
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    sent(page)
    assert titles() == ["第一件", "第二件", "第三件"]
    for order in (rows, rows[::-1], rows):
        page.evaluate(
            "async rows => { for (const row of rows) await Phone.store.keep(row); await Phone.sync.run(true); }", order
        )
        sent(page)
    assert titles() == ["第一件", "第二件", "第三件"]
    assert Topic.objects.count() == 3


def from_a_camera(path: Path) -> None:
    """Twelve megapixels that do not pack well, with the place where they were taken."""
    noise = Image.frombytes("RGB", (1000, 750), random.Random(1).randbytes(1000 * 750 * 3))
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 18.0, 0.0), 3: "E", 4: (118.0, 18.0, 0.0)})
    noise.resize((4000, 3000)).save(path, "JPEG", quality=92, exif=exif)


def test_a_photo_follows_its_record_small_and_without_its_place(
    telephone: Any, wire: Wire, member: Any, tmp_path: Path
) -> None:
    picture = tmp_path / "camera.jpg"
    from_a_camera(picture)
    page = at_home(telephone(member))
    wire.cut()
    page.goto("/m/log/")
    ready(page).fill("[name=title]", "院坝里商量")
    page.fill("[name=agreed]", "月底前修好")
    page.set_input_files(".js-photo >> nth=1", str(picture))
    expect(page.locator(".zb-upl .th")).to_have_count(1)
    page.reload()
    ready(page)
    expect(page.locator(".zb-upl .th")).to_have_count(1)
    small = page.evaluate(
        "Phone.store.photosOf().then(p => Phone.store.photoBytes(p[0].id)).then(b => Array.from(new Uint8Array(b)))"
    )
    drawn = Image.open(io.BytesIO(bytes(small)))
    assert (len(small) <= 300 * 1024, max(drawn.size) <= 1600, len(drawn.getexif())) == (True, True, 0)
    page.click("button[name=send]")
    page.wait_for_url("**/m/")
    wire.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    sent(page)
    session = ConsultSession.objects.get()
    kept = Attachment.objects.get(subject_type="consult_sessions.consultsession", subject_id=session.pk)
    assert (kept.kind, kept.content_type) == ("photo", "image/jpeg")
    assert page.evaluate("Phone.store.photosOf().then(p => p.length)") == 0


def test_what_the_server_refuses_stays_and_is_laid_side_by_side(telephone: Any, wire: Wire, member: Any) -> None:
    waiting = topics.pooled(member.mandates.get().host, title="车棚漏雨")
    page = at_home(telephone(member))
    page.goto(f"/m/claims/{waiting.uuid}/")
    ready(page)
    wire.cut()
    page.click(".js-days >> nth=0")
    page.click(".js-phone-form button.btn-ink")
    page.wait_for_url("**/m/")
    other = people.account(Role.MEMBER, waiting.host)
    topics.services.claim_topic(waiting, actor=other, promised_on=timezone.localdate() + timedelta(days=3))
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    expect(strip(page)).to_contain_text("1 条要您看一下")
    page.goto("/m/queue/")
    card = page.locator("[data-state=refused]")
    expect(card.locator(".zb-m-side")).to_have_count(2)
    expect(card).to_contain_text("接单")
    page.click("[data-state=refused] button:has-text('留作笔记')")
    expect(page.locator("[data-state=note]")).to_have_count(1)
    page.click("[data-state=note] button:has-text('丢弃')")
    page.click("#confirm-no")
    expect(page.locator("[data-state=note]")).to_have_count(1)
    page.click("[data-state=note] button:has-text('丢弃')")
    page.click("#confirm-yes")
    expect(page.locator("[data-entry]")).to_have_count(0)


def test_a_refused_record_is_changed_and_sent_again(telephone: Any, wire: Wire, member: Any) -> None:
    page = at_home(telephone(member))
    page.goto("/m/slip/")
    ready(page).fill("[name=title]", "路灯不亮")
    page.fill("[name=problem]", "晚上看不见路。")
    page.fill("[name=phone]", "12345")
    page.check("[name=consented]")
    page.click("button[name=send]")
    page.wait_for_url("**/m/")
    expect(strip(page)).to_contain_text("1 条要您看一下")
    page.goto("/m/queue/")
    page.click("[data-state=refused] a:has-text('改一改再传')")
    ready(page)
    expect(page.locator("[name=title]")).to_have_value("路灯不亮")
    page.fill("[name=phone]", "13800005566")
    page.click("button[name=send]")
    page.wait_for_url("**/m/")
    sent(page)
    slip = Topic.objects.get()
    raiser = slip.raisers.get()
    assert (slip.title, slip.source, raiser.on_behalf, raiser.phone_tail) == ("路灯不亮", "resident", True, "5566")
    assert raiser.consented_at is not None


def test_an_unknown_program_is_told_and_keeps_what_it_has(telephone: Any, wire: Wire, member: Any) -> None:
    page = at_home(telephone(member))
    wire.cut()
    write_log(page, "老程序写的")
    wire.mend()
    page.evaluate("Phone.understood = '0'; Phone.sync.run(true)")
    expect(strip(page)).to_contain_text("程序太旧，1 条记录都留在本机")
    assert titles() == []
    page.goto("/m/queue/")
    sent(page)  # the page of today speaks as the server does
    assert titles() == ["老程序写的"]


LEFT_BY = """async account => {
  const opened = name => new Promise(done => {
    const asked = indexedDB.open(name);
    asked.onsuccess = () => done(asked.result);
  });
  const read = (base, store, verb) => new Promise(done => {
    const asked = base.transaction(store).objectStore(store)[verb]();
    asked.onsuccess = () => done(asked.result);
  });
  const rows = await read(await opened("phone-" + account), "queue", "getAll");
  const text = rows.map(row => JSON.stringify(row) + new TextDecoder().decode(row.box.data)).join();
  const keys = await read(await opened("phone-keys"), "keys", "getAllKeys");
  const page = await caches.open("phone-mine").then(mine => mine.match("/m/", {ignoreVary: true}));
  const shown = await page.text();
  return {rows: rows.length, readable: text.includes("周委员"), keys: keys, page: shown.includes("周委员")};
}"""


def test_the_second_member_sees_nothing_of_the_first(telephone: Any, wire: Wire, member: Any) -> None:
    second = people.account(Role.MEMBER, member.mandates.get().host, display_name="李委员")
    phone = telephone(member)
    page = at_home(phone)
    wire.cut()
    write_log(page, "只有周委员看得见")
    wire.mend()
    phone.context.clear_cookies()
    page.goto("/m/queue/")  # signed out: nobody is shown anything
    assert "sign-in" in page.url
    phone.sign_in(second)
    page = at_home(phone)
    page.goto("/m/queue/")
    page.wait_for_selector(".js-queue[data-ready=yes]")
    expect(page.locator("[data-entry]")).to_have_count(0)
    wire.cut()
    page.goto("/m/")
    expect(page.locator("h1")).to_contain_text("李委员")
    kept = page.evaluate(LEFT_BY, str(member.uuid))
    assert kept == {"rows": 1, "readable": False, "keys": [str(second.uuid)], "page": False}
    wire.mend()
    assert titles() == []
    phone.context.clear_cookies()
    phone.sign_in(member)
    page = at_home(phone)
    sent(page)  # it goes on, for its own account
    assert titles() == ["只有周委员看得见"]
    assert ConsultSession.objects.get().created_by == member


def test_signing_out_asks_first_and_leaves_nothing_behind(telephone: Any, wire: Wire, member: Any) -> None:
    page = at_home(telephone(member))
    wire.cut()
    write_log(page, "还没传")
    page.evaluate("Phone.store.entries().then(all => Phone.store.keep(Object.assign(all[0], {state: 'note'})))")
    wire.mend()
    page.click(".zb-m-menu summary")
    page.click(".js-phone-leave button")
    expect(page.locator("#confirm-title")).to_contain_text("还有 1 条没传")
    page.click("#confirm-no")
    expect(page.locator("#confirm")).not_to_be_visible()
    page.click(".zb-m-menu summary")
    page.click(".js-phone-leave button")
    page.click("#confirm-yes")
    page.wait_for_url("**/members/sign-in/")
    left = page.evaluate(
        """async () => ({
          bases: (await indexedDB.databases()).map(one => one.name).filter(name => name !== "phone-keys"),
          caches: await caches.keys(),
          local: Object.keys(localStorage),
        })"""
    )
    assert left == {"bases": [], "caches": [], "local": []}


def test_a_full_telephone_says_so_before_anything_is_lost(
    telephone: Any, wire: Wire, member: Any, tmp_path: Path
) -> None:
    picture = tmp_path / "camera.jpg"
    picture.write_bytes(jpeg())
    phone = telephone(member)
    page = at_home(phone)
    wire.cut()
    page.goto("/m/log/")
    ready(page).fill("[name=title]", "手机满了")
    page.fill("[name=agreed]", "照样不丢")
    page.evaluate(
        """() => {
          const put = IDBObjectStore.prototype.put;
          window.fullStores = ["photos"];
          IDBObjectStore.prototype.put = function (row) {
            if (fullStores.includes(this.name)) throw new DOMException("full", "QuotaExceededError");
            return put.apply(this, arguments);
          };
        }"""
    )
    page.set_input_files(".js-photo >> nth=1", str(picture))
    expect(page.locator(".js-photo-wrong")).to_contain_text("手机快存满了")
    page.evaluate("fullStores.push('queue')")
    page.click("button[name=send]")
    expect(page.locator(".js-saved")).to_contain_text("没有存上：手机存满了")
    expect(page.locator("[name=title]")).to_have_value("手机满了")
    page.evaluate("fullStores.length = 0")
    page.click("button[name=send]")
    page.wait_for_url("**/m/")
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    sent(page)
    assert titles() == ["手机满了"]


WECHAT = "delete Navigator.prototype.serviceWorker;"
BARE = WECHAT + "Object.defineProperty(window, 'indexedDB', {value: undefined});"


@pytest.mark.parametrize("script", [WECHAT, BARE], ids=["no worker", "no database either"])
def test_without_a_worker_drafts_stay_and_the_strip_asks_to_keep_the_page(
    telephone: Any, wire: Wire, member: Any, script: str
) -> None:
    phone = telephone(member)
    phone.context.add_init_script(script)
    page = phone.page()
    page.goto("/m/log/")
    ready(page)
    expect(strip(page)).to_contain_text("请保持本页打开")
    expect(strip(page)).to_contain_text("断网后打不开页面")
    page.fill("[name=title]", "微信里写的")
    page.fill("[name=agreed]", "一样不丢")
    expect(page.locator(".js-saved")).to_contain_text("已存在本机")
    assert "微信里写的" in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    ready(page)
    expect(page.locator("[name=title]")).to_have_value("微信里写的")
    wire.cut()
    page.click("button[name=send]")
    expect(strip(page)).to_contain_text("请保持本页打开，还有 1 条没传")
    expect(page.locator("[name=title]")).to_have_value("")
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    sent(page)
    assert titles() == ["微信里写的"]


def test_a_log_takes_few_taps(telephone: Any, member: Any) -> None:
    """Under two minutes: four fields at most must be filled, and a dozen taps do it. Counted, not timed."""
    page = at_home(telephone(member))
    page.evaluate(f"localStorage.setItem('phone:' + Phone.account + ':place', '{topics.WANQIAO}')")
    page.evaluate("window.taps = 0; addEventListener('pointerdown', () => { taps += 1; }, true)")
    page.click("a.btn-ink[href='/m/log/']")
    ready(page)
    page.evaluate("window.taps = 1; addEventListener('pointerdown', () => { taps += 1; }, true)")
    page.click("button[name=send]")  # with nothing written: what must be filled is said, and no more
    must = page.locator(".zb-errsum li")
    expect(must.first).to_be_visible()
    assert must.count() <= 4
    assert [link.get_attribute("href") for link in must.locator("a").all()] == ["#id_title", "#id_agreed"]
    page.evaluate("taps = 1")  # the tap that led here
    for field, words in (("title", "楼道堆物"), ("came_resident", "12"), ("agreed", "周末前清走")):
        page.click(f"[name={field}]")
        page.keyboard.type(words)
    page.locator("[name=venue_kind][value=pavilion]").evaluate("one => { one.click(); window.taps += 1; }")
    page.evaluate("sessionStorage.setItem('taps', taps + 1)")
    page.click("button[name=send]")
    page.wait_for_url("**/m/")
    sent(page)
    session = ConsultSession.objects.get()
    came = session.participants.get()
    assert (session.venue_kind, session.place, came.count, came.attendance) == ("pavilion", "凉亭", 12, "present")
    assert (session.region_code, session.lead_member) == (topics.WANQIAO, member.member)
    assert int(page.evaluate("sessionStorage.getItem('taps')")) <= 8


def test_a_log_asks_for_no_more_where_one_usually_is_not_known(telephone: Any, member: Any) -> None:
    page = at_home(telephone(member))
    page.goto("/m/log/")
    ready(page)
    page.select_option("[name=region_code]", "")
    page.click("button[name=send]")
    links = page.locator(".zb-errsum li a")
    expect(links.first).to_be_visible()
    fields = ["#id_title", "#id_region_code", "#id_agreed"]
    assert [link.get_attribute("href") for link in links.all()] == fields


def test_whoever_holds_no_mandate_any_more_still_hands_in_what_he_wrote(
    telephone: Any, wire: Wire, member: Any
) -> None:
    page = at_home(telephone(member))
    wire.cut()
    write_log(page, "任期里写的")
    Mandate.objects.filter(account=member).update(valid_to=timezone.localdate() - timedelta(days=1))
    wire.mend()
    page.goto("/m/queue/")
    sent(page)
    session = ConsultSession.objects.get()
    assert (session.state, session.title) == ("needs_decision", "任期里写的")
    expect(page.locator(".js-done-list")).to_contain_text("办公室要看一下")


def test_an_invitation_is_answered_under_a_tree(telephone: Any, wire: Wire, member: Any) -> None:
    host = member.mandates.get().host
    session = sessions.announced(host, participants=[{"category": "member", "member": member.member, "name": "周委员"}])
    line = session.participants.get(member=member.member)
    page = at_home(telephone(member))
    until(page, f"{KEPT}.then(all => all.some(one => one.includes('{line.uuid}')))")
    wire.cut()
    page.goto(f"/m/invitations/{line.uuid}/")
    ready(page).check("[name=reply][value=excused]", force=True)
    page.click(".js-phone-form button.btn-ink")
    expect(page.locator(".zb-errsum")).to_contain_text("请写为什么请假")
    page.fill("[name=reason]", "要住院")
    page.click(".js-phone-form button.btn-ink")
    page.wait_for_url("**/m/")
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    sent(page)
    line.refresh_from_db()
    assert (line.reply, line.reply_reason) == ("excused", "要住院")


def test_little_room_is_told_while_there_is_still_some(telephone: Any, member: Any) -> None:
    phone = telephone(member)
    phone.context.add_init_script("navigator.storage.estimate = () => Promise.resolve({quota: 1e9, usage: 998e6})")
    page = phone.page()
    page.goto("/m/log/")
    ready(page)
    expect(strip(page)).to_contain_text("手机快存满了")


def test_a_new_edition_is_offered_and_taken_when_one_likes(telephone: Any, member: Any, monkeypatch: Any) -> None:
    page = at_home(telephone(member))
    expect(page.locator("#news")).not_to_be_visible()
    monkeypatch.setattr(shell, "edition", lambda: "next")
    page.evaluate("navigator.serviceWorker.getRegistration('/m/').then(found => found.update()).then(() => true)")
    expect(page.locator("#news")).to_be_visible()
    assert page.evaluate("caches.keys().then(all => all.filter(one => one.startsWith('phone-shell')).length)") == 2
    with page.expect_navigation():
        page.click(".js-news-take")
    until(page, "caches.keys().then(all => all.includes('phone-shell-next') && all.length === 2)")
    expect(page.locator("#news")).not_to_be_visible()


def test_pages_of_the_desk_never_pass_through_the_worker(telephone: Any, wire: Wire, member: Any) -> None:
    page = at_home(telephone(member))
    page.goto("/today/")
    assert page.evaluate("navigator.serviceWorker.controller") is None
    kept = page.evaluate(KEPT)
    assert [url for url in kept if "/m/" not in url] == []
    wire.cut()
    with pytest.raises(PlaywrightError):
        page.goto("/topics/to-claim/")


def test_signing_out_at_the_desk_asks_too(telephone: Any, wire: Wire, member: Any) -> None:
    phone = telephone(member)
    page = at_home(phone)
    wire.cut()
    write_log(page, "还没传")
    page.evaluate("Phone.store.entries().then(all => Phone.store.keep(Object.assign(all[0], {state: 'note'})))")
    wire.mend()
    page.goto("/today/")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.click("details.js-menu summary")
    page.click(".js-leave button")
    page.wait_for_timeout(500)
    assert ("还有 1 条没传" in asked[0], page.url.endswith("/today/")) == (True, True)
    page.once("dialog", lambda dialog: dialog.accept())
    page.click(".js-leave button")
    page.wait_for_url("**/members/sign-in/")
    assert page.evaluate("indexedDB.databases().then(all => all.filter(one => one.name !== 'phone-keys').length)") == 0
