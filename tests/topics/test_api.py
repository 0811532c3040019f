"""The API of topics: the same sight, the same moves, the same filters as the pages."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from tests.factories import people
from tests.factories import topics as make
from topics.models import Topic
from topics.states import TOPIC_WORKFLOW

pytestmark = pytest.mark.django_db

URL = "/api/v1/topics/"


@pytest.fixture
def host():
    return people.host()


def caller(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def post(client: Client, address: str, **body):
    return client.post(address, body, content_type="application/json")


def at(topic: Topic, verb: str = "") -> str:
    return f"{URL}{topic.uuid}/{verb + '/' if verb else ''}"


def slip(of, **changes):
    return {
        "host": str(of.uuid),
        "region_code": make.WANQIAO,
        "source": "resident",
        "title": "公厕一直锁着",
        "problem": "晨练找不到地方上厕所。",
        "raiser": {"category": "resident", "name": "村民甲", "phone": "13800005566", "consented": True},
        **changes,
    }


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(host, count, django_assert_num_queries):
    for _n in range(count):
        make.slip(host)
    client = caller(people.office(host))
    with django_assert_num_queries(5):  # session, account, mandates, rows, raisers
        found = client.get(URL, {"page_size": 50}).json()["results"]
    assert len(found) == count


@pytest.mark.parametrize("query", ["state=pooled", "q=路灯", "profile=micro", f"region={make.SHIJI}", "source=member"])
def test_the_page_and_the_api_find_the_same(host, query):
    make.slip(host, title="路灯不亮", region_code=make.JINGNAN)
    make.pooled(host)
    client = caller(people.office(host))
    listed = {row["uuid"] for row in client.get(f"{URL}?{query}").json()["results"]}
    shown = {str(topic.uuid) for topic in client.get(f"/topics/?{query}").context["object_list"]}
    assert listed == shown


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("raisers__phone__startswith=1", "raisers__phone__startswith"),
        ("state=nosuch", "state"),
        ("ordering=title", "ordering"),
        ("page_size=0", "page_size"),
        ("region=12x", "region"),
        ("period=3", "period"),
        ("fields=phone", "fields"),
    ],
)
def test_unknown_parameters_and_bad_values_are_refused_by_name(host, query, name):
    answer = caller(people.office(host)).get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["fields"]) == [name]


def test_a_slip_is_entered_with_what_a_page_would_ask(host):
    client = caller(people.office(host))
    answer = post(client, URL, **slip(host))
    body = answer.json()
    topic = Topic.objects.get()
    assert answer.status_code == 201
    assert answer["Location"].endswith(at(topic))
    assert (body["state"], body["raisers"][0]["phone"]) == ("submitted", "138****5566")
    assert set(body["actions"]) == {"return_topic", "pool", "decline", "transfer", "merge", "split", "withdraw"}


def test_a_caller_without_raiser_raises_it_himself(host):
    account = people.account("member", host)
    body = slip(host, source="member")
    del body["raiser"]
    assert post(caller(account), URL, **body).status_code == 201
    assert Topic.objects.get().raisers.get().account == account


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "\u200b"}, "title"),
        ({"region_code": "999999999999"}, "region_code"),
        ({"region_code": "341102004000"}, "region_code"),
        ({"on": "2025-02-30"}, "on"),
        ({"state": "pooled"}, "state"),
        ({"number": "1"}, "number"),
        ({"entered_by": 1}, "entered_by"),
        ({"raiser": {"phone": "13800005566"}}, "consented"),
        ({"raiser": {"account": 1}}, "raiser.account"),
        ({"households": -1}, "households"),
        ({"host": str(uuid.uuid4())}, "host"),
    ],
)
def test_bad_input_is_named_and_nothing_is_stored(host, changes, field):
    answer = post(caller(people.office(host)), URL, **slip(host, **changes))
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["fields"]) == [field]
    assert Topic.objects.count() == 0


def test_each_door_of_refusal_has_its_code(host):
    office, member = people.office(host), people.account("member", host)
    topic = make.pooled(host)
    own = make.slip(host, actor=office, source="office", raiser={})
    pool = {"profile": "micro", "category": "住房", **make.CHECKS}
    cases = [
        (caller(people.office(people.host(people.LANGYA))), topic, "decline", {}, 404, "not_found"),
        (caller(member), topic, "decline", {}, 403, "not_allowed"),
        (caller(office), own, "pool", pool, 403, "four_eyes"),
        (caller(office), topic, "pool", pool, 409, "wrong_state"),
        (caller(office), topic, "decline", {"reason": "诉讼"}, 400, "invalid"),
        (caller(office), make.slip(host), "pool", {**pool, "small_cut": False}, 400, "missing"),
        (Client(), topic, "decline", {}, 401, "not_signed_in"),
    ]
    for client, subject, verb, body, status, code in cases:
        answer = post(client, at(subject, verb), **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), verb
    assert Topic.objects.filter(state="declined").count() == 0


#: A body for each move and the state in which the matter then is.
MOVES = {
    "submit": ("draft", {}, "submitted"),
    "return_topic": ("submitted", {"reason": "请补照片"}, "returned"),
    "resubmit": ("returned", {"changes": {"place": "3 号楼"}}, "submitted"),
    "lapse": ("returned", {}, "declined"),
    "pool": ("submitted", {"profile": "micro", "category": "住房", **make.CHECKS}, "pooled"),
    "decline": ("submitted", {"reason": "诉讼", "reply_text": "请等"}, "declined"),
    "transfer": ("pooled", {"to_unit": "12345 热线", "reason": "路灯", "reply_text": "已转"}, "transferred"),
    "merge": ("submitted", {"into": ""}, "merged"),
    "split": ("submitted", {"parts": [{"title": "路灯不亮"}]}, "submitted"),
    "reconsider": ("declined", {"reason": "看错了"}, "submitted"),
    "change_profile": ("pooled", {"profile": "formal"}, "pooled"),
    "approve": (
        "formal",
        {"party_text": "同意", "plan_year": 2026, "on_paper": True, "lead_committee": ""},
        "approved",
    ),
    "drop": ("approved", {"reason": "今年不议"}, "pooled"),
    "claim": ("pooled", {"promised_on": make.days_ago(-30).isoformat(), "claimed_name": "委员小组"}, "claimed"),
    "release_claim": ("claimed", {"reason": "排不开"}, "pooled"),
    "study": (
        "claimed",
        {"date_from": make.days_ago(0).isoformat(), "places": ["万桥"], "findings": ["未移交"]},
        "claimed",
    ),
    "reopen": ("closed", {"reason": "又锁上了"}, "consulted"),
    "withdraw": ("submitted", {"reason": "解决了"}, "withdrawn"),
}


@pytest.mark.parametrize("verb", MOVES)
def test_every_move_has_an_address_by_the_name_of_the_procedure(host, verb):
    state, body, after = MOVES[verb]
    day = make.days_ago(40)
    topic = make.pooled(host, "formal", on=day) if state == "formal" else make.in_state(state, host, on=day)
    links = {"into": lambda: make.slip(host), "lead_committee": lambda: make.committee(host)}
    body = {name: str(links[name]().uuid) if value == "" else value for name, value in body.items()}
    if verb == "approve":
        body |= {"council_on": day.isoformat(), "party_on": day.isoformat()}
    client = caller(make.clerk(host))
    assert verb in client.get(at(topic)).json()["actions"]
    answer = post(client, at(topic, verb), **body)
    assert (answer.status_code, answer.json()["state"]) == (200, after), answer.content


def test_the_addresses_are_the_moves_of_the_table():
    assert set(MOVES) | {"urge_note", "answer_note"} == {step.verb for step in TOPIC_WORKFLOW if not step.driven}


def test_a_state_is_never_written_directly(host):
    topic = make.slip(host)
    client = caller(people.office(host))
    for method in (client.put, client.patch, client.delete):
        assert method(at(topic), {"state": "closed"}, content_type="application/json").status_code == 405
    topic.refresh_from_db()
    assert topic.state == "submitted"


def test_a_supervisor_reads_neither_names_nor_contacts(host):
    topic = make.slip(host, raiser={"name": "村民甲", "phone": "13800005566", "consented": True})
    body = caller(people.supervisor()).get(at(topic))
    assert body.json()["raisers"] == [{"kind": "raiser", "category": "resident"}]
    assert "村民甲" not in body.content.decode()
    assert body.json()["actions"] == ["urge_note"]


def test_following_through_the_api(host):
    topic = make.pooled(host)
    assert post(caller(people.account("member", host)), at(topic, "follow")).status_code == 200
    assert topic.raisers.filter(kind="follower").count() == 1
