"""The desk of a unit, the board's letters and visits, and the link for who has no account: at a desk and on a phone."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from consult.files.models import Attachment
from members.states import Role
from outcomes import services
from outcomes.models import Assignment, FieldCheck
from outcomes.services import links
from tests.browser.conftest import PHONE
from tests.browser.test_pages import faults, look
from tests.consult.files.samples import jpeg
from tests.factories import outcomes as make
from tests.factories import people

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(300),
]


def test_pages_of_pursuit_fit_and_shut_nobody_out(visit, transactional_db):
    host = people.host()
    office = people.office(host)
    lead, aide = make.unit(host, "县住建局"), make.unit(host, "县市场监管局")
    liaison = make.liaison(lead)
    outcome = make.submitted(host, on=make.day(200))
    late = [
        make.issued(
            outcome=outcome, lead=lead, assisting_units=[aide], on=make.day(120), matter=f"农贸市场排水沟改造 {n} 段"
        )
        for n in range(2)
    ]
    worked = make.replied(outcome=outcome, lead=lead, assisting_units=[aide], on=make.day(9), matter="更换盖板")
    services.rework_assignment(worked, actor=office, reason="盖板还差三块", due_on=make.day(-30))
    services.set_milestones(worked, actor=liaison, names=["现场勘查", "清淤", "换盖板", "验收"])
    services.add_progress(
        worked, actor=liaison, text="清淤 260 米", done=14, total=20, counted="处", steps=worked.milestones.all()[:2]
    )
    services.urge(late[0], actor=office, text="请抓紧办理并书面答复")
    link = services.make_link(late[0], actor=office, name="李工")
    check = services.plan_check(
        worked, actor=office, planned_on=timezone.localdate(), people=[office], note_text="看盖板是否盖齐"
    )
    office_pages = [
        *(reverse(f"outcomes:{name}") for name in ("list", "urge_all", "plan_round", "checks", "letters")),
        *(reverse(f"outcomes:{name}", args=[late[0].uuid]) for name in ("detail", "links", "urge", "make_link")),
        reverse("outcomes:record_check", args=[worked.uuid]),
        reverse("outcomes:unit", args=[lead.uuid]),
    ]
    assert faults(visit, office, office_pages) == []
    desk = [reverse("outcomes:desk"), reverse("outcomes:answer", args=[worked.uuid])]
    desk.append(reverse("outcomes:set_milestones", args=[worked.uuid]))
    assert faults(visit, liaison, desk) == []
    assert look(visit(), links.path_of_link(link)) == []
    assert check.is_open


def test_a_visit_is_recorded_on_the_phone(visit, transactional_db):
    host = people.host()
    member = people.account(Role.MEMBER, host)
    assignment = make.replied(host)
    services.plan_check(assignment, actor=people.office(host), planned_on=timezone.localdate(), people=[member])
    page = visit(member, PHONE)
    page.goto(reverse("outcomes:checks"))
    page.get_by_role("link", name="记录查单").click()
    expect(page.locator("input[type=file]")).to_have_attribute("capture", "environment")
    page.locator("input[name=verdict][value=ok]").check(force=True)
    page.locator("textarea[name=finding]").fill("现场看过，盖板盖齐")
    page.locator("input[name=then][value=verify]").check()
    page.locator("input[type=file]").set_input_files({"name": "盖板.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    page.locator("main form button.btn-ink").click()
    expect(page.locator("h1")).to_contain_text(assignment.matter)
    check = FieldCheck.objects.get()
    assert check.verdict == "ok"
    assert [photo.kind for photo in Attachment.objects.about(check)] == ["photo"]
    assert Assignment.objects.get(pk=assignment.pk).state == "verified"


def test_a_unit_without_an_account_answers_without_scripts(visit, transactional_db):
    host = people.host()
    assignment = make.issued(host)
    link = services.make_link(assignment, actor=people.office(host), name="李工")
    page = visit(None, PHONE, forgiven="422", java_script_enabled=False)
    page.goto(links.path_of_link(link))
    page.get_by_role("button", name="签收", exact=True).click()
    expect(page.get_by_text("已收到，谢谢")).to_be_visible()
    page.locator("textarea[name=text]").fill("正在推进")
    page.get_by_role("button", name="提交进展").click()
    expect(page.locator(".zb-field").filter(has=page.locator("textarea[name=text]"))).to_contain_text("不能只写")
    page.locator("textarea[name=text]").fill("清淤 120 米，还差 140 米，周五前完成")
    page.get_by_role("button", name="提交进展").click()
    expect(page.get_by_text("清淤 120 米，还差 140 米，周五前完成")).to_be_visible()
    assert Assignment.objects.get(pk=assignment.pk).state == "in_progress"
