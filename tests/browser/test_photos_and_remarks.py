"""Faces hidden by mouse, finger, keyboard and without scripts; minutes remarked upon; the pages at desk and phone."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from consult.files import copies
from consult.files.models import PublicCopy
from outcomes import services as outcomes
from sessions import services
from sessions.models import ConsultSession
from tests.browser.conftest import PHONE
from tests.browser.test_pages import faults
from tests.consult.files import samples
from tests.factories import notices, people
from tests.factories import sessions as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(240),
]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept(office: Any, session: Any = None, caption: str = "居民代表在三号楼前看图纸") -> Any:
    upload = SimpleUploadedFile("院坝.jpg", samples.jpeg((900, 600)))
    return services.add_photo(session or make.held(), actor=office, upload=upload, caption=caption)[0]


def middle(box: Any, x: float, y: float) -> tuple[float, float]:
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def test_a_box_is_drawn_moved_undone_and_burnt(visit: Any, transactional_db: Any) -> None:
    office = make.clerk(people.host())
    row = kept(office)
    page = visit(office)
    page.goto(reverse("files:hide", args=[row.uuid]))
    desk = page.locator(".js-boxes svg")
    expect(desk).to_have_attribute("role", "group")
    shape = desk.bounding_box()
    page.mouse.move(*middle(shape, 0.2, 0.2))
    page.mouse.down()
    page.mouse.move(*middle(shape, 0.4, 0.5), steps=5)
    page.mouse.up()
    first = page.locator("[name='b0_left']")
    expect(first).not_to_have_value("")
    assert abs(float(first.input_value()) - 20) < 1.5
    assert abs(float(page.locator("[name='b0_height']").input_value()) - 30) < 1.5
    # By keyboard: a second box, moved, made larger, the last step undone, taken away and brought back.
    page.locator(".js-box-add").click()
    expect(page.locator("[name='b1_left']")).to_have_value("40")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name='b1_left']")).to_have_value("41")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("[name='b1_height']")).to_have_value("21")
    page.locator(".js-box-undo").click()
    expect(page.locator("[name='b1_height']")).to_have_value("20")
    page.locator(".js-boxes rect[tabindex]").nth(1).focus()
    page.keyboard.press("Delete")
    expect(page.locator("[name='b1_left']")).to_have_value("")
    page.locator(".js-box-undo").click()
    expect(page.locator("[name='b1_left']")).to_have_value("41")
    # What is typed is drawn.
    page.locator("[name='b1_left']").fill("60")
    page.locator("[name='b1_left']").press("Tab")
    expect(page.locator(".js-boxes rect[tabindex]").nth(1)).to_have_attribute("x", "600")
    page.get_by_role("button", name="制作公开件").click()
    page.wait_for_url("**/release/")
    copy = PublicCopy.objects.get()
    assert (len(copy.boxes), copy.boxes[1]) == (2, [600, 400, 200, 200])
    page.get_by_label("我看过这份公开件").check()
    page.get_by_role("button", name="可以公开").click()
    page.wait_for_url("**/sessions/**")
    expect(page.locator("#photos .song")).to_be_visible()


def test_a_finger_draws_on_a_phone(visit: Any, transactional_db: Any) -> None:
    office = make.clerk(people.host())
    page = visit(office, viewport=PHONE, has_touch=True)
    page.goto(reverse("files:hide", args=[kept(office).uuid]))
    desk = page.locator(".js-boxes svg")
    expect(desk).to_have_attribute("role", "group")
    shape = desk.bounding_box()
    remote = page.context.new_cdp_session(page)
    (x1, y1), (x2, y2) = middle(shape, 0.1, 0.1), middle(shape, 0.6, 0.7)
    remote.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x1, "y": y1}]})
    for part in (0.3, 0.6, 1):
        point = {"x": x1 + (x2 - x1) * part, "y": y1 + (y2 - y1) * part}
        remote.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    remote.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("[name='b0_left']")).not_to_have_value("")
    assert abs(float(page.locator("[name='b0_width']").input_value()) - 50) < 2


def test_without_scripts_boxes_are_written_and_chapters_go_up_and_down(visit: Any, transactional_db: Any) -> None:
    office = make.clerk(people.host())
    row = kept(office)
    page = visit(office, java_script_enabled=False)
    page.goto(reverse("files:hide", args=[row.uuid]))
    for name, value in (("left", "10"), ("top", "20"), ("width", "30"), ("height", "40")):
        page.locator(f"[name='b0_{name}']").fill(value)
    page.get_by_role("button", name="再加几行").click()
    assert page.locator("[name='b5_left']").is_visible()
    assert page.locator("[name='b0_left']").input_value() == "10"
    page.get_by_role("button", name="制作公开件").click()
    page.wait_for_url("**/release/")
    assert PublicCopy.objects.get().boxes == [[100, 200, 300, 400]]
    page.goto(reverse("members:sections"))
    page.get_by_role("button", name="形成的共识：上移").or_(page.locator("[name='up'][value='agreed']")).first.click()
    assert page.locator("[name='order']").input_value() == "matter,who,agenda,agreed,said,dissent"


def test_a_remark_is_made_answered_and_taken(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office = make.clerk(host)
    minutes = services.draft_minutes(
        make.held(host), actor=office, body="开会。\n一、形成的共识\n（一）低年级提前 15 分钟放学。"
    )
    page = visit(office)
    page.goto(minutes.get_absolute_url())
    page.get_by_role("link", name="加一条").click()
    page.wait_for_url("**/comment/")
    page.go_back()
    page.evaluate(
        """() => {
          const words = document.querySelector("#line-3").firstChild, from = words.data.indexOf("提前 15 分钟");
          const range = document.createRange();
          range.setStart(words, from);
          range.setEnd(words, from + "提前 15 分钟".length);
          window.getSelection().addRange(range);
        }"""
    )
    page.get_by_role("link", name="加一条").click()
    page.wait_for_url("**/comment/")
    expect(page.locator("[name='quote']")).to_have_value("提前 15 分钟")
    expect(page.locator("[name='line_number']")).to_have_value("3")
    page.locator("[name='text']").fill("从哪天开始，写到日。")
    page.locator("form.js-form .btn-ink").click()
    page.wait_for_url("**/sessions/minutes/*/*")
    expect(page.locator(".zb-paper .pi")).to_have_text("提前 15 分钟")
    page.get_by_role("link", name="回复").click()
    page.wait_for_url("**/answer/")
    page.locator("[name='answer']").fill("学校答应了。")
    page.locator("[name='proposed']").fill("自 11 月 23 日起提前 15 分钟")
    page.locator("form.js-form .btn-ink").click()
    page.wait_for_url("**/sessions/minutes/*/*")
    page.get_by_role("button", name="采用这句").click()
    expect(page.locator(".zb-paper")).to_contain_text("低年级自 11 月 23 日起提前 15 分钟放学")
    minutes.refresh_from_db()
    assert minutes.version == 2


def test_every_page_at_a_desk_and_on_a_phone(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office = make.clerk(host)
    session = make.written(make.in_progress(host))
    row = kept(office, session)
    for caption in ("散会以后", "", "走访"):
        kept(office, session, caption)
    copies.make_copy(row, actor=office, boxes=[[300, 200, 150, 300]])
    paper = SimpleUploadedFile("施工方案（征求意见稿）.pdf", samples.pdf())
    services.add_photo(session, actor=office, upload=paper, kind="document")
    topic = session.topics.first()
    words = {"actor": office, "unit_name": "县交警大队", "due_on": timezone.localdate()}
    services.agree_point(session, topic, "上下学时段单向通行。", **words)
    services.agree_point(session, topic, "低年级提前 15 分钟放学。", actor=office, unit_name="县教体局")
    session = services.close_session(session, actor=office)
    minutes = services.circulate_minutes(services.draft_minutes(session, actor=office), actor=office)
    one = services.comment_minutes(minutes, actor=office, text="从哪天开始，写到日。", quote="低年级提前 15 分钟")
    services.comment_minutes(minutes, actor=office, text="数是哪天数的？补上日期和来源。", line_number=2)
    services.answer_comment(one, actor=office, answer="学校答应同步。", proposed="低年级自 11 月 23 日起提前 15 分钟")
    services.revise_minutes(minutes, actor=office, body=minutes.body + "\n补一句。", version=1)
    paths = [
        session.get_absolute_url(),
        minutes.get_absolute_url(),
        reverse("sessions:comment_minutes", args=[minutes.uuid]),
        reverse("sessions:answer_comment", args=[minutes.uuid, one.uuid]),
        reverse("sessions:versions", args=[minutes.uuid]),
        reverse("sessions:seal", args=[make.signed().uuid]),
        reverse("sessions:add_photo", args=[session.uuid]),
        reverse("members:sections"),
        *(reverse(f"files:{name}", args=[row.uuid]) for name in ("hide", "release", "remove", "withdraw")),
        reverse("sessions:log"),
    ]
    assert faults(visit, office, paths) == []


def test_two_texts_stand_side_by_side(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office = make.clerk(host)
    minutes = services.draft_minutes(make.held(host), actor=office, body="开会。\n（一）错峰放学。")
    page = visit(office, forgiven="409")
    page.goto(reverse("sessions:revise_minutes", args=[minutes.uuid]))
    services.revise_minutes(minutes, actor=people.office(host), body="开会。\n（一）分批放学。", version=1)
    page.locator("textarea[name='body']").fill("开会。\n（一）错峰放学，有人值守。")
    page.locator(".zb-revise .btn-ink").click()
    expect(page.locator(".zb-merge").first).to_be_visible()
    if folder := os.environ.get("CONSULT_PICTURES"):
        page.screenshot(path=f"{folder}/side_by_side.png", full_page=True)
    page.locator("[name='take'][value='mine']").click()
    page.wait_for_url("**/sessions/minutes/*/")
    expect(page.locator(".zb-paper")).to_contain_text("有人值守")
    assert [row.version for row in minutes.revisions.all()] == [1, 2, 3]


def test_a_notice_with_photos_at_a_desk_and_on_a_phone(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office = make.clerk(host)
    draft = notices.drafted(host)
    session = ConsultSession.objects.filter(session_topics__topic=draft.topic).first()
    photos = [kept(office, session, caption) for caption in ("在三号楼前看图纸", "走访沿街商户")]
    for row in photos:
        copy = copies.make_copy(row, actor=office, boxes=[[100, 100, 300, 300]])
        copies.release_copy(row, actor=office, copy=copy.uuid, looked_through=True)
    other = notices.reviewer(host)
    assert faults(visit, draft.drafted_by, [reverse("outcomes:edit_notice", args=[draft.uuid])]) == []
    draft = outcomes.edit_notice(draft, actor=draft.drafted_by, photos=[row.uuid for row in photos])
    posted = outcomes.post_notice(outcomes.review_notice(draft, actor=other), actor=other)
    page = visit()
    page.goto(posted.board_url)
    picture = page.locator(".bd-photos img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.bd-photos img').naturalWidth > 0")
    assert faults(visit, None, [posted.board_url]) == []
