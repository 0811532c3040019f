"""Every address of the platform, asked by everybody who has no business there. A new one fails until it is listed."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from consult.audit.models import Entry
from outcomes.models import PublicNotice
from sessions.models import ConsultSession
from tests.leaks.world import NAMES, NUMBERS, addresses
from topics.models import Topic

pytestmark = pytest.mark.django_db

#: What anybody may read, by name; everything else asks who he is.
PUBLIC = {
    "healthz",
    "schema",
    "?",  # an unknown address below /api/ answers in JSON that there is nothing
    "api:regions-list",
    "api:regions-detail",
    "api:notices-list",
    "api:notices-detail",
    "board:home",
    "board:notice",
    "board:poster",
    "board:qr",
    "board:photo",
    "board:feed",
    "board:calendar",
    "board:sitemap",
    "sitemaps",
    "robots",
    "desk:boards",
    "desk:track",
    "members:sign_in",
    "sign_in:code",
    "live:ask",
    "phone:worker",  # the program on the telephone, the same for everybody
    "phone:manifest",
    "phone:offline",
    "phone:kept",  # what lies on the telephone itself; the server knows nothing of it
}
#: What anybody may send: his name and password, his receipt.
SENT_BY_ANYBODY = {
    "members:sign_in",
    "desk:track",
    "api:tokens-list",
    "sign_in:code",
    "sign_in:check_in",
    "sign_in:sign_up",
    "live:ask",
}
#: Addresses that open something to whoever holds them; those of the tests were made by nobody.
HELD = ("sign_in:", "rating:", "answer:", "live:")
#: Words that are the same for everybody, though the address names a thing.
SHARED = {
    "api:regions-detail",
    "members:setting",
    # of the reader's own CPPCC, whatever the address says
    *("desk:workdays", "desk:correct_day", "desk:clear_day", "desk:load_plan", "desk:test_channel", "desk:wording"),
}
#: Buttons without a page of their own: a GET is answered 405 for any UUID, so it tells nothing.
POST_ONLY = {
    "topics:show_contact",
    *("sessions:uninvite", "sessions:set_agenda", "sessions:agenda_item", "sessions:run_agenda", "sessions:queue"),
    *("sessions:remove_statement", "sessions:remove_point", "sessions:remove_dissent", "sessions:mark_attendance"),
    *("outcomes:mask_notice", "desk:read", "sessions:adopt_comment"),
    *("sessions:make_remark_link", "sessions:renew_remark_link", "sessions:revoke_remark_link"),
    *(
        "sessions:show_phone",
        "sessions:ask_floor",
        "sessions:count_among",
        "sessions:leave",
        "sessions:renew_slip",
        "sessions:offer_seats",
        "sessions:withdraw_sign_up",
        "sessions:sign_in",
        "sessions:invite_class",
    ),
    *("sessions:invite_suggested", "sessions:read_back", "sessions:restore_line", "sessions:floor_free"),
    *("sessions:desk", "sessions:screen_issue", "desk:test_robot"),
}
PROCEDURE = ("topics", "sessions", "outcomes")
UNSAFE = ("post", "put", "patch", "delete")
WRITTEN = (Topic, ConsultSession, PublicNotice)


def url_of(world, name, wanted):
    if name == "?":
        return "/api/v1/no-such-thing/"
    if name == "api:regions-detail":
        return reverse(name, args=["341103000000"])
    return reverse(name, kwargs=world.arguments(name, wanted))


def states():
    return [sorted(model.objects.values_list("pk", "state")) for model in WRITTEN] + [Entry.objects.count()]


def ask(client, method, url, **headers):
    """As a form for pages, as JSON with a key for the API."""
    if url.startswith("/api/") and method != "get":
        headers |= {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
        return getattr(client, method)(url, data="{}", content_type="application/json", **headers)
    return getattr(client, method)(url, **headers)


def by_token(account):
    return {"HTTP_AUTHORIZATION": f"Token {AuthToken.objects.create(account)[1]}"}


def test_nobody_reads_without_saying_who_he_is(world):
    before, wrong = states(), []
    for name, _pattern, wanted in addresses():
        url = url_of(world, name, wanted)
        client = Client(raise_request_exception=True)
        status = client.get(url).status_code
        if name in PUBLIC:
            allowed = (
                {404}
                if name in ("?", "api:notices-detail", "board:photo")
                else {200, 503}
                if name == "healthz"
                else {200}
            )
        elif name.startswith(HELD):
            allowed = {302} if name == "sign_in:me" else {404, 405}
        else:
            asks = url.startswith("/api/") or name == "phone:hello"  # a script asks, which no page of signing in helps
            allowed = {401, 404, 405} if asks else {302, 405}
        if status not in allowed:
            wrong.append((name, url, status))
    assert wrong == [], "\n".join(map(str, wrong))
    assert states() == before


def test_nobody_writes_without_saying_who_he_is(world):
    before, wrong = states(), []
    for name, _pattern, wanted in addresses():
        url = url_of(world, name, wanted)
        for method in UNSAFE:
            status = ask(Client(), method, url).status_code
            allowed = {302, 401, 403, 404, 405}
            if name in SENT_BY_ANYBODY and method == "post":
                allowed |= {200, 400, 422}  # the form again, with what is missing
            if status not in allowed:
                wrong.append((name, method, status))
    assert wrong == [], "\n".join(map(str, wrong))
    assert states() == before


def test_a_page_without_its_token_writes_nothing(world):
    """Cross-site: signed in, but the form is somebody else's."""
    before, wrong = states(), []
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.office)
    for name, _pattern, wanted in addresses():
        url = url_of(world, name, wanted)
        status = client.post(url).status_code
        if name.startswith(HELD):  # what is sent there is a word of its own, not somebody's cookie
            continue
        if status not in (403, 405) and name != "desk:track" and not url.startswith("/api/"):
            wrong.append((name, status))
        if url.startswith("/api/") and status not in (401, 403, 404, 405):
            wrong.append((name, status))
    assert wrong == [], "\n".join(map(str, wrong))
    assert states() == before


def private(names=None):
    """Addresses that name one thing of the county's."""
    for name, pattern, wanted in addresses():
        if wanted and name not in SHARED and not name.startswith(("board:", *HELD)) and name != "?":
            yield name, pattern, wanted


def test_another_county_gets_404_for_everything_of_ours(world):
    """Pages and API alike, to look at and to move; 404 also says that it is not even there."""
    before, wrong = states(), []
    client, program = Client(), by_token(world.neighbour)
    client.force_login(world.neighbour)
    for name, _pattern, wanted in private():
        url = url_of(world, name, wanted)
        for method in ("get", "post"):
            headers = program if url.startswith("/api/") else {}
            status = ask(client, method, url, **headers).status_code
            looked_at = method == "get" and not name.startswith("api") and name not in POST_ONLY
            if status not in ({404} if looked_at else {404, 405}):
                wrong.append((name, method, status))
    assert wrong == [], "\n".join(map(str, wrong))
    assert states() == before


def test_what_does_not_exist_answers_like_what_is_not_ours(world):
    """The same page, so that an address cannot be tried out."""
    client = Client()
    client.force_login(world.neighbour)
    for name in ("topics:detail", "sessions:detail", "outcomes:detail", "outcomes:notice", "outcomes:outcome"):
        wanted = {"uuid"}
        ours = client.get(url_of(world, name, wanted))
        none = client.get(reverse(name, args=[uuid.uuid4()]))
        assert (ours.status_code, none.status_code) == (404, 404)
        assert strip(ours.content) == strip(none.content), name


def strip(page: bytes) -> bytes:
    return b"".join(line for line in page.splitlines() if b"csrf" not in line.lower() and b"hx-headers" not in line)


def test_the_registrar_has_nothing_to_do_with_the_procedure(world):
    before, wrong = states(), []
    client, program = Client(), by_token(world.registrar)
    client.force_login(world.registrar)
    for name, _pattern, wanted in private():
        space = name.partition("-")[0].removeprefix("api:").partition(":")[0]
        if space not in (*PROCEDURE, "assignments", "notices") and name != "desk:chain":
            continue
        if name == "sessions:room":  # a room is no part of the procedure; what is held in it is
            continue
        url = url_of(world, name, wanted)
        for method in ("get", "post"):
            headers = program if url.startswith("/api/") else {}
            status = ask(client, method, url, **headers).status_code
            if status not in (403, 404, 405):
                wrong.append((name, method, status))
    assert wrong == [], "\n".join(map(str, wrong))
    assert states() == before


READ_BY_SUPERVISORS = [
    "topics:detail",
    "topics:preview",
    "sessions:detail",
    "sessions:record",
    "sessions:minutes",
    "sessions:room",
    "outcomes:detail",
    "outcomes:outcome",
    "desk:chain",
    "api:topics-detail",
    "api:sessions-detail",
    "api:rooms-detail",
    "api:outcomes-detail",
    "api:assignments-detail",
]


def test_the_prefecture_reads_without_names_and_moves_nothing(world):
    before, wrong = states(), []
    client, program = Client(), by_token(world.supervisor)
    client.force_login(world.supervisor)
    for name in READ_BY_SUPERVISORS:
        url = url_of(world, name, {"uuid"})
        response = client.get(url, **(program if url.startswith("/api/") else {}))
        page = response.content.decode()
        found = [who for who, secret in (NAMES | NUMBERS).items() if secret in page]
        if response.status_code != 200 or found:
            wrong.append((name, response.status_code, found))
    assert wrong == [], "\n".join(map(str, wrong))
    for name, _pattern, wanted in private():
        url = url_of(world, name, wanted)
        headers = program if url.startswith("/api/") else {}
        status = ask(client, "post", url, **headers).status_code
        # Whose reply it is shows only once it is said which invitation is meant; who signs in, once he has said how.
        asked = [("api:sessions-reply", 400), ("api:sessions-sign-in", 400)]
        # The one thing that is his: to ask from above, for which he has to say something.
        asked += [("api:topics-urge-note", 400), ("api:assignments-urge-note", 400)]
        asked += [("topics:urge_note", 422), ("outcomes:urge_note", 422)]
        if status not in (403, 404, 405) and (name, status) not in asked:
            wrong.append((name, status))
    assert wrong == [], "\n".join(map(str, wrong))
    assert states() == before


GUESSES = ["1", "0", "-1", "abc", "1" * 30, "%00", "..%2f..%2fetc", "%ff", "00000000-0000-0000-0000-000000000000"]


PLACES = ["/topics/", "/sessions/", "/outcomes/assignments/", "/outcomes/notices/", "/members/"]
NOUNS = ["topics", "sessions", "outcomes", "assignments", "notices", "members", "rooms"]


def test_guessed_names_lead_nowhere(world):
    client, program = Client(), by_token(world.office)
    client.force_login(world.office)
    for guess in GUESSES:
        for place in PLACES:
            assert client.get(f"{place}{guess}/").status_code == 404, (place, guess)
        assert Client().get(f"/b/341103000000/{guess}/").status_code == 404
        assert Client().get(f"/b/{guess}/").status_code == 404
        for noun in NOUNS:
            response = Client().get(f"/api/v1/{noun}/{guess}/", **program)
            assert (response.status_code, response.json()["code"]) == (404, "not_found"), (noun, guess)
