"""Notices through the API: anonymous readers get snapshots, staff the moves."""

import json
from uuid import uuid4

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from outcomes import services
from outcomes.models import PublicNotice
from tests.factories import notices, people, topics
from tests.factories import outcomes as make

pytestmark = pytest.mark.django_db

#: Literal: the rows, for anybody; token, account and mandates more for a caller of staff.
ANONYMOUS, STAFF = 1, 4


@pytest.fixture
def host():
    return people.host()


def caller(account=None):
    client = APIClient()
    if account is not None:
        _row, token = AuthToken.objects.create(account)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def post(client, path, **data):
    return client.post(f"/api/v1/notices/{path}", data, format="json", headers={"Idempotency-Key": str(uuid4())})


def test_anybody_reads_what_was_released(host):
    notice = notices.running(host)
    listed = caller().get("/api/v1/notices/").json()["results"]
    assert listed == [
        {
            "uuid": str(notice.uuid),
            "number": notice.number,
            "kind": "outcome",
            "state": "posted",
            "host": {"code": host.region_code, "name": host.name},
            "region_code": notice.region_code,
            "title": notice.title,
            "summary": notice.summary,
            "posted_on": notice.posted_on.isoformat(),
            "expires_on": notice.expires_on.isoformat(),
            "corrected_by_number": "",
            "sha256": notice.sha256,
            "is_sample": False,
            "board": notice.board_url,
            "actions": [],
        }
    ]
    one = caller().get(f"/api/v1/notices/{notice.uuid}/").json()
    assert one["snapshot"] == notice.snapshot and one["draft"] is None and one["voices"] == []


@pytest.mark.parametrize("state", ["drafted", "reviewed", "withdrawn"])
def test_anybody_else_reads_nothing_more(host, state):
    notice = notices.IN_STATE[state](host)
    for client in (caller(), caller(people.office(people.host(people.LANGYA))), caller(people.account("member", host))):
        assert client.get(f"/api/v1/notices/{notice.uuid}/").status_code == 404
        for query in ("", f"?state={state}", "?q=公厕", f"?topic={notice.topic.uuid}", f"?host={host.region_code}"):
            assert client.get(f"/api/v1/notices/{query}").json()["results"] == [], query


def test_what_was_taken_down_is_gone_at_once(host):
    notice = notices.running(host)
    client = caller()
    assert client.get(f"/api/v1/notices/{notice.uuid}/").status_code == 200
    services.withdraw_notice(notice, actor=notices.reviewer(host), reason="有误")
    assert client.get(f"/api/v1/notices/{notice.uuid}/").status_code == 404
    kept = caller(notices.reviewer(host)).get(f"/api/v1/notices/{notice.uuid}/").json()
    assert (kept["state"], kept["snapshot"], kept["board"]) == ("withdrawn", None, None)


def test_filters_find_the_same_rows_as_the_pages(client, host):
    old = notices.posted(host, on=make.day(400))
    new = notices.running(host)
    client.force_login(notices.reviewer(host))
    for query in ("", "?kind=outcome", f"?year={old.posted_on.year}", "?state=posted", f"?q={new.title[:6]}"):
        api = {row["uuid"] for row in caller().get(f"/api/v1/notices/{query}").json()["results"]}
        page = {str(row.uuid) for row in client.get(f"/outcomes/notices/{query}").context["object_list"]}
        assert api == page, query
    assert caller().get("/api/v1/notices/?drafted_by=1").status_code == 400
    assert caller().get("/api/v1/notices/?ordering=title").status_code == 400


def test_all_moves(host):
    topic = make.submitted(host, on=make.day(30)).topic
    writer, second = caller(topics.clerk(host)), caller(notices.reviewer(host))
    made = post(
        writer, "", kind="outcome", topic=str(topic.uuid), title="成果公示", text="公厕开门了。", places=["公开栏"]
    )
    assert made.status_code == 201
    uuid = made.json()["uuid"]
    assert made.json()["actions"] == ["edit_notice"]
    assert post(writer, f"{uuid}/edit_notice/", text="电话 13812345678").status_code == 200
    assert post(writer, f"{uuid}/review_notice/", secrecy="open").json()["code"] == "four_eyes"
    draft = second.get(f"/api/v1/notices/{uuid}/").json()["draft"]
    assert draft["findings"] == [{"field": "text", "kind": "phone", "excerpt": "138****5678", "blocks": True}]
    refused = post(second, f"{uuid}/review_notice/", secrecy="open")
    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (400, "missing", ["text"])
    assert "13812345678" not in refused.content.decode()
    assert post(writer, f"{uuid}/edit_notice/", text="公厕开门了。").status_code == 200
    assert post(second, f"{uuid}/review_notice/", secrecy="open").json()["state"] == "reviewed"
    assert post(second, f"{uuid}/return_notice/", reason="再看").json()["state"] == "drafted"
    assert post(second, f"{uuid}/review_notice/", secrecy="open").status_code == 200
    posted = post(second, f"{uuid}/post_notice/").json()
    assert posted["state"] == "posted" and posted["snapshot"]["notice"]["number"] == posted["number"]
    assert post(second, f"{uuid}/post_notice/").json()["code"] == "wrong_state"
    assert post(second, f"{uuid}/record_objection/", text="灯不亮", contact="13812345678").status_code == 200
    objection = str(PublicNotice.objects.get(uuid=uuid).objections.get().uuid)
    answered = post(second, f"{uuid}/answer_objection/", objection=objection, answer="已换").json()
    assert [voice["answer"] for voice in answered["voices"]] == ["已换"]
    assert "13812345678" not in json.dumps(answered)
    assert post(writer, f"{uuid}/correct_notice/", reason="户数", text="九十六户。").status_code == 200
    assert PublicNotice.objects.get(corrects__uuid=uuid).text == "九十六户。"
    assert post(second, f"{uuid}/withdraw_notice/", reason="有误").json()["state"] == "withdrawn"


@pytest.mark.parametrize(
    "field", ["state", "number", "snapshot", "sha256", "posted_on", "on_paper", "host", "is_sample"]
)
def test_nothing_is_assigned_that_a_move_does_not_ask_for(host, field):
    notice = notices.drafted(host)
    answer = post(caller(notices.reviewer(host)), f"{notice.uuid}/review_notice/", secrecy="open", **{field: "x"})
    assert answer.status_code == 400 and field in answer.json()["fields"]
    assert PublicNotice.objects.get(pk=notice.pk).state == "drafted"


def test_another_hosts_matter_cannot_be_named(host):
    topic = make.submitted(people.host(people.LANGYA)).topic
    answer = post(caller(topics.clerk(host)), "", kind="topic", topic=str(topic.uuid), title="x", text="y")
    assert answer.status_code == 400 and list(answer.json()["fields"]) == ["topic"]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(host, rows, django_assert_num_queries):
    notices.copies(notices.running(host), rows - 1)
    anybody, staff = caller(), caller(notices.reviewer(host))
    for client, queries in ((anybody, ANONYMOUS), (staff, STAFF)):
        client.get("/api/v1/notices/?page_size=30")
        with django_assert_num_queries(queries):
            assert len(client.get("/api/v1/notices/?page_size=30").json()["results"]) == rows
