"""A department of the county next door, and another department of this one: no door leads to what is not theirs."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from consult.delivery.models import Outgoing
from members.states import Role
from outcomes import services as outcomes
from outcomes.services.links import SALT
from sessions.services import tokens
from tests.factories import outcomes as results
from tests.factories import people
from tests.leaks.test_addresses import POST_ONLY, ask, by_token, private, states, url_of
from tests.leaks.world import addresses

pytestmark = pytest.mark.django_db

#: What the units may look at because it is theirs or everybody's, although the address names a thing.
OWN = {"members:setting"}
STRANGERS = {
    "liaison next door": lambda world: results.liaison(results.unit(world.next_door)),
    "chief next door": lambda world: people.account(
        Role.UNIT_CHIEF, world.next_door, organisation=results.unit(world.next_door)
    ),
    "liaison of another unit": lambda world: results.liaison(results.unit(world.host)),
}

FOLLOW_UP = ("outcomes:", "api:assignments", "api:outcomes", "api:notices", "desk:search", "desk:log")


def words_of(world):
    return [
        world.assignment.number,
        world.assignment.matter,
        world.outcome.number,
        str(world.assignment.uuid),
        str(world.outcome.uuid),
        str(world.draft.uuid),
        str(world.task_file.uuid),
    ]


@pytest.mark.parametrize("who", STRANGERS)
def test_every_address_of_the_countys_follow_up_answers_that_there_is_nothing(world, who):
    stranger = STRANGERS[who](world)
    before, wrong = states(), []
    client, program = Client(), by_token(stranger)
    client.force_login(stranger)
    for name, _pattern, wanted in private():
        space = name.partition(":")[0]
        noun = name.removeprefix("api:").partition("-")[0] if space == "api" else space
        if noun not in ("outcomes", "assignments", "notices", "files", "answer", "desk") or name in OWN:
            continue
        url = url_of(world, name, wanted)
        for method in ("get", "post"):
            headers = program if url.startswith("/api/") else {}
            status = ask(client, method, url, **headers).status_code
            looked_at = method == "get" and not name.startswith("api") and name not in POST_ONLY
            if status not in ({403, 404} if looked_at else {403, 404, 405}):
                wrong.append((name, method, status))
    assert wrong == [], "\n".join(map(str, wrong))
    assert states() == before


@pytest.mark.parametrize("who", STRANGERS)
def test_no_list_no_export_and_no_filter_names_it(world, who):
    """Every address that needs no thing in it; those of the follow-up also with the county's things asked for."""
    stranger = STRANGERS[who](world)
    client, program = Client(), by_token(stranger)
    client.force_login(stranger)
    known = words_of(world)
    asked = {
        "unit": str(world.unit.uuid),
        "outcome": str(world.outcome.uuid),
        "topic": str(world.topic.uuid),
        "q": world.assignment.matter,
    }
    found = []
    for name, _pattern, wanted in addresses():
        if wanted or name == "?" or name.endswith("sign_out"):
            continue
        url = reverse(name)
        headers = program if url.startswith("/api/") else {}
        queries = [{"format": "csv"}, *({key: value} for key, value in asked.items())]
        for query in [{}, *(queries if name.startswith(FOLLOW_UP) else [])]:
            response = client.get(url, query, **headers)
            if response.status_code >= 500:
                found.append((name, query, response.status_code))
            page = content_of(response)
            given = set(query.values())
            found += [(name, query, word) for word in known if word in page and word not in given]
    assert found == [], "\n".join(map(str, found))


def content_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


def test_an_api_filter_by_somebody_elses_unit_finds_nothing(world):
    stranger = STRANGERS["liaison next door"](world)
    program = by_token(stranger)
    ours = {"HTTP_AUTHORIZATION": by_token(world.office)["HTTP_AUTHORIZATION"]}
    query = {"unit": str(world.unit.uuid)}
    assert Client().get("/api/v1/assignments/", query, **ours).json()["results"]
    answer = Client().get("/api/v1/assignments/", query, **program)
    assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_a_link_answers_its_own_assignment_and_no_other(world):
    theirs = results.issued(host=world.next_door)
    ours = results.issued(host=world.host)
    mine = outcomes.make_link(ours, actor=world.office, name="经办人")
    link = outcomes.make_link(theirs, actor=people.office(world.next_door), name="邻县经办人")
    own, other = tokens.seal(SALT, link.uuid, link.version), tokens.seal(SALT, mine.uuid, mine.version)
    page = Client().get(reverse("answer:page", args=[own]))
    assert page.status_code == 200 and theirs.matter in page.content.decode()
    assert not [word for word in (*words_of(world), ours.matter, ours.number) if word in page.content.decode()]
    # what one link names, under what another was signed with: nobody made that address
    for cut in (5, 20, len(own) // 2, len(own) - 10, len(own) - 1):
        for forged in (own[:cut] + other[cut:], other[:cut] + own[cut:]):
            if forged not in (own, other):
                answer = Client().get(reverse("answer:page", args=[forged]))
                assert (answer.status_code, ours.matter in answer.content.decode()) == (404, False), cut


def test_the_log_of_what_left_is_of_ones_own_county(world):
    Outgoing.objects.create(
        channel="email", host_id=world.host.pk, kind="urge", to="office@example.org", subject="催办水务", body="…"
    )
    for who, status in (("liaison next door", 404), ("liaison of another unit", 404)):
        client = Client()
        client.force_login(STRANGERS[who](world))
        assert client.get(reverse("desk:log")).status_code in (403, status)
    client = Client()
    client.force_login(world.neighbour)
    for query in ({}, {"state": "queued"}, {"q": "催办"}, {"host": str(world.host.uuid)}):
        assert "催办水务" not in client.get(reverse("desk:log"), query).content.decode()
    assert client.post(reverse("desk:resend"), {"all": "1", "uuid": str(uuid.uuid4())}).status_code < 500
    assert Outgoing.objects.get(subject="催办水务").state == "queued"
