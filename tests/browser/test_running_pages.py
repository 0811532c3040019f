"""Pages of running a session that other tests do not open: moves, refusals, boxes above the page, papers, the close."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consult.dbclock import database_now
from sessions import services
from sessions.services import pulse, sign_in, slips
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_pages import faults, look_at_size
from tests.browser.test_phone_pages import equipped
from tests.factories import people, topics
from tests.factories import sessions as make
from tests.factories.topics import clerk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(240),
]


def of(session: Any, *names: str) -> list[str]:
    return [reverse(f"sessions:{name}", args=[session.uuid]) for name in names]


def both_sizes(page: Any, name: str) -> list[str]:
    """A page as it stands, box above it and all."""
    found = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found += [f"{name} at {size['width']}: {fault}" for fault in look_at_size(page, name)]
    return found


def test_preparing_and_what_became_of_it(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office = clerk(host)
    topic = topics.claimed(host, stakeholders=["resident", "department", "enterprise"])
    planned, announced = make.planned(host, topics=[topic]), make.announced(host)
    kept = make.needs_decision(host)
    paths = [
        *of(planned, "announce", "invite", "change_plan"),
        *of(announced, "open", "postpone", "cancel"),
        *of(kept, "detail", "accept_log"),
        *of(make.cancelled(host), "detail"),
    ]
    assert faults(visit, office, paths) == []


def test_held_and_its_minutes(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office, other = clerk(host), people.approver(host)
    held = make.held(host)
    assert faults(visit, office, of(held, "detail", "record", "draft_minutes")) == []
    draft = make.drafted(held)
    moves = [reverse(f"sessions:{name}", args=[draft.uuid]) for name in ("revise_minutes", "circulate_minutes")]
    filed = make.filed(make.held(host), actor=office)
    signing = [reverse(f"sessions:{name}", args=[filed.uuid]) for name in ("minutes", "return_minutes", "sign_minutes")]
    assert faults(visit, office, [*moves, reverse("sessions:file_minutes", args=[draft.uuid])]) == []
    assert faults(visit, other, signing) == []


def test_what_is_signed_and_what_amends_it(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    signed = make.signed(make.held(host))
    office = clerk(host)
    amend = reverse("sessions:amend_minutes", args=[signed.uuid])
    assert faults(visit, office, [signed.get_absolute_url(), amend]) == []
    amendment = services.amend_minutes(signed, actor=office, reason="日期写错")
    assert faults(visit, office, [signed.get_absolute_url(), amendment.get_absolute_url()]) == []


def test_two_texts_side_by_side_shut_nobody_out(visit: Any, transactional_db: Any) -> None:
    host = people.host()
    office = clerk(host)
    minutes = services.draft_minutes(make.held(host), actor=office, body="开会。\n（一）错峰放学。")
    page = visit(office, forgiven="409")
    page.goto(reverse("sessions:revise_minutes", args=[minutes.uuid]))
    services.revise_minutes(minutes, actor=people.office(host), body="开会。\n（一）分批放学。", version=1)
    page.locator("textarea[name='body']").fill("开会。\n（一）错峰放学，有人值守。")
    page.locator(".zb-revise .btn-ink").click()
    expect(page.locator(".zb-merge").first).to_be_visible()
    assert both_sizes(page, "side_by_side") == []


def test_boxes_above_the_record(visit: Any, transactional_db: Any) -> None:
    """Signing in again, mending a line, and both texts of a line that two have mended."""
    host = people.host()
    session, office = make.in_progress(host), clerk(host)
    line = services.add_statement(session, by="居民代表", category="resident", text="原来的话", actor=office)
    page = visit(office, forgiven="409|401|403")
    page.goto(reverse("sessions:record", args=[session.uuid]))
    expect(page.locator("html.zb-desk-ready")).to_have_count(1)
    page.locator(f"#s-{line.uuid} .js-mend").click()
    page.locator("#mend textarea").fill("我改的话")
    found = both_sizes(page, "mend")
    services.change_statement(line, actor=people.office(host), text="别人改的话")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#mend .js-theirs")).to_have_text("别人改的话")
    found += both_sizes(page, "mend_both")
    page.set_viewport_size(DESKTOP)
    page.locator("#mend .js-close").click()
    page.context.clear_cookies()
    page.locator("#add_statement [name=participant]").select_option(index=1)
    page.locator("#add_statement [name=text]").fill("登录过期时打的")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#again")).to_be_visible()
    found += both_sizes(page, "again")
    assert found == []


def test_who_comes_in_or_does_not(visit: Any, transactional_db: Any) -> None:
    """One tap, refusals of each kind, a slip that opens nothing, a signing in that was taken back."""
    host = people.host()
    session, office = make.in_progress(host), clerk(host)
    come = sign_in.screen_link(session)
    member = people.account("member", host)
    assert faults(visit, member, [come]) == []
    signed = sign_in.check_in(
        sign_in.admit(sign_in.screen_token(session)), key=session.uuid, name="孙悟空", category="other"
    )
    services.mark_attendance(session.participants.get(pk=signed.participant_id), "", actor=office)
    page = visit(viewport=PHONE, forgiven="40[0-9]|410|422")
    old = sign_in.screen_token(session, now=database_now().replace(year=2020))
    slip = slips.slip_link(session.participants.first())
    paths = [reverse("sign_in:done", args=[signed.uuid]), reverse("sign_in:open", args=[old]), "/s/nonsense/", slip]
    found = []
    for path in paths:
        page.goto(path)
        found += both_sizes(page, path)
    page.goto(come)
    page.locator("form .btn-ink").last.click()
    expect(page.locator(".zb-errsum")).to_be_visible()
    found += both_sizes(page, "come_wrong")
    assert found == []


def test_papers(visit: Any, transactional_db: Any) -> None:
    """Paper is not folded; it is read by whoever cannot see it as well."""
    host = people.host()
    office = clerk(host)
    session = make.written(make.in_progress(host))
    names = ("print_notice", "print_agenda", "print_sheet", "print_poster")
    minutes = reverse("sessions:print_minutes", args=[make.filed(make.held(host)).uuid])
    page = visit(office)
    found = []
    for path in [*of(session, *names), minutes]:
        assert page.goto(path).status == 200
        found += [f"{path}: {fault}" for fault in look_at_size(page, path)]
    assert found == []


def test_a_screen_with_every_class_and_many_points_stays_on_the_screen(visit: Any, transactional_db: Any) -> None:
    """Nine classes, eight items, a full queue, long names: nothing sticks out, in a hall or on a small projector."""
    host = people.host()
    office = clerk(host)
    classes = ["resident", "village", "department", "enterprise", "member", "deputy", "expert", "foreign", "other"]
    unit = "滁州市南谯区同乐街道办事处经济发展中心"
    roster = [
        {"category": one, "name": one, "organisation_name": unit, "count": 12 if one == "enterprise" else 1}
        for one in classes
    ]
    agenda = [{"text": f"第 {n} 项：说明来意、规则与发言顺序", "minutes": 10} for n in range(1, 9)]
    session = make.in_progress(host, participants=roster, agenda=agenda)
    code = services.issue_screen(session, actor=office).code
    for line in session.participants.all():
        services.mark_attendance(line, "present", actor=office)
        services.ask_to_speak(line, actor=office)
    services.give_floor(session.participants.get(category="department"), actor=office)
    services.next_item(session, actor=office)
    for n in range(4):
        point = services.agree_point(session, None, f"第 {n} 条谈妥的事情写得很长很长" * 4, actor=office)
    services.keep_dissent(session, None, "费用谁出没有谈拢", "物业", actor=office, point=point)
    pulse.forget_all()
    screen = visit(None, {"width": 1920, "height": 1080})
    screen.goto(f"/live/{code}/")
    expect(screen.locator(".lv-counts li")).to_have_count(9)
    found = []
    for size in ({"width": 1920, "height": 1080}, {"width": 1280, "height": 720}, {"width": 1024, "height": 768}):
        screen.set_viewport_size(size)
        found += [f"{size['width']}: {fault}" for fault in look_at_size(screen, "live_full")]
        found += screen.evaluate(
            """() => {
              const bottom = document.querySelector('.lv-cons').getBoundingClientRect().top;
              const low = [...document.querySelectorAll('.lv-main *')].filter(one => {
                const box = one.getBoundingClientRect();
                return box.width && box.bottom > bottom + 1;
              }).map(one => 'runs into the points: ' + one.outerHTML.slice(0, 90));
              const end = document.documentElement.clientHeight;
              const out = [...document.querySelectorAll('#screen *')].filter(one => {
                const box = one.getBoundingClientRect();
                return box.width && box.bottom > end + 1;
              }).map(one => 'below the screen: ' + one.outerHTML.slice(0, 90));
              const wide = [...document.querySelectorAll('.lv-counts li')].filter(
                one => one.scrollWidth > one.clientWidth + 1).map(one => 'too wide: ' + one.textContent);
              return [...low, ...out, ...wide].slice(0, 4);
            }"""
        )
    assert found == []


def test_a_telephone_with_something_refused_and_a_question(visit: Any, transactional_db: Any) -> None:
    """The queue with what waits, what was refused and a draft; the box that asks before something is thrown away."""
    host = people.host()
    page = visit(equipped(host), viewport=PHONE, forgiven="404")
    page.goto("/m/queue/")
    page.wait_for_selector(".js-queue[data-ready=yes]")
    page.evaluate(
        """async () => {
          const row = (id, kind, state, more) => Phone.store.keep(Object.assign({id, seq: Date.now(), kind, state,
            tries: 1, next: Date.now() + 6e5, at: Date.now(), created: Date.now(), rev: 0, path: '/nowhere/',
            subject: '', title: '万桥新苑二期停车位', fields: {}, parties: [], answer: null,
            payload: {title: '万桥新苑二期停车位', place: '凉亭', agreed: ['白线月底前补画']}}, more));
          const there = {title: '停车位', place: '院坝', state: 'held'};
          await row('a', 'log', 'refused', {answer: {status: 409, detail: '这件事已经协商过了', server: there}});
          await row('b', 'visit', 'unsure', {payload: {findings: ['楼道灯不亮']}});
          await row('c', 'slip', 'note', {});
          await row('d', 'log', 'done', {answer: {uuid: 'x', state: 'needs_decision', decision_note: '时间在将来'}});
          await Phone.store.keepDraft({id: 'log:e', kind: 'log', at: Date.now(), entry: 'e', rev: 0, created: 0,
            fields: {title: '写了一半'}, parties: [], title: '写了一半'});
        }"""
    )
    page.reload()
    page.wait_for_selector("[data-state=refused]")
    found = both_sizes(page, "queue_full")
    page.click("[data-state=note] button:has-text('丢弃')")
    expect(page.locator("#confirm")).to_be_visible()
    found += both_sizes(page, "queue_asks")
    page.goto("/m/log/")
    page.wait_for_selector(".js-phone-form[data-ready=yes]")
    page.click("button[name=send]")
    expect(page.locator(".zb-errsum")).to_be_visible()
    found += both_sizes(page, "log_wrong")
    assert found == []
