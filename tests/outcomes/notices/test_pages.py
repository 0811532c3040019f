"""Pages of staff: a matter is released in the browser by two people; refusals keep what was typed."""

import re

import pytest
from django.urls import NoReverseMatch, reverse

from outcomes import services
from outcomes.models import PublicNotice
from outcomes.states import NOTICE_WORKFLOW
from tests.factories import notices, people, topics
from tests.factories import outcomes as make

pytestmark = pytest.mark.django_db

#: Literal: session, account, mandates, rows, tabs, and on the unfiltered list what waits to be posted.
LIST = 6


@pytest.fixture
def host():
    return people.host()


@pytest.fixture
def sign_in(client):
    def signed_in(account):
        client.force_login(account)
        return client

    return signed_in


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def url(verb, notice):
    return reverse(f"outcomes:{verb}", args=[notice.uuid])


def test_every_move_has_a_page():
    """And every page of a move has a move."""
    for step in NOTICE_WORKFLOW:
        if step.driven:
            with pytest.raises(NoReverseMatch):
                reverse(f"outcomes:{step.verb}", args=["00000000-0000-0000-0000-000000000000"])
        else:
            assert reverse(f"outcomes:{step.verb}", args=["00000000-0000-0000-0000-000000000000"])


def test_two_people_release_a_matter_through_the_pages(client, sign_in, host):
    topic = make.closed(host, on=make.day(20)).topic
    drafter, leader = topics.clerk(host), people.approver(host)

    browser = sign_in(drafter)
    assert topic.title in text_of(browser.get(reverse("outcomes:notices")))
    assert topic.title in text_of(browser.get(reverse("outcomes:new_notice")))
    form = browser.get(reverse("outcomes:draft_notice", args=[topic.uuid]))
    initial = form.context["form"].initial
    assert initial["title"] == f"{topic.title}协商成果公示"
    assert "形成2条共识" in initial["text"] and "排水沟已通" in initial["text"]
    words = {**initial, "text": f"{initial['text']}\n联系人电话 13812345678", "places": "万桥社区公开栏\n街道公开栏"}
    done = browser.post(reverse("outcomes:draft_notice", args=[topic.uuid]), words)
    notice = PublicNotice.objects.get()
    assert done.status_code == 302 and done.url == url("notice", notice)
    assert (notice.kind, notice.outcome.topic, notice.places) == ("outcome", topic, ["万桥社区公开栏", "街道公开栏"])
    page = text_of(browser.get(done.url))
    assert "138****5678" in page and "有 1 处要遮住" in page
    assert browser.get(url("review_notice", notice)).status_code == 403  # four eyes

    browser = sign_in(leader)
    refused = browser.post(url("review_notice", notice), {"secrecy": "open"})
    assert refused.status_code == 422 and "138****5678" in text_of(refused)
    assert browser.post(url("mask_notice", notice)).status_code == 302
    preview = text_of(browser.get(url("review_notice", notice)))
    assert "联系人电话 138****5678" in preview and "排水沟已通，雨天不再积水。" in preview
    assert browser.post(url("review_notice", notice), {"secrecy": "open"}).status_code == 302
    assert "公示出来是这样" in text_of(browser.get(url("post_notice", notice)))
    assert browser.post(url("post_notice", notice), {}).status_code == 302
    notice.refresh_from_db()
    assert notice.state == "posted"

    client.logout()
    board = text_of(client.get(reverse("board:home", args=[host.region_code])))
    assert notice.title in board
    paper = text_of(client.get(notice.board_url))
    assert topic.problem in paper and "13812345678" not in paper


def test_preview_and_public_page_say_the_same(client, sign_in, host):
    """But for the number, which is given at posting."""
    notice = notices.reviewed(host, on=make.day(0))
    article = r'<article class="zb-frame pb-notice">(.*?)</article>'

    def words(response):
        found = re.search(article, response.content.decode(), re.DOTALL)[1]
        found = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", found))
        return found.replace("编号在发布时给出", "#").replace(notice.number or "#", "#")

    preview = words(sign_in(notices.reviewer(host)).get(url("notice", notice)))
    notice = services.post_notice(notice, actor=notices.reviewer(host))
    client.logout()
    public = words(client.get(notice.board_url)).replace(f"SHA-256{notice.sha256}", "")
    assert public == preview


def test_other_moves_through_the_pages(sign_in, host):
    browser = sign_in(notices.reviewer(host))
    notice = notices.reviewed(host, on=make.day(0))
    assert browser.post(url("return_notice", notice), {"reason": "时限不对"}).status_code == 302
    assert "时限不对" in text_of(browser.get(url("notice", notice)))
    browser = sign_in(topics.clerk(host))
    edited = {"title": "改过的标题", "text": "改过的正文", "days": "3", "places": "", "summary": "", "phone": ""}
    assert browser.post(url("edit_notice", notice), edited).status_code == 302
    notice.refresh_from_db()
    assert (notice.title, notice.days) == ("改过的标题", 3)

    notice = notices.running(host)
    assert (
        browser.post(url("record_objection", notice), {"text": "灯不亮", "contact": "13812345678"}).status_code == 302
    )
    page = text_of(browser.get(url("notice", notice)))
    assert "灯不亮" in page and "138****5678" in page and "13812345678" not in page
    objection = notice.objections.get()
    answer = {"objection": str(objection.uuid), "answer": "已换新灯"}
    assert browser.post(url("answer_objection", notice), answer).status_code == 302
    correct = {**edited, "reason": "户数写错"}
    done = browser.post(url("correct_notice", notice), correct)
    new = PublicNotice.objects.get(corrects=notice)
    assert done.url == url("notice", new)
    assert browser.post(url("withdraw_notice", notice), {"reason": "数字有误"}).status_code == 302
    notice.refresh_from_db()
    assert notice.state == "withdrawn"


@pytest.mark.parametrize(
    ("verb", "state", "data", "field"),
    [
        ("return_notice", "reviewed", {"reason": ""}, "reason"),
        ("withdraw_notice", "posted", {"reason": "电话 13812345678"}, "reason"),
        ("record_objection", "posted", {"text": ""}, "text"),
        ("post_notice", "reviewed", {"on": "2999-01-01"}, "on"),
        ("review_notice", "drafted", {"secrecy": "ask", "secrecy_basis": ""}, "secrecy_basis"),
        ("review_notice", "drafted", {"secrecy": "nosuch"}, "secrecy"),
        ("correct_notice", "posted", {"reason": "错", "title": "新", "text": "新", "days": "0"}, "days"),
    ],
)
def test_what_is_missing_is_said_at_its_field(sign_in, host, verb, state, data, field):
    notice = notices.IN_STATE[state](host)
    page = sign_in(notices.reviewer(host)).post(url(verb, notice), data)
    assert page.status_code == 422
    assert page.context["form"].errors[field]
    assert notice.state == PublicNotice.objects.get(pk=notice.pk).state


def test_a_kind_that_is_not_possible_yet_is_explained(sign_in, host):
    topic = topics.pooled(host)
    browser = sign_in(topics.clerk(host))
    address = f"{reverse('outcomes:draft_notice', args=[topic.uuid])}?kind=outcome"
    assert browser.get(address).status_code == 200
    page = browser.post(address, {"title": "成果", "text": "正文", "days": "5"})
    assert page.status_code == 409
    assert "还没有已报送的协商成果" in text_of(page) and "正文" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(sign_in, host, rows, django_assert_num_queries):
    notices.copies(notices.running(host), rows - 1)
    browser = sign_in(notices.reviewer(host))
    browser.get(reverse("outcomes:notices"))
    with django_assert_num_queries(LIST):
        page = browser.get(reverse("outcomes:notices"))
    assert len(page.context["object_list"]) == rows


@pytest.mark.parametrize("state", ["drafted", "reviewed", "posted", "withdrawn"])
def test_the_neighbouring_county_sees_and_touches_nothing(sign_in, host, state):
    notice = notices.IN_STATE[state](host)
    browser = sign_in(people.office(people.host(people.LANGYA)))
    assert notice.title not in text_of(browser.get(reverse("outcomes:notices")))
    hidden = state != "posted"
    assert browser.get(url("notice", notice)).status_code == (404 if hidden else 200)
    for step in NOTICE_WORKFLOW:
        if not step.driven and not step.creates:
            answer = browser.post(url(step.verb, notice), {"reason": "x", "text": "x", "answer": "x"})
            assert answer.status_code == (404 if hidden else 403), step.verb
    assert browser.post(url("mask_notice", notice)).status_code == (404 if hidden else 403)
    assert browser.get(reverse("outcomes:draft_notice", args=[notice.topic.uuid])).status_code == 404


@pytest.mark.parametrize("state", ["posted", "expired"])
def test_members_who_follow_a_link_read_it_without_buttons(sign_in, host, state):
    notice = notices.IN_STATE[state](host)
    page = sign_in(people.account("member", host)).get(url("notice", notice))
    assert page.status_code == 200
    assert page.context["actions"] == []


def test_a_bad_filter_gets_a_sentence(sign_in, host):
    browser = sign_in(notices.reviewer(host))
    for query in ("?year=abc", "?kind=nosuch", "?state=nosuch", "?after=x"):
        assert browser.get(f"{reverse('outcomes:notices')}{query}").status_code == 400, query
