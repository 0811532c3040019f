"""A sheet is drawn once; what came later is put in when it is read; drawn anew it is the same."""

from __future__ import annotations

import pytest

from outcomes import services
from outcomes.board import sheets
from outcomes.models import PublicNotice
from outcomes.services.notices import redraw_notices
from tests.factories import notices, people
from tests.factories import outcomes as make

pytestmark = pytest.mark.django_db


def body(client, notice) -> str:
    answer = client.get(notice.board_url)
    assert answer.status_code == 200
    return answer.content.decode()


def kept(notice) -> PublicNotice:
    return PublicNotice.objects.get(pk=notice.pk)


def test_posting_draws_it_in_this_edition():
    notice = kept(notices.posted())
    assert notice.sheet_edition == sheets.edition()
    assert notice.title in notice.sheet and notice.sha256 in notice.sheet


def test_a_page_costs_one_query(client, django_assert_num_queries):
    notice = notices.posted()
    body(client, notice)
    with django_assert_num_queries(1):
        body(client, notice)


def test_of_another_edition_it_is_drawn_from_the_snapshot_and_reads_the_same(client, django_assert_num_queries):
    notice = notices.posted()
    new = body(client, notice)
    PublicNotice.objects.filter(pk=notice.pk).update(sheet="older words", sheet_edition="older")
    with django_assert_num_queries(2):
        assert body(client, notice) == new


def test_redrawing_touches_only_what_is_old():
    fresh, old = notices.posted(), notices.posted()
    gone = notices.withdrawn()
    PublicNotice.objects.filter(pk__in=[old.pk, gone.pk]).update(sheet_edition="older")
    assert redraw_notices() == 1
    assert redraw_notices() == 0
    assert kept(old).sheet_edition == sheets.edition() and kept(old).title in kept(old).sheet
    assert kept(old).row_html and kept(fresh).sheet
    assert kept(gone).sheet == kept(gone).row_html == ""


def test_what_was_taken_down_leaves_no_sheet(client):
    notice = notices.withdrawn()
    assert kept(notice).sheet == ""
    answer = client.get(notice.board_url)
    assert answer.status_code == 410 and notice.title not in answer.content.decode()
    assert client.get(f"{notice.board_url}qr.svg").status_code == 410


def test_nobody_can_type_a_place_of_the_sheet(client):
    typed = "".join((sheets.LEFT, sheets.VOICES, "<!--part-->", "<!--slot side-->"))
    notice = notices.running(title=f"公示 {typed}", text=f"正文 {typed}")
    page = body(client, notice)
    assert page.count("&lt;!--slot side--&gt;") >= 2
    assert "<!--" not in page.replace("<!--corrected-->", "").replace("<!--voices-->", "")
    assert page.count("pb-count") == 1


def test_objections_and_answers_come_into_a_sheet_that_was_drawn_before(client):
    notice = notices.running()
    clerk = notices.reviewer(notice.host)
    before = kept(notice).sheet
    services.record_objection(notice, actor=clerk, text="晚上十点以后太吵", on=make.day(0))
    services.answer_objection(notice, actor=clerk, answer="已调整作业时间", on=make.day(0))
    page = body(client, notice)
    assert "晚上十点以后太吵" in page and "已调整作业时间" in page
    assert kept(notice).sheet == before


def test_the_number_that_corrects_it_and_the_way_there(client):
    old = notices.posted()
    clerk = notices.reviewer(old.host)
    draft = services.correct_notice(old, actor=clerk, reason="数字写错", on=old.moved_on)
    reviewer = people.office(old.host)
    draft = services.review_notice(draft, actor=reviewer, on=draft.moved_on)
    new = services.post_notice(draft, actor=reviewer, on=draft.moved_on)
    page = body(client, old)
    assert kept(new).number in page and kept(new).board_url in page


def test_the_qr_code_is_a_drawing_of_its_own(client):
    notice = notices.posted()
    assert f'src="{notice.board_url}qr.svg"' in body(client, notice)
    answer = client.get(f"{notice.board_url}qr.svg")
    assert answer["Content-Type"] == "image/svg+xml" and answer.content.startswith(b"<svg")
    assert "Cookie" not in answer.get("Vary", "")


def test_deep_pages_share_one_frame_and_have_their_own_rows(client, django_assert_num_queries):
    notice = notices.posted()
    notices.copies(notice, 45)
    services.notices.rebuild_board(notice.host_id)
    address = f"/b/{notice.host.region_code}/"
    first = client.get(address).content.decode()
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    with django_assert_num_queries(2):
        second = client.get(address + link).content.decode()
    assert second.count("<h2><a href=") == first.count("<h2><a href=") == 20
    assert 'rel="prev"' in second and 'rel="prev"' not in first
