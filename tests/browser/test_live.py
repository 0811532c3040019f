"""A session is run in real browsers: moderator, second recorder and the screen of the hall at once."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.states import Role
from sessions import services
from sessions.models import RecordDesk, Statement
from sessions.services import pulse
from tests.browser.conftest import PHONE
from tests.browser.test_pages import faults, look_at_size
from tests.factories import people
from tests.factories import sessions as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
]
#: Milliseconds within which everybody sees it; on a machine that is busy with other things only patience is left.
SOON = 3_000 if os.getloadavg()[0] < 2 * (os.cpu_count() or 1) else 20_000
HALL = {"width": 1920, "height": 1080}
CUT = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def hall(transactional_db: Any) -> Iterator[SimpleNamespace]:
    """A session in progress with a moderator and a second recorder, and a code for the screen."""
    host = people.host()
    moderator, recorder = people.account(Role.CONVENOR, host), people.office(host)
    session = make.in_progress(host, moderator=moderator, moderator_name="", recorder=recorder, recorder_name="")
    screen = services.issue_screen(session, actor=recorder)
    pulse.forget_all()
    yield SimpleNamespace(host=host, moderator=moderator, recorder=recorder, session=session, code=screen.code)
    pulse.forget_all()


def desk_of(visit: Any, account: Any, session: Any, **options: Any) -> Page:
    page = visit(account, **options)
    page.goto(f"/sessions/{session.uuid}/record/")
    expect(page.locator("html.zb-desk-ready")).to_have_count(1)
    return page


def say(page: Page, text: str, who: int = 1) -> None:
    page.locator("#add_statement [name=participant]").select_option(index=who)
    page.locator("#add_statement [name=text]").fill(text)
    page.keyboard.press("Control+Enter")


def texts(page: Page) -> list[str]:
    return page.locator("#said-list .zb-pre").all_inner_texts()


@pytest.mark.timeout(180)
def test_three_at_once_each_line_once_in_order(visit: Any, hall: SimpleNamespace) -> None:
    one = desk_of(visit, hall.moderator, hall.session)
    two = desk_of(visit, hall.recorder, hall.session)
    screen = visit(None, HALL)
    screen.goto(f"/live/{hall.code}/")
    expect(screen.locator("h1")).to_have_text(hall.session.title)
    expected: list[str] = []
    for number in range(1, 5):
        writer, reader = (one, two) if number % 2 else (two, one)
        expected.append(f"第 {number} 句")
        say(writer, expected[-1], who=number % 3 + 1)
        expect(reader.locator("#said-list .zb-pre").nth(number - 1)).to_have_text(expected[-1], timeout=SOON)
    # What is being typed is not touched by what comes in.
    one.locator("#add_statement [name=text]").fill("正在打的一半")
    one.locator("#add_statement [name=text]").evaluate("box => { box.focus(); box.setSelectionRange(2, 4); }")
    say(two, "第 5 句")
    expected.append("第 5 句")
    expect(one.locator("#said-list .zb-pre").nth(4)).to_have_text("第 5 句", timeout=SOON)
    assert one.evaluate("[document.activeElement.name, document.activeElement.selectionStart]") == ["text", 2]
    assert one.locator("#add_statement [name=text]").input_value() == "正在打的一半"
    # A reload in the middle of a line.
    one.wait_for_timeout(200)
    one.reload()
    expect(one.locator("#add_statement [name=text]")).to_have_value("正在打的一半")
    one.locator("#add_statement [name=text]").press("Control+Enter")
    expected.append("正在打的一半")
    expect(two.locator("#said-list .zb-pre").nth(5)).to_have_text("正在打的一半", timeout=SOON)
    # A point comes up on the screen, and is marked there when it was read out.
    one.keyboard.press("Alt+ArrowUp")
    one.keyboard.press("Alt+g")
    expect(one.locator("#agree_point textarea")).to_have_value("正在打的一半")
    one.locator("#agree_point textarea").fill("月底前办理交接手续。")
    one.keyboard.press("Control+Enter")
    expect(screen.locator(".js-points")).to_contain_text("月底前办理交接手续", timeout=SOON)
    expect(two.locator("#agreed")).to_contain_text("月底前办理交接手续", timeout=SOON)
    point = hall.session.consensus_points.get()
    assert [one.text for one in point.statements.all()] == ["正在打的一半"]
    two.locator("#add_statement [name=text]").focus()
    two.keyboard.press("Alt+r")
    expect(screen.locator(".js-points li.read")).to_contain_text("月底前办理交接手续", timeout=SOON)
    # Who speaks and the agenda.
    two.locator("#add_statement [name=participant]").select_option(index=2)
    two.keyboard.press("Alt+s")
    expect(screen.locator(".lv-now")).to_have_text("万桥社区", timeout=SOON)
    two.keyboard.press("Alt+n")
    expect(screen.locator(".lv-ag li.k")).to_contain_text("说明来意和规则", timeout=SOON)
    expect(one.locator("#clock li.k")).to_contain_text("说明来意和规则", timeout=SOON)
    assert texts(one) == texts(two) == expected
    assert list(hall.session.statements.order_by("position").values_list("text", flat=True)) == expected
    # Closing ends the screen with thanks; no resident stood there by name at any time.
    services.close_session(hall.session, actor=hall.recorder)
    expect(screen.locator(".lv-over")).to_contain_text("月底前办理交接手续", timeout=SOON)


@pytest.mark.timeout(120)
def test_without_network_lines_wait_and_arrive_once_in_order(visit: Any, hall: SimpleNamespace) -> None:
    one = desk_of(visit, hall.moderator, hall.session, forgiven=CUT)
    two = desk_of(visit, hall.recorder, hall.session)
    say(one, "有网的一句")
    expect(two.locator("#said")).to_contain_text("有网的一句", timeout=SOON)
    one.context.set_offline(True)
    say(one, "断网第一句")
    say(one, "断网第二句")
    one.locator("#add_statement [name=text]").fill("还没打完")
    expect(one.locator("#unsent li")).to_have_count(2)
    expect(one.locator("#saved")).to_contain_text("2")
    say(two, "别人的一句")
    expect(two.locator("#said")).to_contain_text("别人的一句")
    one.context.set_offline(False)
    expect(two.locator("#said")).to_contain_text("断网第二句", timeout=8_000)
    expect(one.locator("#unsent li")).to_have_count(0)
    expected = ["有网的一句", "别人的一句", "断网第一句", "断网第二句"]
    assert list(hall.session.statements.order_by("position").values_list("text", flat=True)) == expected
    expect(one.locator("#add_statement [name=text]")).to_have_value("还没打完")
    deadline = time.monotonic() + 8
    while not RecordDesk.objects.filter(account=hall.moderator, kept__has_key="add_statement").exists():
        assert time.monotonic() < deadline
        one.wait_for_timeout(200)
    row = RecordDesk.objects.get(account=hall.moderator)
    assert row.kept["add_statement"]["text"] == "还没打完"
    # Another computer, the same recorder: the words are there.
    elsewhere = desk_of(visit, hall.moderator, hall.session)
    expect(elsewhere.locator("#add_statement [name=text]")).to_have_value("还没打完")


@pytest.mark.timeout(120)
def test_a_queue_survives_the_end_of_the_page(visit: Any, hall: SimpleNamespace) -> None:
    one = desk_of(visit, hall.moderator, hall.session, forgiven=CUT)
    context = one.context
    context.set_offline(True)
    say(one, "关页前的一句")
    expect(one.locator("#unsent li")).to_have_count(1)
    one.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/sessions/{hall.session.uuid}/record/")
    expect(again.locator("#said")).to_contain_text("关页前的一句")
    assert Statement.objects.filter(text="关页前的一句").count() == 1


@pytest.mark.timeout(120)
def test_signed_out_meanwhile_one_signs_in_on_top(visit: Any, hall: SimpleNamespace) -> None:
    hall.moderator.set_password("桥头见面喝茶 2026")
    hall.moderator.save()
    page = desk_of(visit, hall.moderator, hall.session, forgiven="401|403")
    page.locator("#add_statement [name=participant]").select_option(index=1)
    page.locator("#add_statement [name=text]").fill("登录过期时打的")
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#again")).to_be_visible()
    page.locator("#again [name=username]").fill(hall.moderator.username)
    page.locator("#again [name=password]").fill("桥头见面喝茶 2026")
    page.keyboard.press("Enter")
    expect(page.locator("#again")).to_be_hidden()
    expect(page.locator("#said")).to_contain_text("登录过期时打的")
    assert Statement.objects.filter(text="登录过期时打的").count() == 1


@pytest.mark.timeout(120)
def test_a_stale_edit_shows_both_and_what_was_struck_out_comes_back(visit: Any, hall: SimpleNamespace) -> None:
    line = services.add_statement(
        hall.session, by="居民代表", category="resident", text="原来的话", actor=hall.recorder
    )
    page = desk_of(visit, hall.moderator, hall.session, forgiven="409")
    page.locator(f"#s-{line.uuid} .js-mend").click()
    page.locator("#mend textarea").fill("我改的话")
    services.change_statement(line, actor=hall.recorder, text="别人改的话")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#mend .js-theirs")).to_have_text("别人改的话")
    expect(page.locator("#mend .js-mine")).to_have_text("我改的话")
    expect(page.locator("#mend textarea")).to_have_value("我改的话")
    page.locator("#mend .btn-ink").click()
    expect(page.locator("#mend")).to_be_hidden()
    expect(page.locator(f"#s-{line.uuid} .zb-pre")).to_have_text("我改的话")
    page.locator(f"#rm-{line.uuid}").click()
    expect(page.locator(f"#s-{line.uuid}")).to_have_count(0)
    page.keyboard.press("Alt+z")
    expect(page.locator(f"#s-{line.uuid} .zb-pre")).to_have_text("我改的话")


@pytest.mark.timeout(120)
def test_the_screen_says_when_it_is_not_connected(visit: Any, hall: SimpleNamespace) -> None:
    screen = visit(None, HALL, forgiven=CUT, timezone_id="America/New_York")
    screen.goto(f"/live/{hall.code}/")
    screen.wait_for_timeout(1_200)  # its own clock has ticked
    hours = {(timezone.localtime() + timedelta(minutes=n)).strftime("%H:%M") for n in (-1, 0, 1)}
    expect(screen.locator(".js-now")).to_have_text(re.compile("|".join(hours)))  # the hour of the house
    expect(screen.locator("#controls")).to_have_css("opacity", "0")
    screen.mouse.move(500, 500)
    screen.mouse.move(510, 510)
    expect(screen.locator("#controls")).to_have_css("opacity", "1")
    screen.context.set_offline(True)
    expect(screen.locator("#lost")).to_be_visible(timeout=10_000)
    expect(screen.locator("#lost")).to_have_text(re.compile(r"\d\d:\d\d"))
    screen.context.set_offline(False)
    expect(screen.locator("#lost")).to_be_hidden(timeout=10_000)
    small = screen.evaluate(
        """() => [...document.querySelectorAll('#screen *')].filter(one => [...one.childNodes].some(
            node => node.nodeType === 3 && node.nodeValue.trim()) && parseFloat(getComputedStyle(one).fontSize) < 27.9
        ).map(one => one.outerHTML.slice(0, 80))"""
    )
    assert small == []
    edges = screen.evaluate(
        """() => [...document.querySelectorAll('#screen *')].filter(one => {
            const box = one.getBoundingClientRect();
            return box.width && (box.left < 43.9 || box.top < 43.9 || box.right > 1876.1 || box.bottom > 1036.1);
        }).map(one => one.outerHTML.slice(0, 80))"""
    )
    assert edges == []


@pytest.mark.timeout(180)
def test_desk_screen_and_closing_fit_and_shut_nobody_out(visit: Any, hall: SimpleNamespace) -> None:
    """A full record at a desk and on a phone; the screen in the hall, on a small projector and on a phone."""
    session, office = hall.session, hall.recorder
    resident, village, _department = session.participants.all()
    services.mark_attendance(resident, "present", actor=office)
    services.set_languages(session, actor=office, languages=["普通话", "佤语"], interpreter="李翻译")
    said = services.add_statement(session, actor=office, participant=resident, text="先开门。" * 20, language="佤语")
    services.remove_statement(
        services.add_statement(session, actor=office, participant=village, text="删"), actor=office
    )
    for number in range(5):
        point = services.agree_point(session, None, f"第 {number} 条谈妥的事" * 6, actor=office, statements=[said])
    services.read_back(point, actor=office)
    services.keep_dissent(session, None, "费用谁出没有谈拢", "物业", actor=office, point=point)
    services.next_item(session, actor=office)
    services.ask_to_speak(village, actor=office)
    services.give_floor(resident, actor=office)
    base = f"/sessions/{session.uuid}"
    paths = [f"{base}/record/", f"{base}/close/", f"{base}/screen/", f"{base}/record/say/{said.uuid}/"]
    assert faults(visit, office, paths) == []
    screen = visit(None, HALL)
    found = []
    for path in (f"/live/{hall.code}/", "/live/"):
        screen.goto(path)
        for size in (HALL, {"width": 1366, "height": 768}, PHONE):
            screen.set_viewport_size(size)
            found += [f"{path} at {size['width']}: {fault}" for fault in look_at_size(screen, path)]
    assert found == []
    services.close_session(session, actor=office)
    screen.set_viewport_size(HALL)
    screen.goto(f"/live/{hall.code}/")
    assert look_at_size(screen, "over") == []


@pytest.mark.timeout(120)
def test_without_scripts_the_screen_reloads_itself(visit: Any, hall: SimpleNamespace) -> None:
    screen = visit(None, HALL, java_script_enabled=False)
    screen.goto("/live/")
    screen.locator("[name=code]").fill(hall.code)
    screen.locator("button").click()
    screen.wait_for_url(f"**/live/{hall.code}/")
    services.agree_point(hall.session, None, "没有脚本也看得到", actor=hall.recorder)
    expect(screen.locator(".js-points")).to_contain_text("没有脚本也看得到", timeout=12_000)
