"""A session run from the telephone, in a courtyard without a network: every tick and line exactly once, in order."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from consult.audit.models import Entry
from members.states import Role
from sessions import services
from sessions.models import ConsultSession
from tests.browser.ways import KEPT, sent, until
from tests.browser.wire import Wire
from tests.factories import people, sessions

pytest_plugins = ("tests.browser.telephones",)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(240),
]


@pytest.fixture
def convenor(transactional_db: Any) -> Any:
    return people.account(Role.CONVENOR, people.host(), display_name="召集人老杨")


#: From now on nothing can be written into the telephone any more.
FULL = "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); } }"


def called(convenor: Any, **changes: Any) -> ConsultSession:
    return sessions.announced(convenor.mandates.get().host, moderator=convenor, **changes)


def on_the_spot(phone: Any, session: ConsultSession) -> Page:
    """The page lies on the telephone."""
    page = phone.page()
    page.goto("/m/")
    until(page, f"{KEPT}.then(all => all.some(one => one.includes('/m/sessions/{session.uuid}/')))")
    page.goto(f"/m/sessions/{session.uuid}/")
    page.wait_for_selector(".js-sitting[data-ready=yes]")
    return page


def tick(page: Page, name: str) -> None:
    page.click(f"[data-name='{name}'] .js-tick")
    expect(page.locator(f"[data-name='{name}'] .js-tick[aria-pressed=true]")).to_have_count(1)


def quick(page: Page, verb: str, **typed: str) -> None:
    form = page.locator(f".js-quick[data-verb={verb}]")
    for name, words in typed.items():
        form.locator(f"[name={name}]").fill(words)
    form.locator("button").click()
    expect(form.locator("[name=text], [name=name]")).to_have_value("")


def waiting(page: Page, count: int) -> None:
    until(page, f"Phone.sync.count().then(c => c.waiting === {count})")


def test_a_courtyard_without_a_network(telephone: Any, wire: Wire, convenor: Any) -> None:
    session = called(convenor)
    phone = telephone(convenor)
    page = on_the_spot(phone, session)
    wire.cut()
    expect(page.locator("[data-name=居民代表] .js-tick")).to_be_disabled()
    page.click(".js-open")
    expect(page.locator("[data-name=居民代表] .js-tick")).to_be_enabled()
    page.fill("[data-name=居民代表] .js-heads", "6")
    tick(page, "居民代表")
    tick(page, "万桥社区")
    tick(page, "股室负责人")
    page.click("[data-name=股室负责人] .js-tick")  # it was somebody else
    expect(page.locator("[data-name=股室负责人] .js-tick[aria-pressed=false]")).to_have_count(1)
    quick(page, "walk_in", name="路过的老张", count="2")
    expect(page.locator(".js-came")).to_have_text("9")
    quick(page, "agree_point", text="物业月底前划 36 个车位", unit_name="物业")
    quick(page, "add_statement", by="老张", text="消防通道不能占")
    waiting(page, 8)
    before_it_came = timezone.now()
    page.reload()  # from the telephone itself
    page.wait_for_selector(".js-sitting[data-ready=yes]")
    expect(page.locator("[data-name=居民代表]")).to_contain_text("到 6")
    expect(page.locator(".js-came")).to_have_text("9")
    expect(page.locator(".js-points")).to_contain_text("36 个车位")
    session.refresh_from_db()
    assert session.state == "announced"
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    sent(page)

    session.refresh_from_db()
    assert (session.state, session.opened_at < before_it_came) == ("in_progress", True)
    roster = {str(line): (line.attendance, line.came) for line in session.participants.all()}
    assert roster == {
        "居民代表": ("present", 6),
        "万桥社区": ("present", None),
        "股室负责人": ("", None),
        "路过的老张": ("present", None),
    }
    assert session.participants.filter(attendance="present", signed_in_at__lt=before_it_came).count() == 3
    made = ["open", *["mark_attendance"] * 4, "walk_in", "agree_point", "add_statement"]
    marks = Entry.objects.about(session).filter(actor=convenor).order_by("pk")
    assert [entry.verb for entry in marks] == [f"session.{verb}" for verb in made]
    marked = [entry for entry in marks if entry.verb == "session.mark_attendance"]
    assert all(entry.happened_at < before_it_came < entry.recorded_at for entry in marked)

    rows = page.evaluate("Phone.store.entries()")
    for order in (rows, rows[::-1], rows):  # three times more, in any order
        page.evaluate(
            """async rows => {
              for (const row of rows) await Phone.store.keep(Object.assign({}, row, {state: 'waiting'}));
              await Phone.sync.run(true);
            }""",
            order,
        )
        sent(page)
    assert marks.count() == len(made)
    assert session.participants.filter(is_walk_in=True).count() == 1
    assert (session.statements.count(), session.consensus_points.count()) == (1, 1)


def test_who_was_marked_otherwise_meanwhile_is_asked_about(telephone: Any, wire: Wire, convenor: Any) -> None:
    session = called(convenor)
    services.open_session(session, actor=convenor)
    page = on_the_spot(telephone(convenor), session)
    wire.cut()
    tick(page, "股室负责人")
    tick(page, "万桥社区")
    clerk = people.office(session.host)
    for line in session.participants.exclude(name="居民代表"):
        services.mark_attendance(line, "excused", actor=clerk)
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    page.goto("/m/queue/")
    cards = page.locator("[data-state=refused]")
    expect(cards).to_have_count(2)
    expect(cards.nth(0).locator(".zb-m-side").nth(1)).to_contain_text("请假")
    cards.nth(0).locator("button:has-text('以本机的为准')").click()
    expect(cards).to_have_count(1)
    cards.nth(0).locator("button:has-text('以服务器的为准')").click()
    page.click("#confirm-yes")
    expect(cards).to_have_count(0)
    sent(page)
    marks = dict(session.participants.values_list("organisation_name", "attendance"))
    assert (marks["区住建局"], marks["万桥社区"]) == ("present", "excused")


def test_after_the_close_what_was_ticked_goes_beside_the_minutes(telephone: Any, wire: Wire, convenor: Any) -> None:
    session = called(convenor)
    services.open_session(session, actor=convenor)
    page = on_the_spot(telephone(convenor), session)
    wire.cut()
    tick(page, "股室负责人")
    tick(page, "万桥社区")
    clerk = people.office(session.host)
    services.agree_point(session, session.topics.get(), "月底前移交", actor=clerk)
    services.close_session(ConsultSession.objects.get(pk=session.pk), actor=clerk, no_statements=True)
    minutes = services.draft_minutes(session, actor=clerk)
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    page.goto("/m/queue/")
    card = page.locator("[data-state=refused]")
    expect(card).to_have_count(1)  # both ticks on one card
    expect(card).to_contain_text("签到名单已封存")
    assert set(session.participants.values_list("attendance", flat=True)) == {"absent"}
    card.locator("button:has-text('附在纪要旁边')").click()
    expect(card).to_have_count(0)
    sent(page)
    remarks = list(minutes.comments.order_by("pk").values_list("text", flat=True))
    assert ["股室负责人：到了" in remarks[0], "万桥社区：到了" in remarks[1], len(remarks)] == [True, True, 2]
    assert set(session.participants.values_list("attendance", flat=True)) == {"absent"}


def test_opened_by_somebody_else_meanwhile_is_opened(telephone: Any, wire: Wire, convenor: Any) -> None:
    session = called(convenor)
    page = on_the_spot(telephone(convenor), session)
    wire.cut()
    page.click(".js-open")
    tick(page, "万桥社区")
    services.open_session(session, actor=people.office(session.host))
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    sent(page)
    assert session.participants.get(organisation_name="万桥社区").attendance == "present"


def test_no_mark_overtakes_one_that_has_to_wait(telephone: Any, wire: Wire, convenor: Any) -> None:
    session = called(convenor)
    page = on_the_spot(telephone(convenor), session)
    wire.cut()
    page.click(".js-open")
    tick(page, "万桥社区")
    page.wait_for_timeout(1_500)  # what the ticks themselves set going has run
    page.evaluate(
        """async () => {
          const opened = (await Phone.store.entries())[0];
          await Phone.store.keep(Object.assign(opened, {state: 'unsure', next: Date.now() + 600000}));
        }"""
    )
    wire.mend()
    page.evaluate("Phone.sync.run(false)")
    page.wait_for_timeout(700)
    until(page, "Phone.sync.count().then(c => c.waiting === 2 && c.refused === 0)")
    page.evaluate("Phone.sync.run(true)")
    sent(page)
    assert session.participants.get(organisation_name="万桥社区").attendance == "present"


def test_half_a_sentence_outlives_a_reload(telephone: Any, wire: Wire, convenor: Any) -> None:
    session = called(convenor)
    services.open_session(session, actor=convenor)
    page = on_the_spot(telephone(convenor), session)
    wire.cut()
    page.locator(".js-quick[data-verb=agree_point] [name=text]").fill("物业月底前")
    until(page, "Phone.store.drafts().then(all => all.some(one => one.title === '物业月底前'))")
    page.reload()
    page.wait_for_selector(".js-sitting[data-ready=yes]")
    expect(page.locator(".js-quick[data-verb=agree_point] [name=text]")).to_have_value("物业月底前")
    page.evaluate(FULL)
    page.locator(".js-quick[data-verb=agree_point] button").click()
    expect(page.locator(".js-wrong")).to_contain_text("没有存上：手机存满了")
    expect(page.locator(".js-quick[data-verb=agree_point] [name=text]")).to_have_value("物业月底前")


def test_a_session_of_tomorrow_is_among_those_one_runs(telephone: Any, convenor: Any) -> None:
    session = called(convenor, starts_at=sessions.soon(24))
    far = called(convenor, starts_at=timezone.now() + timedelta(days=40))
    page = telephone(convenor).page()
    page.goto("/m/")
    expect(page.locator(f"a[href='/m/sessions/{session.uuid}/']")).to_have_count(1)
    expect(page.locator(f"a[href='/m/sessions/{far.uuid}/']")).to_have_count(0)


def test_without_a_worker_the_open_page_goes_on_and_says_that_it_must_stay_open(
    telephone: Any, wire: Wire, convenor: Any
) -> None:
    session = called(convenor)
    services.open_session(session, actor=convenor)
    phone = telephone(convenor)
    phone.context.add_init_script("delete Navigator.prototype.serviceWorker;")
    page = phone.page()
    page.goto(f"/m/sessions/{session.uuid}/")
    page.wait_for_selector(".js-sitting[data-ready=yes]")
    expect(page.locator("#strip")).to_contain_text("请保持本页打开：这个浏览器断网后打不开页面")
    wire.cut()
    tick(page, "万桥社区")
    expect(page.locator("#strip")).to_contain_text("请保持本页打开，还有 1 条没传")
    wire.mend()
    page.evaluate("Phone.sync.run(true)")
    sent(page)
    assert session.participants.get(organisation_name="万桥社区").attendance == "present"
