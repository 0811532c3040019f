"""The public board: what hangs there, for anybody, without session or cookie, at one cost for one row and thirty."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes import services
from outcomes.board.reading import all_facts
from outcomes.board.shelf import shelf
from outcomes.models import Board, PublicNotice
from outcomes.services.notices import rebuild_board
from tests.factories import notices, people
from tests.factories import outcomes as make

pytestmark = pytest.mark.django_db

#: Literal: a change that costs a query has to say so here.
HOME, NOTICE = 2, 1


@pytest.fixture(autouse=True)
def _empty_shelf():
    shelf.clear()


@pytest.fixture
def host():
    return people.host()


def home(host, **query):
    return reverse("board:home", args=[host.region_code]), query


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def titles(response):
    return re.findall(r"<h2><a href=\"[^\"]+\">([^<]+)</a>", response.content.decode())


# anybody, at the same cost


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(client, host, rows, django_assert_num_queries):
    notice = notices.running(host)
    notices.copies(notice, rows - 1)
    rebuild_board(host.pk)
    client.get(home(host)[0])  # what is read once per process
    shelf.clear()
    with django_assert_num_queries(HOME):
        page = client.get(home(host)[0])
    assert len(titles(page)) == min(rows, 20)
    for query in ({"kind": "outcome"}, {"year": notice.posted_on.year}, {"township": "341103005"}, {"q": "公厕"}):
        with django_assert_num_queries(HOME):
            page = client.get(home(host)[0], query)
        assert len(titles(page)) == min(rows, 20), query


@pytest.mark.parametrize("rows", [1, 30])
def test_a_notice_costs_the_same_whatever_hangs_beside_it(client, host, rows, django_assert_num_queries):
    notice = notices.running(host)
    notices.copies(notice, rows - 1)
    for _each in range(rows % 3):
        services.record_objection(notice, actor=notices.reviewer(host), text="灯不亮")
    client.get(notice.board_url)
    shelf.clear()
    with django_assert_num_queries(NOTICE):
        assert client.get(notice.board_url).status_code == 200


@pytest.mark.parametrize("signed_in", [False, True])
def test_nobody_gets_a_cookie_and_caches_may_keep_it_for_everybody(client, host, signed_in):
    notice = notices.running(host)
    gone = notices.withdrawn(host)
    if signed_in:
        client.force_login(people.office(host))
    first, _query = home(host)
    bodies = {}
    for url in (first, notice.board_url, f"{notice.board_url}poster/", gone.board_url):
        page = client.get(url)
        assert not page.cookies, url
        assert "Cookie" not in page.get("Vary", ""), url
        assert page["Cache-Control"] == "public, max-age=0, s-maxage=1, must-revalidate"
        assert page["ETag"]
        bodies[url] = page.content
    client.logout()
    assert {url: client.get(url).content for url in bodies} == bodies


def test_whoever_has_the_page_is_told_so_until_something_changes(client, host):
    notice = notices.running(host)
    for url in (home(host)[0], notice.board_url):
        etag = client.get(url)["ETag"]
        again = client.get(url, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
    services.record_objection(notice, actor=notices.reviewer(host), text="灯不亮")
    assert client.get(notice.board_url, headers={"If-None-Match": etag}).status_code == 200
    etag = client.get(home(host)[0])["ETag"]
    notices.running(host)
    assert client.get(home(host)[0], headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options", "trace"])
def test_the_board_is_only_read(client, host, method):
    notice = notices.running(host)
    for url in (home(host)[0], notice.board_url):
        assert getattr(client, method)(url).status_code == 405


# what hangs there


def test_newest_first_with_years_between(client, host):
    old = notices.posted(host, on=make.day(400), title="去年的事")
    new = notices.running(host, title="今天的事")
    page = client.get(home(host)[0])
    assert titles(page) == [new.title, old.title]
    assert f"{old.posted_on.year} 年" in text_of(page)


def test_a_row_says_how_long_it_still_hangs(client, host):
    notice = notices.running(host, days=5)
    left = (notice.expires_on - timezone.localdate()).days
    assert f"还剩 {left} 天" in text_of(client.get(home(host)[0]))
    assert f"{left} 天后结束" in text_of(client.get(notice.board_url))


def test_a_period_that_is_over_reads_so_before_the_clock_has_written_it_down(client, host):
    notice = notices.posted(host, on=make.day(20), days=2)
    assert notice.state == "posted"
    assert "公示期满" in text_of(client.get(home(host)[0]))
    assert "公示期满" in text_of(client.get(notice.board_url))


def test_the_whole_chain_stands_there(client, host):
    closed = make.closed(host, on=make.day(40))
    notice = notices.running(host, topic=closed.topic)
    page = text_of(client.get(notice.board_url))
    topic, session = closed.topic, closed.topic.sessions.get()
    point = closed.fulfils.get()
    for fact in (
        notice.number,
        notice.text,
        topic.problem,
        topic.number,
        session.title,
        "村口大树下",
        point.text,
        closed.matter,
        closed.lead_unit.name,
        "排水沟已通，雨天不再积水。",
        "现场看过，水已排净。",
        notice.sha256,
        "起草、审核由两人分别完成",
        notice.host.name,
    ):
        assert fact in page, fact


def test_what_was_taken_down_keeps_number_kind_dates_and_reason(client, host):
    notice = notices.posted(host, title="要撤的标题", text="要撤的正文")
    assert "要撤的标题" in text_of(client.get(home(host)[0]))
    services.withdraw_notice(notice, actor=notices.reviewer(host), reason="户数有误")
    listed, own = client.get(home(host)[0]), client.get(notice.board_url)
    assert own.status_code == 410
    for page in (listed, own, client.get(f"{notice.board_url}poster/")):
        words = text_of(page)
        assert notice.number in words and "户数有误" in words and "成果公示" in words
        for gone in ("要撤的标题", "要撤的正文", notice.topic.title, notice.topic.problem):
            assert gone not in words
    assert titles(client.get(home(host)[0], {"q": "要撤"})) == []
    assert notice.number not in text_of(client.get(home(host)[0], {"township": "341103005"}))


def test_a_corrected_notice_says_where_the_right_one_hangs(client, host):
    old = notices.posted(host)
    who = notices.reviewer(host)
    new = services.correct_notice(old, actor=old.drafted_by, reason="户数", text="96 户。")
    new = services.post_notice(services.review_notice(new, actor=who), actor=who)
    assert f"已更正，见{new.number}" in text_of(client.get(home(host)[0]))
    page = client.get(old.board_url)
    assert f"已更正，见{new.number}" in text_of(page)
    assert new.board_url in page.content.decode()
    assert f"本公示更正{old.number}" in text_of(client.get(new.board_url))


def test_progress_leads_to_the_first(client, host):
    first = notices.posted(host)
    progress = notices.posted(host, topic=first.topic, kind="progress")
    assert first.board_url in client.get(progress.board_url).content.decode()


def test_figures_stand_in_the_order_of_the_four_slips(client, host):
    notices.running(host, topic=make.closed(host, on=make.day(40)).topic)
    page = client.get(home(host)[0]).content.decode()
    figures = re.findall(r'<span class="zb-figure">(\d+)</span>', page)
    assert figures == ["1", "1", "1", "1"]


def test_samples_are_marked_value_by_value(client, host):
    topic = make.submitted(host).topic
    topic.marks = ["topic.expectation", "sessions.0.place", "notice.title"]
    topic.expectation = "尽快开门"
    topic.save()
    notice = notices.running(host, topic=topic)
    page = re.sub(r"\s+", " ", client.get(notice.board_url).content.decode())
    mark = r'\s*<span class="zb-sample"[^>]*>示例</span>'
    assert re.search(rf"尽快开门{mark}", page)
    assert re.search(rf"村口大树下{mark}", page)
    assert not re.search(rf"{topic.problem}{mark}", page)
    assert re.search(rf"{notice.title}(</a>)?{mark}", client.get(home(host)[0]).content.decode())


def test_a_sample_host_carries_the_banner(client, host):
    notice = notices.running(host)
    assert "演示数据" not in text_of(client.get(notice.board_url))
    type(host).objects.filter(pk=host.pk).update(is_sample=True)
    for url in (home(host)[0], notice.board_url):
        assert "演示数据" in text_of(client.get(url))


def test_an_empty_board_says_so(client, host):
    page = client.get(home(host)[0])
    assert page.status_code == 200
    assert "这里还没有公示" in text_of(page)


# what is not there


@pytest.mark.parametrize("state", ["drafted", "reviewed"])
def test_what_is_not_posted_is_nowhere(client, host, state):
    notice = notices.IN_STATE[state](host, title="未发布的标题", text="未发布的正文", summary="未发布的一句话")
    other = notices.running(host)
    for url in (notice.board_url, f"{notice.board_url}poster/", f"/api/v1/notices/{notice.uuid}/"):
        assert client.get(url).status_code == 404, url
    for url in (
        home(host)[0],
        f"{home(host)[0]}?q=未发布",
        other.board_url,
        "/api/v1/notices/",
        "/api/v1/notices/?q=未发布",
    ):
        page = client.get(url)
        assert page.status_code == 200
        assert "未发布的" not in page.content.decode(), url
        assert str(notice.uuid) not in page.content.decode(), url
    assert Board.objects.get(host=host).totals["all"] == 1


def test_one_host_does_not_show_the_others(client, host):
    notice = notices.running(host)
    sibling = people.host(people.LANGYA)
    assert titles(client.get(home(sibling)[0])) == []
    assert client.get(reverse("board:notice", args=[sibling.region_code, notice.uuid])).status_code == 404


@pytest.mark.parametrize(
    "code", ["341103", "341103005000", "999999999999", "000000000000", "abc", "34110300000０", "341103000000x"]
)
def test_where_no_cppcc_is_there_is_no_board(client, host, code):
    assert client.get(f"/b/{code}/").status_code == 404


@pytest.mark.parametrize("name", ["abc", "1", "00000000-0000-0000-0000-000000000000", "../", "%00"])
def test_guessed_names_are_not_found(client, host, name):
    page = client.get(f"/b/{host.region_code}/{name}/")
    assert page.status_code == 404
    assert not page.cookies


# asking


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"year": "20x6"}, "年份要写四位数字"),
        ({"year": "9999"}, "年份要写四位数字"),
        ({"kind": "nosuch"}, "没有这一类公示"),
        ({"township": "34110"}, "没有这个乡镇"),
        ({"after": "x"}, "翻页链接不完整"),
        ({"before": "W10"}, "翻页链接不完整"),
        ({"q": "长" * 61}, "60"),
        ({"q": "\x01"}, "看不见的控制字符"),
    ],
)
def test_a_bad_question_gets_a_sentence(client, host, query, sentence):
    notices.running(host)
    page = client.get(home(host)[0], query)
    assert page.status_code == 400
    assert sentence in text_of(page)
    assert not page.cookies


def test_parameters_of_chat_programs_are_left_alone(client, host):
    notices.running(host)
    assert client.get(home(host)[0], {"from": "singlemessage", "isappinstalled": "0"}).status_code == 200


def test_filters_find_what_they_name(client, host):
    first = notices.posted(host, on=make.day(400), title="旧事")
    new = notices.running(host, title="新事")
    progress = notices.running(host, topic=new.topic, kind="progress", title="进展")
    ask = lambda **query: titles(client.get(home(host)[0], query))  # noqa: E731
    assert ask(kind="progress") == [progress.title]
    assert ask(kind="topic") == []
    assert ask(year=first.posted_on.year) == [first.title]
    assert ask(township="341103005") == [progress.title, new.title, first.title]
    assert ask(township="341103107") == []
    assert ask(q="旧事") == [first.title]
    assert ask(q="旧事", kind="progress") == []
    assert new.title in ask(q=new.number)
    assert ask(q="没有这样的话") == []


def test_pages_follow_each_other_by_key(client, host):
    notice = notices.running(host)
    notices.copies(notice, 44)
    rebuild_board(host.pk)
    url, seen = home(host)[0], []
    for size in (20, 20, 5):
        page = client.get(url)
        found = re.findall(rf"/b/{host.region_code}/([0-9a-f-]{{36}})/", page.content.decode())
        assert len(found) == size
        seen += found
        following = re.search(r'<a rel="next" href="([^"]+)"', page.content.decode())
        url = f"{home(host)[0]}{following[1].replace('&amp;', '&')}" if following else ""
    assert url == ""
    assert len(set(seen)) == 45 == PublicNotice.objects.count()
    back = re.search(r'<a rel="prev" href="([^"]+)"', page.content.decode())[1].replace("&amp;", "&")
    page = client.get(f"{home(host)[0]}{back}")
    assert re.findall(rf"/b/{host.region_code}/([0-9a-f-]{{36}})/", page.content.decode()) == seen[20:40]


def test_the_total_comes_from_the_counter(client, host):
    notice = notices.running(host)
    notices.copies(notice, 30)
    rebuild_board(host.pk)
    assert "共 31 条" in text_of(client.get(home(host)[0]))
    assert "共 31 条" in text_of(client.get(home(host)[0], {"kind": "outcome"}))
    assert "共" not in text_of(client.get(home(host)[0], {"kind": "outcome", "q": "公厕"})).split("查找")[1][:60]


def test_all_boards_are_listed_in_one_query(host, django_assert_num_queries):
    notices.running(host)
    people.host(people.LANGYA)
    with django_assert_num_queries(1):
        found = all_facts()
    assert [(board.code, board.posted) for board in found] == [(people.LANGYA, 0), (people.NANQIAO, 1)]


# its HTML


class Strict(HTMLParser):
    """Every element closed in its turn, no id twice, one h1, no inline style or script."""

    VOID = frozenset(
        [
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "source",
            "track",
            "wbr",
            "path",
            "rect",
            "use",
            "circle",
        ]
    )

    def __init__(self):
        super().__init__()
        self.open, self.faults, self.ids, self.h1 = [], [], set(), 0

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if len(named) != len(attributes):
            self.faults.append(f"{tag}: an attribute twice")
        if "style" in named or tag == "style" or any(name.startswith("on") for name in named):
            self.faults.append(f"{tag}: inline style or script")
        if tag == "script" and "src" not in named and named.get("type") != "application/ld+json":
            self.faults.append("inline script")
        if (name := named.get("id")) in self.ids:
            self.faults.append(f"id {name} twice")
        elif name:
            self.ids.add(name)
        self.h1 += tag == "h1"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> out of turn at {self.getpos()}")


def test_its_html_is_valid_and_light(client, host):
    closed = make.closed(host, on=make.day(40))
    notice = notices.running(host, topic=closed.topic)
    services.record_objection(notice, actor=notices.reviewer(host), text="<b>灯</b>不亮 & 门坏")
    services.answer_objection(notice, actor=notices.reviewer(host), answer="<script>已修</script>")
    notices.copies(notice, 40)
    gone = notices.withdrawn(host)
    rebuild_board(host.pk)
    for url in (
        home(host)[0],
        notice.board_url,
        f"{notice.board_url}poster/",
        gone.board_url,
        f"{home(host)[0]}?q=无此事",
    ):
        body = client.get(url).content.decode()
        parser = Strict()
        parser.feed(body)
        assert (parser.faults, parser.open, parser.h1) == ([], [], 1), url
        assert len(body.encode()) <= 40_000, url
        assert "http://" not in body.replace("http://www.w3.org", "").replace("http://testserver", ""), url
    assert "<script>已修" not in client.get(notice.board_url).content.decode()


def test_tomorrow_is_another_page(client, host, monkeypatch):
    notice = notices.running(host, days=5)
    today = text_of(client.get(home(host)[0]))
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)
    assert text_of(client.get(home(host)[0])) != today
    assert f"还剩 {(notice.expires_on - tomorrow).days} 天" in text_of(client.get(home(host)[0]))
