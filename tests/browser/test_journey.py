"""One matter from the slip to the board, by those whose work it is, with mouse and keyboard."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.states import OrganisationKind, Role
from tests.browser.conftest import PHONE
from tests.factories import people
from tests.factories.topics import TONGLE, WANQIAO
from topics.models import Topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
]
TITLE = "万桥新苑公厕一直锁着"


@pytest.fixture
def staff(transactional_db: Any) -> SimpleNamespace:
    """Everybody whom a small matter of one street meets."""
    host = people.host()
    unit = people.organisation(host, OrganisationKind.DEPARTMENT, "区住建局")
    leader = people.account(Role.GROUP_LEADER, host)
    member = people.member(host, leader)
    people.group(host, member, leader=member, name="同乐街道委员小组")
    return SimpleNamespace(
        host=host,
        unit=unit,
        village=people.account(Role.VILLAGE_LIAISON, host, region_code=WANQIAO),
        office=people.office(host),
        second=people.office(host),
        approver=people.approver(host),
        convenor=people.account(Role.CONVENOR, host, region_code=TONGLE),
        leader=leader,
        liaison=people.liaison(unit),
    )


def send(page: Page, button: str = "main form.js-form .btn-ink") -> None:
    """Press the button of the form; the next page says that it is done."""
    page.locator(button).last.click()
    try:
        expect(page.locator(".zb-toast").first).to_be_visible()
    except AssertionError:
        raise AssertionError(f"{page.url} says: {page.locator('main').inner_text()[:1500]}") from None


def fill(page: Page, **values: Any) -> None:
    """Type into fields by their names; choices are picked, boxes ticked."""
    for name, value in values.items():
        one = page.locator(f"main [name={name}]")
        kind = one.first.get_attribute("type") or one.first.evaluate("one => one.tagName.toLowerCase()")
        if value is True:
            one.first.check()
        elif kind in ("radio", "checkbox"):
            page.locator(f"main [name={name}][value='{value}']").check()
        elif kind == "select":
            one.first.select_option(value)
        else:
            one.first.fill(str(value))


def move(page: Page, verb: str, **values: Any) -> None:
    """Take a button of the page, answer what its page asks, and send it."""
    button = page.locator(f"main a[href$='/{verb}/']").first
    button.wait_for(state="attached")  # the page may still be on its way
    if not button.is_visible():
        page.locator("main .zb-more-moves summary").first.click()
    button.click()
    page.wait_for_url(f"**/{verb}/")
    fill(page, **values)
    send(page)


def hour(ahead: int) -> str:
    at = timezone.localtime() + timedelta(hours=ahead)
    return at.strftime("%Y-%m-%dT%H:%M")


def see(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("main")).to_contain_text(text)


@pytest.mark.timeout(180)
def test_a_slip_becomes_a_notice(visit: Any, staff: SimpleNamespace) -> None:
    village = visit(staff.village, PHONE)
    receipt = _hand_in(village)
    office = visit(staff.office)
    _take_into_the_pool(office)
    leader = visit(staff.leader)
    _take_up(leader)
    session = _prepare(leader, staff)
    _hold(leader)
    _write_the_minutes(leader)
    convenor = visit(staff.convenor)
    _sign(convenor, session)
    _report(office)
    _assign(office, staff)
    unit = visit(staff.liaison)
    _carry_out(unit)
    _see_to_it(office, leader)
    second = visit(staff.second)
    _publish(office, second)
    _read_it(visit(), staff.host.region_code, receipt)


def _hand_in(page: Page) -> str:
    page.goto("/topics/new/")
    fill(
        page, title=TITLE, problem="晨练找不到地方上厕所，建好的公厕两年不开门。", name="居民代表", phone="13805500066"
    )
    page.locator("[name=region_code]").first.press_sequentially("万桥", delay=20)
    page.locator(".zb-region-list button").first.click()
    fill(page, households="120", consented=True)
    page.locator("main form.js-form .btn-ink").click()
    page.wait_for_url("**/receipt/")
    return page.locator(".pr-receipt").inner_text().strip()


def _take_into_the_pool(page: Page) -> None:
    """By keyboard: the first row is chosen, its preview asks the four looks."""
    page.goto("/topics/")
    expect(page.locator("#preview [name=small_cut]")).to_be_visible()
    page.locator("#preview .zb-preview").evaluate("shown => shown.classList.add('old')")
    page.keyboard.press("j")
    expect(page.locator("#preview .old")).to_have_count(0)
    preview = page.locator("#preview")
    expect(preview).to_contain_text(TITLE)
    for name in ("small_cut", "wide_reach", "vital_interest", "consultable"):
        preview.locator(f"[name={name}]").check()
    preview.locator("[name=profile][value=micro]").check(force=True)
    preview.locator("[name=category]").select_option(index=1)
    send(page, "#preview .btn-ink")


def _take_up(page: Page) -> None:
    page.goto("/topics/to-claim/")
    page.locator("main").get_by_role("link", name=TITLE).first.click()
    page.wait_for_load_state()
    if "/to-claim/" in page.url:
        page.locator("#preview").get_by_role("link", name="全页打开").click()
    promised = timezone.localdate() + timedelta(days=20)
    move(page, "claim", promised_on=promised.isoformat())
    see(page, "已接单")


def _prepare(page: Page, staff: SimpleNamespace) -> str:
    topic = Topic.objects.get(title=TITLE)
    page.goto(f"/sessions/plan/?topic={topic.uuid}")
    fill(page, starts_at=hour(1), ends_at=hour(3), place="三号楼前的院坝", convenor_name="同乐街道召集人")
    fill(page, lead_name="委员小组组长", moderator=str(staff.convenor.pk), recorder=str(staff.leader.pk))
    roster = [
        ("resident", "", "居民代表", "8"),
        ("village", "万桥社区", "", "1"),
        ("department", "区住建局", "股室负责人", "1"),
    ]
    for n, (category, unit, name, heads) in enumerate(roster):
        row = {"category": category, "organisation_name": unit, "name": name, "count": heads}
        fill(page, **{f"p{n}_{key}": value for key, value in row.items()})
    send(page)
    see(page, "筹备中")
    address = page.url
    move(page, "announce")
    see(page, "已通知")
    return address


def _hold(page: Page) -> None:
    move(page, "open")
    page.locator(".zb-sub a[href$='/record/']").click()
    page.wait_for_url("**/record/")
    waiting = page.locator("#signin button[value=present]")
    for left in range(waiting.count() - 1, -1, -1):
        waiting.first.click()
        expect(waiting).to_have_count(left)
    page.keyboard.press("Control+k")
    page.locator("#add_statement [name=participant]").select_option(index=1)
    page.locator("#add_statement [name=text]").fill("最急的是先把门打开。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_contain_text("最急的是先把门打开")
    page.locator("#agree_point textarea").fill("月底前办理交接手续，公厕开门。")
    page.locator("#agree_point .btn").click()
    expect(page.locator("#agreed")).to_contain_text("月底前办理交接手续")
    page.locator("header").locator("a[href$='/close/']").click()
    page.wait_for_url("**/close/")
    send(page)
    see(page, "待纪要")


def _write_the_minutes(page: Page) -> None:
    page.locator("main a[href$='/draft-minutes/']").first.click()
    send(page)
    see(page, "月底前办理交接手续")
    move(page, "file")


def _sign(page: Page, session: str) -> None:
    page.goto(session)
    page.locator(".zb-sub a[href*='/minutes/']").click()
    move(page, "sign")
    see(page, "月底前办理交接手续")


def _report(page: Page) -> None:
    page.goto("/outcomes/reports/")
    page.locator("main a[href*='/outcomes/draft/']").first.click()
    fill(page, effects="consensus")
    send(page)
    move(page, "submit_outcome", submitted_to="同乐街道办事处")


def _assign(page: Page, staff: SimpleNamespace) -> None:
    page.locator("main a[href$='/issue/']").click()
    page.locator("[name=fulfils]").first.check()
    fill(page, matter="办理公厕移交手续", lead_unit=str(staff.unit.uuid), issued_by="同乐街道办事处")
    send(page)


def _carry_out(page: Page) -> None:
    page.goto("/outcomes/desk/")
    page.locator("main a[href$='/sign_for/']").click()
    send(page)
    page.goto("/outcomes/desk/")
    fill(page, text="11 月 20 日已办完移交手续，还差保洁人员到岗。")
    send(page)
    page.locator(".oc-switch a[href='?step=done']").click()
    fill(page, reply_class="A", measures="移交手续已办完，保洁员两名到岗。", result="公厕每天六点到二十二点开门。")
    fill(page, contact_on=timezone.localdate().isoformat(), contact_method="phone")
    send(page)


def _see_to_it(office: Page, leader: Page) -> None:
    leader.goto("/outcomes/")
    leader.get_by_role("link", name="办理公厕移交手续").first.click()
    move(leader, "verify", method="site", finding="现场看过，公厕已经开门。")
    office.goto("/outcomes/")
    office.get_by_role("link", name="办理公厕移交手续").first.click()
    move(office, "close")
    see(office, "已销号")
    office.goto("/outcomes/reports/")
    office.locator("#list").get_by_role("link", name=TITLE).first.click()
    move(office, "record_satisfaction", process_satisfied=9, result_satisfied=8, result_basically=1)
    topic = Topic.objects.get(title=TITLE)
    assert topic.state == "closed"


def _publish(office: Page, second: Page) -> None:
    office.goto("/outcomes/notices/")
    office.locator("main a[href*='/notices/draft/']").first.click()
    send(office)
    second.goto(office.url)
    move(second, "review_notice", secrecy="open")
    move(second, "post_notice")
    see(second, "公示中")


def _read_it(page: Page, code: str, receipt: str) -> None:
    page.goto(f"/b/{code}/")
    page.locator("main .pb-list a").first.click()
    see(page, "公厕")
    see(page, "区住建局")
    assert "13805500066" not in page.content()
    page.goto("/track/")
    page.fill("[name=receipt]", receipt.lower())
    page.fill("[name=tail]", "0066")
    page.keyboard.press("Enter")
    see(page, TITLE)
    see(page, "已办结")
