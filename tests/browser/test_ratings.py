"""满意度 in Chromium: on a phone, without an account, with and without scripts; slips on paper; asking from above."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from outcomes.models import SatisfactionAnswer, SatisfactionSurvey
from outcomes.services.inviting import link_of
from outcomes.services.oversight import urge_assignment
from tests.browser.conftest import PHONE
from tests.browser.test_pages import look
from tests.factories import people
from tests.outcomes.test_ratings import asked

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(os.environ.get("CONSULT_NO_BROWSER")), reason=os.environ.get("CONSULT_NO_BROWSER", "")),
    pytest.mark.timeout(240),
]


def link(done: Any, kind: str) -> str:
    rows = SatisfactionSurvey.objects.get(outcome=done.outcome_id).invitations.filter(kind=kind, account=None)
    return link_of(rows.first())


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_who_was_there_says_how_satisfied_he_is_once(visit: Any, transactional_db: Any, scripts: bool) -> None:
    done = asked()
    page = visit(viewport=PHONE, java_script_enabled=scripts, forgiven="409|422")
    page.goto(link(done, "attendee"))
    page.get_by_role("group", name="协商过程").get_by_label("满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("alert")).to_be_visible()  # the second question is still open
    page.get_by_role("group", name="办理结果").get_by_label("不满意").check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("heading", name="谢谢您")).to_be_visible()
    page.goto(link(done, "attendee"))
    expect(page.get_by_role("alert")).to_contain_text("已经作答")
    assert SatisfactionAnswer.objects.get().result == "unsatisfied"


def test_the_pages_fit_and_shut_nobody_out(visit: Any, transactional_db: Any) -> None:
    done = asked(heads=4)
    above = people.supervisor()
    urge_assignment(done, actor=above, text="雨季前能清完吗？")
    office, public, supervisor = visit(done.clerk), visit(), visit(above)
    outcome, session = done.outcome, done.topic.sessions.first()
    wrong = look(public, link(done, "raiser"))
    for url in (
        outcome.get_absolute_url(),
        reverse("outcomes:slips", args=[outcome.uuid]),
        reverse("outcomes:enter_forms", args=[outcome.uuid]),
        done.get_absolute_url(),
        reverse("topics:oversight"),
        reverse("outcomes:answer_note", args=[done.uuid]),
    ):
        wrong += look(office, url)
    for url in (reverse("topics:oversight"), reverse("outcomes:urge_note", args=[done.uuid])):
        wrong += look(supervisor, url)
    office.goto(reverse("outcomes:slip_sheet", args=[outcome.uuid, session.uuid]))
    expect(office.locator(".zb-slip")).to_have_count(5)
    if folder := os.environ.get("CONSULT_PICTURES"):
        office.screenshot(path=f"{folder}/sheet.png", full_page=True)
    assert wrong == [], "\n".join(wrong)
