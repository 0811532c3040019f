"""What is not released cannot be read, found or counted; people stand in no public page, log, message or record."""

from __future__ import annotations

import json
import logging
import uuid

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from consult.audit.models import Entry
from consult.outbox.models import Event
from members import services as members
from tests.factories import people
from tests.leaks.world import DRAFT_WORD, NAMES, NUMBERS, World
from topics.models import Topic

pytestmark = pytest.mark.django_db

SECRETS = {**NAMES, **{f"number of the {who}": number for who, number in NUMBERS.items()}}
BOARD = "/b/341103000000/"


def by_token(account):
    return {"HTTP_AUTHORIZATION": f"Token {AuthToken.objects.create(account)[1]}"}


def found_in(text: str) -> list[str]:
    return [who for who, secret in SECRETS.items() if secret in text]


def read(url: str, client: Client | None = None, **headers) -> str:
    response = (client or Client()).get(url, **headers)
    assert response.status_code in (200, 404, 410), (url, response.status_code)
    return response.content.decode()


def public_addresses(world: World) -> list[str]:
    one = world.posted.uuid
    queries = ["", "?q=公厕", "?kind=outcome", f"?year={world.posted.posted_on.year}", "?place=341103005"]
    return [
        "/",
        "/healthz",
        "/track/",
        *(BOARD + query for query in queries),
        *(f"{BOARD}{one}/{page}" for page in ("", "poster/")),
        *(f"/api/v1/notices/{query}" for query in ("", "?kind=outcome", f"{one}/", f"{world.withdrawn.uuid}/")),
        f"{BOARD}{world.withdrawn.uuid}/",
        "/api/schema/",
        reverse("members:sign_in"),
    ]


def test_people_stand_on_no_public_page(world):
    wrong = {url: found for url in public_addresses(world) if (found := found_in(Client().get(url).content.decode()))}
    assert wrong == {}


def test_a_notice_that_is_not_released_is_nowhere(world):
    for notice in (world.draft, world.reviewed):
        for page in ("", "poster/"):
            assert Client().get(f"{BOARD}{notice.uuid}/{page}").status_code == 404
        assert Client().get(f"/api/v1/notices/{notice.uuid}/").status_code == 404
    for url in public_addresses(world):
        page = Client().get(url).content.decode()
        assert DRAFT_WORD not in page, url
        assert str(world.draft.uuid) not in page, url


def test_another_board_does_not_show_a_posted_notice(world):
    assert Client().get(f"{BOARD}{world.posted.uuid}/").status_code == 200
    assert Client().get(f"/b/{people.LANGYA}/{world.posted.uuid}/").status_code == 404


def test_what_was_taken_down_cannot_be_read_any_more(world):
    pages = [f"{BOARD}{world.withdrawn.uuid}/", f"{BOARD}{world.withdrawn.uuid}/poster/", BOARD, "/api/v1/notices/"]
    for url in (*pages, f"/api/v1/notices/{world.withdrawn.uuid}/"):
        page = Client().get(url).content.decode()
        assert "撤下的公示" not in page, url
    assert "数字写错" in read(pages[0])  # the reason stays
    assert world.withdrawn.number in read(BOARD)
    assert Client().get(f"{BOARD}?q=撤下的公示").content.decode().count(str(world.withdrawn.uuid)) == 0


@pytest.mark.parametrize("url", [f"{BOARD}?q={DRAFT_WORD}", f"/api/v1/notices/?q={DRAFT_WORD}"])
def test_the_public_finds_no_word_of_a_draft(world, url):
    """Not even that something was found: the answer is that to a word which stands nowhere."""
    asked = read(url).replace(DRAFT_WORD, "子虚乌有").replace(f"{len(DRAFT_WORD)}", "")
    nowhere = read(url.replace(DRAFT_WORD, "没有这个词")).replace("没有这个词", "子虚乌有")
    assert str(world.draft.uuid) not in asked
    assert str(world.topic.uuid) not in asked
    assert asked.count("<article") == nowhere.count("<article")


def test_another_county_finds_counts_and_filters_nothing_of_ours(world):
    client, program = Client(), by_token(world.neighbour)
    client.force_login(world.neighbour)
    pages = [
        f"/search/?q={DRAFT_WORD}",
        f"/topics/?q={DRAFT_WORD}",
        f"/topics/similar/?title={DRAFT_WORD}的路灯不亮",
        "/topics/",
        "/sessions/",
        "/sessions/rooms/",
        "/outcomes/",
        "/outcomes/overdue/",
        "/outcomes/reports/",
        "/outcomes/notices/",
        f"/outcomes/?unit={world.unit.uuid}",
        f"/outcomes/?topic={world.topic.uuid}",
        "/members/",
        "/members/organisations/",
        "/members/groups/",
        "/members/convenors/",
        "/today/",
        "/inbox/",
        "/ui/counts/",
    ]
    ours = [
        DRAFT_WORD,
        world.unit.name,
        world.room.name,
        world.group.name,
        world.convenor.name,
        world.assignment.number,
    ]
    for url in pages:
        page = read(url, client).replace(f'value="{DRAFT_WORD}', "").replace(f"“{DRAFT_WORD}”", "")
        body = page.partition("<main")[2]
        held = [word for word in ours if word and word in body.replace(f"q={DRAFT_WORD}", "")]
        assert not found_in(page), url
        assert not held or url.startswith(("/search", "/topics/?q")) and held == [DRAFT_WORD], (url, held)
    for noun in ("topics", "sessions", "rooms", "outcomes", "assignments", "members", "groups", "convenors"):
        assert Client().get(f"/api/v1/{noun}/", **program).json()["results"] == [], noun
    known = Client().get("/api/v1/organisations/", **program).json()["results"]
    assert {one["host"] for one in known} == {str(world.next_door.uuid)}
    filters = [f"topics/?host={world.host.uuid}", f"assignments/?topic={world.topic.uuid}", f"topics/?q={DRAFT_WORD}"]
    for query in filters:
        answer = Client().get(f"/api/v1/{query}", **program)
        assert answer.status_code == 400 or answer.json()["results"] == [], query


def test_another_county_makes_no_use_of_our_things(world):
    """Named in its own calls: topic, unit, room, point of ours are not there."""
    client, program = Client(), by_token(world.neighbour)
    matter = {
        "outcome": str(world.outcome.uuid),
        "matter": "修灯",
        "fulfils": [str(world.point.uuid)],
        "lead_unit": str(world.unit.uuid),
        "issued_by": "区政府",
    }
    calls = {
        "assignments/": matter,
        "outcomes/": {"topic": str(world.topic.uuid), "summary": "x"},
        "notices/": {"kind": "topic", "topic": str(world.topic.uuid), "title": "x", "text": "y"},
    }
    for url, data in calls.items():
        answer = client.post(
            f"/api/v1/{url}",
            json.dumps(data),
            content_type="application/json",
            HTTP_IDEMPOTENCY_KEY=str(uuid.uuid4()),
            **program,
        )
        assert answer.status_code in (400, 403, 404), (url, answer.content)
        assert not found_in(answer.content.decode())
    client.force_login(world.neighbour)
    assert client.get(f"/sessions/plan/?topic={world.topic.uuid}").content.decode().count(DRAFT_WORD) == 0
    several = f"/topics/several/decline/?pick={world.topic.uuid}"
    assert (client.get(several).status_code, client.post(several, {"reason": "x"}).status_code) == (404, 404)


GUESSED = [
    "raisers__phone__startswith=136",
    "raisers__name=顾砚秋",
    "entered_by__phone__startswith=1",
    "claimed_by__username=a",
    "search=1",
    "ordering=raisers__phone",
    "ordering=entered_by__password",
    "fields=raisers",
    "include=raisers",
    "expand=host",
]


def test_filters_orders_and_fields_are_refused_by_name(world):
    program = by_token(world.office)
    for noun in ("topics", "sessions", "outcomes", "assignments", "notices", "members", "organisations"):
        for query in GUESSED:
            answer = Client().get(f"/api/v1/{noun}/?{query}", **program)
            assert answer.status_code == 400, (noun, query)
            assert answer.json()["code"] == "invalid"
            assert not found_in(answer.content.decode().replace(NAMES["raiser"], "", 1))


def test_writable_fields_are_the_ones_that_are_listed(world):
    """Every column of the model, sent along: refused by name, nothing changed."""
    program = by_token(world.office)
    columns = {field.attname: "1" for field in Topic._meta.concrete_fields}
    for url in (f"/api/v1/topics/{world.topic.uuid}/study/", "/api/v1/topics/"):
        answer = Client().post(
            url,
            json.dumps(columns),
            content_type="application/json",
            HTTP_IDEMPOTENCY_KEY=str(uuid.uuid4()),
            **program,
        )
        assert answer.status_code == 400
        assert {"state", "number", "case_key"} <= set(answer.json()["fields"])
    assert Topic.objects.count() == Topic.objects.exclude(state="1").count()


def test_a_handling_unit_reads_title_and_problem_only(world):
    client, program = Client(), by_token(world.liaison)
    client.force_login(world.liaison)
    addresses = [
        world.topic.get_absolute_url(),
        world.assignment.get_absolute_url(),
        "/outcomes/desk/",
        "/today/",
        f"/search/?q={DRAFT_WORD}",
    ]
    for url in addresses:
        page = read(url, client)
        # What his own unit wrote down he may read again.
        assert set(found_in(page)) <= {"left on paper", "who was telephoned"}, url
    answer = Client().get(f"/api/v1/topics/{world.topic.uuid}/", **program).json()
    assert set(answer) == {"uuid", "title", "problem", "actions"}


def test_numbers_are_shown_masked_and_each_look_is_recorded(world):
    client = Client()
    client.force_login(world.office)
    page = read(world.topic.get_absolute_url(), client)
    assert NUMBERS["raiser"] not in page
    assert "136****1101" in page
    assert (
        NUMBERS["raiser"]
        not in Client().get(f"/api/v1/topics/{world.topic.uuid}/", **by_token(world.office)).content.decode()
    )
    before = Entry.objects.filter(verb="topic.show_contact").count()
    shown = client.post(reverse("topics:show_contact", args=[world.raiser.uuid]), {})
    assert NUMBERS["raiser"] in shown.content.decode() or shown.status_code == 302
    assert Entry.objects.filter(verb="topic.show_contact").count() == before + 1


def test_record_and_messages_name_no_number_and_no_contact(world):
    """Rows that cannot be corrected, and payloads that leave the house, carry keys and no people's numbers."""
    numbers = list(NUMBERS.values())
    for model in (Entry, Event):
        rows = serializers.serialize("json", model.objects.all(), ensure_ascii=False)
        assert [number for number in numbers if number in rows] == [], model
    payloads = serializers.serialize("json", Event.objects.all(), ensure_ascii=False)
    assert [who for who, name in NAMES.items() if name in payloads] == []


def test_logs_name_nobody(world, caplog):
    """Whatever is asked, and whatever goes wrong: no name and no number in any line."""
    caplog.set_level(logging.DEBUG)
    office = Client(raise_request_exception=False)
    office.force_login(world.office)
    typed = {"title": "路灯", "problem": "", "name": NAMES["raiser"], "phone": NUMBERS["raiser"], "region_code": "1"}
    for url in (world.topic.get_absolute_url(), world.session.get_absolute_url(), *public_addresses(world)):
        office.get(url)
    office.post(reverse("topics:hand_in"), typed)
    Client().post(reverse("desk:track"), {"receipt": world.raiser.receipt, "tail": "1101"})
    Client().post(reverse("desk:track"), {"receipt": world.raiser.receipt, "tail": "9999"})
    sent = json.dumps({"host": str(world.host.uuid), "raiser": {"name": NAMES["raiser"], "phone": NUMBERS["raiser"]}})
    program = by_token(world.office)
    Client().post("/api/v1/topics/", sent, content_type="application/json", HTTP_IDEMPOTENCY_KEY="k", **program)
    lines = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert found_in(lines) == []
    assert world.raiser.receipt not in lines


def test_rights_that_were_taken_back_act_at_once(world):
    """Signed in already, token in hand: the next request knows."""
    client, program = Client(), by_token(world.office)
    client.force_login(world.office)
    page, call = world.topic.get_absolute_url(), f"/api/v1/topics/{world.topic.uuid}/"
    assert (client.get(page).status_code, Client().get(call, **program).status_code) == (200, 200)
    members.end_mandate(world.mandate, actor=world.registrar)
    assert (client.get(page).status_code, Client().get(call, **program).status_code) == (404, 404)
    members.close_account(world.office, actor=world.registrar)
    assert (client.get(page).status_code, Client().get(call, **program).status_code) == (302, 401)
