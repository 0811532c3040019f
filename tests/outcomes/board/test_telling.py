"""What programs read of the board: a newsreader, a calendar, a search machine, a chat program that previews a link."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from outcomes import services
from outcomes.board.shelf import shelf
from outcomes.services.notices import rebuild_board
from tests.factories import notices, people
from tests.factories import sessions as make

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(autouse=True)
def _empty_shelf():
    shelf.clear()


@pytest.fixture
def host():
    return people.host()


def feed(host, client=None, **query):
    answer = (client or Client()).get(reverse("board:feed", args=[host.region_code]), query)
    assert answer.status_code == 200
    return answer, ET.fromstring(answer.content)


def entries(tree):
    return [entry.findtext("a:title", namespaces=ATOM) for entry in tree.findall("a:entry", ATOM)]


# a newsreader


def test_the_feed_says_what_hangs_the_newest_first(host):
    notice = notices.running(host)
    answer, tree = feed(host)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    [entry] = tree.findall("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == notice.title
    assert entry.findtext("a:id", namespaces=ATOM) == f"urn:uuid:{notice.uuid}"
    assert entry.find("a:link", ATOM).get("href") == f"http://testserver{notice.board_url}"
    assert notice.number in entry.findtext("a:summary", namespaces=ATOM)
    assert tree.findtext("a:author/a:name", namespaces=ATOM) == host.name


def test_what_was_taken_down_has_gone_from_it_at_once(host):
    notice = notices.running(host)
    assert entries(feed(host)[1]) == [notice.title]
    services.withdraw_notice(notice, actor=notices.reviewer(host), reason="有一处写错了")
    assert entries(feed(host)[1]) == []


def test_a_draft_is_not_in_it(host):
    notices.drafted(host)
    assert entries(feed(host)[1]) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_it_costs_the_same_for_one_and_thirty(client, host, rows, django_assert_num_queries):
    notice = notices.running(host)
    notices.copies(notice, rows - 1)
    rebuild_board(host.pk)
    feed(host, client)
    shelf.clear()
    with django_assert_num_queries(2):
        _answer, tree = feed(host, client)
    assert len(entries(tree)) == rows


def test_it_is_asked_for_a_kind_or_a_township_like_the_list(host):
    notice = notices.running(host)
    assert entries(feed(host, township="341103005")[1]) == [notice.title]
    assert entries(feed(host, township="341103003")[1]) == []
    assert entries(feed(host, kind="topic")[1]) == []
    assert Client().get(reverse("board:feed", args=[host.region_code]), {"kind": "nonsense"}).status_code == 400


def test_who_has_it_already_is_told_so_without_a_cookie(host):
    notices.running(host)
    first, _tree = feed(host)
    again = Client().get(reverse("board:feed", args=[host.region_code]), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")


# a calendar


def announced(host):
    tomorrow = timezone.localtime() + timedelta(days=6)
    session = make.announced(host, starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=2))
    topic = session.topics.get()
    return session, notices.running(host, kind="announcement", session=session, topic=topic)


def test_a_calendar_takes_in_announced_sessions(client, host):
    session, notice = announced(host)
    answer = client.get(reverse("board:calendar", args=[host.region_code]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["summary"]) == session.title
    minute = session.starts_at.replace(second=0, microsecond=0)
    assert event.decoded("dtstart") == minute
    assert str(event["url"]) == f"http://testserver{notice.board_url}"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_nobody_who_was_invited_stands_in_it(client, host):
    session, _notice = announced(host)
    text = client.get(reverse("board:calendar", args=[host.region_code])).content.decode().replace("\r\n ", "")
    for line in session.participants.exclude(name=""):
        assert line.name not in text


# search machines


def test_sitemaps_lead_to_every_notice_that_hangs(client, host):
    notice, gone = notices.running(host), notices.running(host)
    services.withdraw_notice(gone, actor=notices.reviewer(host), reason="有一处写错了")
    index = ET.fromstring(client.get("/sitemap.xml").content)
    maps = [one.text for one in index.findall("s:sitemap/s:loc", MAP)]
    assert maps == [f"http://testserver/b/{host.region_code}/sitemap-{notice.posted_on.year}.xml"]
    found = ET.fromstring(client.get(maps[0].removeprefix("http://testserver")).content)
    assert [one.text for one in found.findall("s:url/s:loc", MAP)] == [f"http://testserver{notice.board_url}"]
    assert client.get(f"/b/{host.region_code}/sitemap-1950.xml").status_code == 404


def test_robots_read_boards_only(client):
    rows = client.get("/robots.txt").content.decode().splitlines()
    assert rows == [
        "User-agent: *",
        "Allow: /$",
        "Allow: /b/",
        "Allow: /static/",
        "Disallow: /",
        "Sitemap: http://testserver/sitemap.xml",
    ]


# the head of a page


def machine_words(page):
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return json.loads(found)


def test_a_notice_is_previewed_and_read_by_machines(client, host):
    notice = notices.running(host)
    page = client.get(notice.board_url).content.decode()
    told = machine_words(page)
    assert (told["@type"], told["headline"], told["reportNumber"]) == ("Report", notice.title, notice.number)
    assert told["datePublished"] == notice.posted_on.isoformat()
    assert told["identifier"] == f"sha256:{notice.sha256}"
    assert told["publisher"]["name"] == host.name
    assert f'<meta property="og:title" content="{notice.title}">' in page
    assert f'<link rel="canonical" href="http://testserver{notice.board_url}">' in page


def test_the_board_names_its_keeper_and_its_feed(client, host):
    page = client.get(reverse("board:home", args=[host.region_code])).content.decode()
    assert machine_words(page)["@type"] == "GovernmentOrganization"
    assert reverse("board:feed", args=[host.region_code]) in page


def test_no_title_ends_the_script(client, host):
    notice = notices.running(host, title="公厕</script><b>&已开门")
    page = client.get(notice.board_url).content.decode()
    assert machine_words(page)["headline"] == "公厕</script><b>&已开门"
    assert "</script><b>" not in page


def test_the_office_may_name_its_address(client, host, settings):
    settings.PUBLIC_URL = "https://xieshang.example.cn/"
    notice = notices.running(host)
    page = client.get(notice.board_url).content.decode()
    assert f'href="https://xieshang.example.cn{notice.board_url}"' in page
