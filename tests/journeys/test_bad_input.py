"""Bad input, by page and by API: never a 500, a Chinese sentence at the field, and nothing of what was typed is lost.

The numbers are those of the reliability document's list.
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from sessions.models import ConsultSession
from tests.factories import outcomes as results
from tests.factories import people
from tests.factories import sessions as meetings
from tests.factories import topics as matters
from tests.factories.topics import WANQIAO
from tests.journeys.pages import Page
from topics.models import Topic

pytestmark = pytest.mark.django_db

CHINESE = re.compile("[一-鿿]")
SLIP = {"title": "公厕一直锁着", "problem": "建好的公厕不开门。", "region_code": WANQIAO, "place": "广场北侧"}


class Desk:
    """A clerk with a browser and a program."""

    def __init__(self, account):
        self.account = account
        self.browser = Client(raise_request_exception=True)
        self.browser.force_login(account)
        self.token = {"HTTP_AUTHORIZATION": f"Token {AuthToken.objects.create(account)[1]}"}

    def form(self, url):
        return Page(self.browser.get(url).content.decode()).form()

    def send(self, url, typed):
        return self.browser.post(url, self.form(url).filled(**typed))

    def call(self, url, data, **headers):
        body = data if isinstance(data, str | bytes) else json.dumps(data)
        headers.setdefault("HTTP_IDEMPOTENCY_KEY", str(uuid.uuid4()))
        return self.browser.post(url, body, content_type="application/json", **self.token, **headers)

    def get(self, url, **headers):
        return Client().get(url, **{**self.token, **headers})


@pytest.fixture
def desk():
    return Desk(people.office(people.host()))


def refused(desk, url, typed, *fields):
    """The page again: 4xx, a Chinese sentence at each field, every word still in it."""
    response = desk.send(url, typed)
    page = response.content.decode()
    assert 400 <= response.status_code < 500, (response.status_code, page[:300])
    for field in fields:
        said = re.search(rf'id="id_{field}_error"[^>]*>(.*?)</', page, re.S) or re.search(
            rf'href="#id_{field}[^"]*"[^>]*>(.*?)</', page, re.S
        )
        assert said, (field, re.findall(r'id="id_(\w+)_error"', page), Page(page).text[:800])
        sentence = re.sub("<[^>]+>", "", page[said.start() :])[:200]
        assert CHINESE.search(sentence), sentence
    kept = Page(page).form().values
    for name, value in typed.items():
        expected = [str(one) for one in value] if isinstance(value, list) else [str(value)]
        shown = [one.replace("\r\n", "\n") for one in kept.get(name, [])]
        assert shown == [one.replace("\r\n", "\n") for one in expected], (name, str(shown)[:200])
    return page


def complains(response, *fields, status=400):
    answer = response.json()
    assert response.status_code == status, answer
    assert CHINESE.search(answer["detail"]), answer
    assert set(fields) <= set(answer.get("fields", {})), answer
    return answer


# words --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["𠮷田一郎", "䶮先生", "买买提·吐尔逊", "一", "阿卜杜热西提·阿布都克里木买买提江·吐尔", "Ａ先生", "O’Neil"]
)
def test_b13_names_are_kept_shown_and_found_as_they_are(desk, name):
    title = f"{name}家门口的路"[:100]
    response = desk.send(reverse("topics:hand_in"), {**SLIP, "title": title, "name": name})
    assert response.status_code == 302
    topic = Topic.objects.get()
    assert (topic.title, topic.raisers.get().name) == (title, name)
    assert name in Page(desk.browser.get(topic.get_absolute_url()).content.decode()).text
    found = desk.browser.get(reverse("topics:list"), {"q": title}).content.decode()
    assert str(topic.uuid) in found
    assert desk.get(f"/api/v1/topics/{topic.uuid}/").json()["title"] == title


UNSAVABLE = ["\ue000", "\U000f0000", "\u0378", "\ufffe", "\x0b", "\x1b[31m"]


@pytest.mark.parametrize("character", UNSAVABLE)
def test_b14_characters_that_cannot_be_kept(desk, character):
    refused(desk, reverse("topics:hand_in"), {**SLIP, "place": f"广场{character}北侧"}, "place")
    call = {**SLIP, "host": str(desk.account.home.uuid), "source": "resident", "place": f"广场{character}北侧"}
    complains(desk.call("/api/v1/topics/", call), "place")
    assert not Topic.objects.exists()


@pytest.mark.parametrize("character", [r"\ud800", r"\udfff\ud800", r"\u0000"])
def test_b14_half_characters_in_json(desk, character):
    slip = {**SLIP, "host": str(desk.account.home.uuid), "source": "resident", "title": "T"}
    body = json.dumps(slip).replace('"T"', f'"公厕{character}"')
    complains(desk.call("/api/v1/topics/", body))
    assert not Topic.objects.exists()


@pytest.mark.parametrize("raw", [b"%ED%A0%80", b"%FF%FE", b"%00", b"\xff\xfe"])
def test_b14_bytes_that_are_no_text(desk, raw):
    url = reverse("topics:hand_in")
    body = b"title=" + raw + b"&problem=x"
    response = desk.browser.post(url, body, content_type="application/x-www-form-urlencoded")
    assert 400 <= response.status_code < 500
    assert desk.browser.get(f"{reverse('topics:list')}?q={raw.decode('latin-1')}").status_code < 500
    assert Client().get(f"/b/341103000000/?q={raw.decode('latin-1')}").status_code < 500


@pytest.mark.parametrize("title", ["\u200b\u200b", "\u202e", "\u2060\ufeff", " \u3000 ", "\u200d"])
def test_b16_a_title_that_nobody_sees_is_empty(desk, title):
    response = desk.send(reverse("topics:hand_in"), {**SLIP, "title": title})
    assert response.status_code == 422
    assert 'id="id_title_error"' in response.content.decode()
    call = {**SLIP, "host": str(desk.account.home.uuid), "source": "resident", "title": title}
    complains(desk.call("/api/v1/topics/", call), "title")
    assert not Topic.objects.exists()


def test_b16_a_turned_title_is_refused_or_set_straight(desk):
    response = desk.send(reverse("topics:hand_in"), {**SLIP, "title": "公厕\u202e锁着"})
    assert response.status_code in (302, 422)
    assert all("\u202e" not in topic.title for topic in Topic.objects.all())


def test_b19_too_long_is_said_and_nothing_is_cut(desk):
    page = refused(desk, reverse("topics:hand_in"), {**SLIP, "title": "路" * 101, "problem": "灯" * 3001}, "title")
    assert "100" in page
    assert "3000" in page
    call = {**SLIP, "host": str(desk.account.home.uuid), "source": "resident", "title": "路" * 101}
    complains(desk.call("/api/v1/topics/", call), "title")
    assert not Topic.objects.exists()


@pytest.mark.parametrize("problem", ["长" * 350_000, "\n" * 100_000, "e" + "\u0301" * 10_000, "Z͑ͫ̓ͪ̂ͫ̽͏̴" * 2000])
def test_b19_b20_bodies_without_measure(desk, problem):
    response = desk.send(reverse("topics:hand_in"), {**SLIP, "problem": problem})
    assert 400 <= response.status_code < 500
    call = {**SLIP, "host": str(desk.account.home.uuid), "source": "resident", "problem": problem}
    assert 400 <= desk.call("/api/v1/topics/", call).status_code < 500
    assert not Topic.objects.exists()


def test_b19_ten_megabytes_in_one_line_are_refused_by_size(desk):
    url = reverse("topics:hand_in")
    response = desk.browser.post(url, {**SLIP, "problem": "x" * 10_000_000})
    assert response.status_code in (400, 413)
    assert CHINESE.search(response.content.decode())
    answer = desk.call("/api/v1/topics/", json.dumps({**SLIP, "problem": "x" * 30_000_000}))
    assert answer.status_code in (400, 413)
    assert CHINESE.search(answer.json()["detail"])


def test_b20_emoji_and_their_families_are_kept(desk):
    words = "👨‍👩‍👧‍👦 家门口 🏳️‍🌈 的灯 👍🏽"
    assert desk.send(reverse("topics:hand_in"), {**SLIP, "problem": words}).status_code == 302
    assert Topic.objects.get().problem == words


# numbers and shapes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", ["9" * 5000, "-1", "1e9", "NaN", "Infinity", "1.5", "一百", "１２", "99999999999"])
def test_b22_counts_that_are_none(desk, count):
    response = desk.send(reverse("topics:hand_in"), {**SLIP, "households": count})
    assert response.status_code in (302, 422)
    if response.status_code == 302:
        assert Topic.objects.get().households == 12  # full-width digits are digits
    else:
        assert 'id="id_households_error"' in response.content.decode()


@pytest.mark.parametrize(
    "number", ["9" * 5000, "NaN", "Infinity", "-Infinity", "1e400", "-1", "1.5", '"x"', "true", "[]", "{}"]
)
def test_b22_counts_that_are_none_in_json(desk, number):
    slip = {**SLIP, "host": str(desk.account.home.uuid), "source": "resident", "households": 7}
    body = json.dumps(slip).replace('"households": 7', f'"households": {number}')
    complains(desk.call("/api/v1/topics/", body))
    assert not Topic.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        '{"title": "a", "title": "b"}',
        "",
        "[]",
        "null",
        '"title"',
        "{",
        '{"title": ["a"]}',
        '{"title": {"a": 1}}',
        '{"raiser": "x"}',
        '{"stakeholders": "resident"}',
        '{"tags": [["a"]]}',
        "[" * 100_000,
        '{"a":' * 50_000,
    ],
)
def test_b22_shapes_that_are_none(desk, body):
    complains(desk.call("/api/v1/topics/", body))


LISTS = {
    "topics:list": "/api/v1/topics/",
    "sessions:list": "/api/v1/sessions/",
    "outcomes:list": "/api/v1/assignments/",
    "outcomes:outcomes": "/api/v1/outcomes/",
    "outcomes:notices": "/api/v1/notices/",
}


@pytest.mark.parametrize("page", LISTS)
def test_b23_b25_b26_questions_that_make_no_sense(desk, page):
    url, endpoint = reverse(page), LISTS[page]
    asked = {
        "state": "nosuch",
        "after": "garbage",
        "before": "(((",
        "sort": "nosuch",
        "year": "abc",
        "raised_after": "2025-02-30",
        "region_code": "%",
        "q": "x" * 5000,
        "page": "1e9",
        "host": "abc",
        "due_on_after": "9999-99-99",
        "kind": "\u0000",
    }
    for name, value in asked.items():
        response = desk.browser.get(url, {name: value})
        assert response.status_code in (200, 400, 404), (name, response.status_code)
        assert "Traceback" not in response.content.decode()
        answer = desk.get(f"{endpoint}?{name}={value}" if value.isascii() and value.isprintable() else endpoint)
        assert answer.status_code in (200, 400), (name, answer.status_code)
    answer = desk.get(f"{endpoint}?nosuch=1")
    assert complains(answer, "nosuch")
    assert desk.get(f"{endpoint}?cursor=garbage").status_code == 400
    assert desk.get(f"{endpoint}?page_size=1000000").status_code in (200, 400)
    assert desk.get(f"{endpoint}?page_size=abc").status_code == 400
    assert desk.get(f"{endpoint}?ordering=nosuch").status_code == 400


def test_b25_a_page_has_a_hundred_rows_at_most(desk):
    host = desk.account.home
    one = matters.slip(host)
    names = [field.attname for field in Topic._meta.concrete_fields if field.attname not in ("id", "uuid", "search")]
    Topic.objects.bulk_create(Topic(**{name: getattr(one, name) for name in names}) for _ in range(120))
    answer = desk.get("/api/v1/topics/?page_size=1000000")
    assert answer.status_code == 400 or len(answer.json()["results"]) == 100


def test_b28_too_many_fields_parts_or_bytes(desk):
    url = reverse("topics:hand_in")
    many = desk.browser.post(url, {f"f{n}": "1" for n in range(20_000)})
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="photos"; filename="{n}.jpg"\r\n\r\nx\r\n' for n in range(1000)
    )
    files = desk.browser.post(url, f"{parts}--b--\r\n".encode(), content_type="multipart/form-data; boundary=b")
    for response in (many, files):
        assert response.status_code in (400, 413)
        assert CHINESE.search(response.content.decode())


def test_b29_methods(desk):
    topic = matters.slip(desk.account.home)
    page = reverse("topics:withdraw", args=[topic.uuid])
    move = f"/api/v1/topics/{topic.uuid}/withdraw/"
    for method in ("put", "patch", "delete", "trace"):
        assert getattr(desk.browser, method)(page).status_code == 405, method
        assert desk.browser.generic(method.upper(), move, **desk.token).status_code == 405, method
    for name in ("HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_METHOD_OVERRIDE"):
        assert desk.get(page, **{name: "POST"}).status_code in (200, 302)
        assert desk.get(move, **{name: "POST"}).status_code == 405
    assert desk.browser.head(page).status_code == 200
    assert desk.browser.head(move, **desk.token).status_code == 405
    topic.refresh_from_db()
    assert topic.state == "submitted"


# dates, places, telephones ------------------------------------------------------------------------------------------

NO_DAYS = ["2025-02-30", "2025-13-01", "0001-01-01", "9999-12-31", "闰六月初一", "2025/99/99", "0000-00-00", "昨天"]


@pytest.mark.parametrize("day", NO_DAYS)
def test_b31_days_that_are_none(desk, day):
    response = desk.send(reverse("topics:hand_in"), {**SLIP, "on": day})
    assert response.status_code == 422, response.status_code
    page = response.content.decode()
    assert 'id="id_on_error"' in page
    assert Page(page).form().values["title"] == [SLIP["title"]]
    call = {**SLIP, "host": str(desk.account.home.uuid), "source": "resident", "on": day}
    complains(desk.call("/api/v1/topics/", call), "on")
    assert not Topic.objects.exists()


@pytest.mark.parametrize("since", ["2025-02-30", "0000", "99999", "1e3", "去年", "2999", "2025-00"])
def test_b31_pending_since_a_day_that_is_none(desk, since):
    refused(desk, reverse("topics:hand_in"), {**SLIP, "pending_since": since}, "pending_since")


def plan(desk, **changes):
    topic = matters.claimed(desk.account.home)
    start = timezone.localtime(meetings.soon())
    typed = {
        "title": "公厕开门微协商",
        "starts_at": start.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (start + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "place": "三号楼前",
        "convenor_name": "召集人",
        "lead_name": "小组长",
        "moderator_name": "主持人",
        "recorder_name": "记录人",
        "p0_category": "resident",
        "p0_name": "居民代表",
        **changes,
    }
    return f"{reverse('sessions:plan')}?topic={topic.uuid}", typed, start


def shifted(start, **by):
    return (start + timedelta(**by)).strftime("%Y-%m-%dT%H:%M")


TIMES = {
    "ends before it begins": ({"hours": 0}, {"hours": -1}, "ends_at"),
    "no time at all": ({"hours": 0}, {"hours": 0}, "ends_at"),
    "forty hours": ({"hours": 0}, {"hours": 40}, "ends_at"),
    "in the past": ({"days": -30}, {"days": -30, "hours": 1}, "starts_at"),
    "in ten years": ({"days": 3650}, {"days": 3650, "hours": 1}, "starts_at"),
}


@pytest.mark.parametrize("case", TIMES)
def test_b33_times_of_a_session_that_cannot_be(desk, case):
    begins, ends, field = TIMES[case]
    url, typed, start = plan(desk)
    typed |= {"starts_at": shifted(start, **begins), "ends_at": shifted(start, **ends)}
    refused(desk, url, typed, field)
    assert not ConsultSession.objects.exists()


@pytest.mark.parametrize("moment", ["2025-02-30T09:00", "2026-12-01T25:61", "明天上午", "9999-12-31T23:59", ""])
def test_b33_moments_that_are_none(desk, moment):
    url, typed, _start = plan(desk, starts_at=moment)
    response = desk.send(url, typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_starts_at_error"' in page
    kept = Page(page).form().values
    assert (kept["title"], kept["p0_name"]) == (["公厕开门微协商"], ["居民代表"])


def test_b33_a_room_that_is_taken(desk):
    room = meetings.room(desk.account.home)
    held = meetings.planned(desk.account.home, room=room, venue_kind="room", starts_at=meetings.soon())
    url, typed, _start = plan(desk, venue_kind="room", room=room.name)
    response = desk.send(url, typed)
    page = Page(response.content.decode())
    assert response.status_code == 409
    assert held.title in page.text
    assert page.form().values["title"] == [typed["title"]]


CODES = ["000000", "000000000000", "999999", "999999999999", "341103", "34110300500", "3411030050011", "110000000000"]


@pytest.mark.parametrize("code", [*CODES, "341103005999", "34110300500X", "532322100000", "不存在的村"])
def test_b35_places_that_are_none(desk, code):
    page = refused(desk, reverse("topics:hand_in"), {**SLIP, "region_code": code}, "region_code")
    assert CHINESE.search(page)
    call = {**SLIP, "host": str(desk.account.home.uuid), "source": "resident", "region_code": code}
    complains(desk.call("/api/v1/topics/", call))
    assert not Topic.objects.exists()


PHONES = [
    "12345678901",
    "1380000",
    "138000012345",
    "+1 202 555 0143",
    "abc",
    "1" * 200,
    "一三八零零零零一二三四五",
    "0",
]


@pytest.mark.parametrize("phone", PHONES)
def test_b37_telephones_that_are_none(desk, phone):
    typed = {**SLIP, "name": "居民代表", "phone": phone, "consented": "on"}
    refused(desk, reverse("topics:hand_in"), typed, "phone")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+86 138 0000 1234", "13800001234"),
        ("138-0000-1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("0550-3021234", "0550"),
        ("17012345678", "17012345678"),
        ("19912345678", "19912345678"),
    ],
)
def test_b37_telephones_as_people_write_them(desk, typed, kept):
    words = {**SLIP, "name": "居民代表", "phone": typed, "consented": "on"}
    assert desk.send(reverse("topics:hand_in"), words).status_code == 302
    assert Topic.objects.get().raisers.get().phone.startswith(kept)


# who and how --------------------------------------------------------------------------------------------------------


def test_b41_tokens_that_open_nothing(desk):
    made, token = AuthToken.objects.create(desk.account)
    made.expiry = timezone.now() - timedelta(days=1)
    made.save()
    revoked = AuthToken.objects.create(desk.account)
    revoked[0].delete()
    answers = [
        Client().get("/api/v1/topics/", HTTP_AUTHORIZATION=f"Token {word}")
        for word in (token, revoked[1], "nonsense", "x" * 5000, "")
    ]
    answers += [
        Client().get("/api/v1/topics/", HTTP_AUTHORIZATION=word) for word in ("Bearer abc", "Basic abc", "Token")
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.content for answer in answers if answer.json()["code"] == "not_signed_in"}
    in_address = Client().get(f"/api/v1/topics/?token={token}")
    assert (in_address.status_code, in_address.json()["code"]) in {(400, "token_in_url"), (401, "token_in_url")}


def test_b49_a_unit_answers_neither_for_another_nor_after_the_end(desk):
    host = desk.account.home
    task, done = results.in_progress(host), results.closed(host)
    stranger = Desk(results.liaison(results.unit(host)))
    own = Desk(results.liaison(done.lead_unit))
    reply = {
        "reply_class": "A",
        "measures": "清淤 260 米。",
        "result": "排水沟已通，雨天不再积水。",
        "contact_on": str(timezone.localdate()),
        "contact_method": "phone",
    }
    for thing, who, expected in ((task, stranger, {404}), (done, own, {409})):
        address = reverse("outcomes:reply", args=[thing.uuid])
        assert who.browser.post(address, reply).status_code in expected
        answer = who.call(f"/api/v1/assignments/{thing.uuid}/reply/", reply)
        assert answer.status_code in expected, answer.content
    for thing in (task, done):
        state = thing.state
        thing.refresh_from_db()
        assert thing.state == state


@pytest.mark.parametrize("result", ["正在推进中", "目前正在积极协调推进落实。", "。。。", "\u200b", "x" * 2001])
def test_replies_that_say_nothing(result):
    task = results.in_progress()
    unit = Desk(results.liaison(task.lead_unit))
    typed = {
        "reply_class": "A",
        "measures": "清淤 260 米。",
        "result": result,
        "contact_on": str(timezone.localdate()),
        "contact_method": "phone",
    }
    response = unit.send(reverse("outcomes:reply", args=[task.uuid]), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_result_error"' in page
    assert Page(page).form("result").values["measures"] == ["清淤 260 米。"]
    complains(unit.call(f"/api/v1/assignments/{task.uuid}/reply/", typed), "result")
    task.refresh_from_db()
    assert task.state == "in_progress"


ELSEWHERE = ["//evil.example", "https:evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example"]


@pytest.mark.parametrize("wanted", [*ELSEWHERE, "https://evil.example/", "javascript:alert(1)", "/%09/evil.example"])
def test_b67_after_signing_in_nobody_is_sent_elsewhere(desk, wanted):
    typed = {"username": desk.account.username, "password": "sample-pass-1", "next": wanted}
    answer = Client().post(reverse("members:sign_in"), typed)
    place = answer.headers["Location"]
    assert answer.status_code == 302
    assert place.startswith("/") and not place.startswith(("//", "/\\")) and "\t" not in place
    assert "evil.example" not in place or place == "/%09/evil.example"


def test_b70_contracts_of_the_api(desk):
    topic = matters.slip(desk.account.home)
    url = f"/api/v1/topics/{topic.uuid}/"
    for version in ("/api/v2/topics/", "/api/topics/", "/api/v1/nosuch/"):
        answer = desk.get(version)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert desk.get(url, HTTP_ACCEPT="text/xml").status_code == 406
    assert desk.call(url + "withdraw/", "<x/>", CONTENT_TYPE="text/xml").status_code in (400, 415)
    stale = desk.call(url + "withdraw/", {"reason": "已解决"}, HTTP_IF_MATCH='"0000"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    unkeyed = desk.browser.post(
        url + "withdraw/", json.dumps({"reason": "x"}), content_type="application/json", **desk.token
    )
    assert (unkeyed.status_code, unkeyed.json()["code"]) == (400, "idempotency_key_required")
    first = desk.call(url + "return_topic/", {"reason": "请补充"}, HTTP_IDEMPOTENCY_KEY="once")
    other = desk.call(url + "return_topic/", {"reason": "别的话"}, HTTP_IDEMPOTENCY_KEY="once")
    assert (first.status_code, other.status_code, other.json()["code"]) == (200, 422, "key_reused")
    for key in ("", " ", "x" * 300, "键"):
        answer = desk.call(url + "withdraw/", {"reason": "x"}, HTTP_IDEMPOTENCY_KEY=key)
        assert answer.status_code == 400, key
