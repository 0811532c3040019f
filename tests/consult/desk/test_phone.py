"""The telephone's side of the server: whose pages, what is kept, and a queue that comes twice from two devices."""

from __future__ import annotations

import random
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consult.files.models import Attachment
from consult.idempotency.models import StoredAnswer
from consult.options.services import set_option
from members.models import Mandate
from members.states import Role
from sessions.models import ConsultSession
from tests.consult.files.samples import jpeg
from tests.factories import outcomes as results
from tests.factories import people, sessions, topics
from topics import services as on_topics
from topics.models import Topic, Visit

pytestmark = pytest.mark.django_db

PAGES = ("home", "claims", "log", "visit", "visits", "slip", "queue", "record")


@pytest.fixture
def host():
    return people.host()


@pytest.fixture
def account(host):
    made = people.account(Role.MEMBER, host, display_name="周委员")
    people.member(host, made, name="周委员")
    return made


def caller(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def send(client: Client, path: str, body: dict[str, Any], key: str = "", **headers: str) -> Any:
    return client.post(
        path, body, content_type="application/json", headers={"Idempotency-Key": key or str(uuid.uuid4()), **headers}
    )


# whose pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_every_page_asks_who_it_is_and_is_kept_by_nobody_on_the_way(name, account, client):
    address = reverse(f"phone:{name}")
    assert client.get(address).status_code == 302
    page = caller(account).get(address)
    assert (page.status_code, page["X-Phone-Account"]) == (200, str(account.uuid))
    assert "no-store" in page["Cache-Control"]


def test_the_program_itself_says_nothing_of_anybody(account, client):
    worker = client.get("/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Cache-Control"] == "no-cache"
    assert b'"scope": "/m/"' in worker.content
    facts = client.get("/m/manifest.webmanifest").json()
    assert (facts["start_url"], facts["scope"], facts["display"]) == ("/m/", "/m/", "standalone")
    assert {icon["purpose"] for icon in facts["icons"]} == {"any", "maskable"}
    signed_in = caller(account)
    for address in ("/sw.js", "/m/offline/", "/m/kept/", "/m/manifest.webmanifest"):
        assert signed_in.get(address).content == client.get(address).content
        assert "X-Phone-Account" not in client.get(address)


def test_the_greeting_names_the_account_and_gives_a_key_of_its_own(host, account, client):
    assert client.get("/m/hello/").status_code == 401
    mine, again = caller(account).get("/m/hello/"), caller(account).get("/m/hello/")
    other = caller(people.account(Role.MEMBER, host)).get("/m/hello/").json()
    assert mine.json()["account"] == str(account.uuid)
    assert mine.json()["key"] == again.json()["key"] != other["key"]
    assert "no-store" in mine["Cache-Control"]


def test_of_others_matters_and_invitations_nobody_learns(host, account):
    elsewhere = topics.pooled(people.host(people.LANGYA))
    session = sessions.announced(host)
    line = sessions.invite(session, people.account(Role.MEMBER, host))
    visitor = caller(account)
    assert visitor.get(reverse("phone:claim", args=[elsewhere.uuid])).status_code == 404
    assert visitor.get(reverse("phone:invitation", args=[line.uuid])).status_code == 404


def test_on_the_spot_is_for_who_keeps_the_record(host, account):
    session = sessions.announced(host, moderator=account)
    address = reverse("phone:sitting", args=[session.uuid])
    page = caller(account).get(address)
    assert (page.status_code, page["X-Phone-Account"], page.context["may_open"]) == (200, str(account.uuid), True)
    invited = people.account(Role.MEMBER, host)
    sessions.invite(sessions.planned(host), invited)
    assert caller(invited).get(address).status_code == 404
    planned = sessions.planned(host, moderator=account, starts_at=sessions.soon(96))
    assert caller(account).get(reverse("phone:sitting", args=[planned.uuid])).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_on_the_spot_costs_the_same_for_one_and_for_thirty(host, account, count, django_assert_num_queries):
    lines = [{"category": "resident", "name": f"居民 {n}"} for n in range(count)]
    session = sessions.announced(host, moderator=account, participants=lines)
    visitor, address = caller(account), reverse("phone:sitting", args=[session.uuid])
    visitor.get(address)
    with django_assert_num_queries(13):
        assert visitor.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_home_costs_the_same_for_one_and_for_thirty(host, account, count, django_assert_num_queries):
    for _n in range(count):
        topics.pooled(host)
    visitor = caller(account)
    visitor.get("/m/")
    with django_assert_num_queries(11):
        assert visitor.get("/m/").status_code == 200


def test_the_forms_work_without_scripts(host, account):
    visitor = caller(account)
    page = visitor.get("/m/log/")
    data = page.context["form"].initial
    sent = {
        "client_id": data["client_id"],
        "host": data["host"],
        "title": "楼道堆物",
        "region_code": topics.WANQIAO,
        "venue_kind": "pavilion",
        "agreed": "周末前清走\n下月起每周查",
        "came_resident": "12",
        "photos": [SimpleUploadedFile("photo.jpg", jpeg(), "image/jpeg")],
    }
    assert visitor.post("/m/log/", sent).status_code == 302
    session = ConsultSession.objects.get()
    assert (session.place, session.lead_member, session.consensus_points.count()) == ("凉亭", account.member, 2)
    assert Attachment.objects.get().subject_id == session.pk
    doors = {"client_id": uuid.uuid4(), "host": data["host"], "findings": "灯不亮", "region_code": topics.WANQIAO}
    assert visitor.post("/m/visit/", {**doors, "households": "3"}).status_code == 302
    assert Visit.objects.get().visited_on == timezone.localdate()
    slip = {"client_id": uuid.uuid4(), "host": data["host"], "title": "路灯", "problem": "不亮", "raised_by": "other"}
    assert visitor.post("/m/slip/", {**slip, "region_code": topics.WANQIAO, "phone": "13800005566"}).status_code == 422
    whole = {**slip, "region_code": topics.WANQIAO, "phone": "13800005566", "consented": "on"}
    assert visitor.post("/m/slip/", whole).status_code == 302
    assert Topic.objects.get(title="路灯").raisers.get().on_behalf


# what a telephone sends -----------------------------------------------------------------------------------------------


def log(host, **changes):
    return {
        "host": str(host.uuid),
        "region_code": topics.WANQIAO,
        "title": "楼道堆物",
        "place": "三号楼前",
        "agreed": ["周末前清走"],
        "client_id": str(uuid.uuid4()),
        "claimed_at": timezone.now().isoformat(),
        **changes,
    }


def visit(host, **changes):
    return {
        "host": str(host.uuid),
        "region_code": topics.WANQIAO,
        "visited_on": timezone.localdate().isoformat(),
        "findings": ["楼道灯不亮"],
        "households": 3,
        "client_id": str(uuid.uuid4()),
        **changes,
    }


def slip(host, **changes):
    return {
        "host": str(host.uuid),
        "region_code": topics.WANQIAO,
        "source": "resident",
        "title": "路灯不亮",
        "problem": "晚上看不见路。",
        "raiser": {"category": "resident", "phone": "13800005566", "consented": True},
        "client_id": str(uuid.uuid4()),
        **changes,
    }


def test_a_program_nobody_knows_is_told_and_nothing_is_taken_in(host, account):
    answer = send(caller(account), "/api/v1/sessions/log/", log(host), **{"X-Phone-Version": "0"})
    assert (answer.status_code, answer.json()["code"]) == (409, "client_version")
    assert not ConsultSession.objects.exists()
    assert send(caller(account), "/api/v1/sessions/log/", log(host), **{"X-Phone-Version": "1"}).status_code == 201


@pytest.mark.parametrize(
    ("days", "state"), [(-1, "needs_decision"), (0, "held"), (390, "held"), (730, "needs_decision")]
)
def test_a_log_of_the_future_or_of_two_years_ago_is_kept(host, account, days, state):
    at = (timezone.now() - timedelta(days=days, hours=2)).isoformat()
    if days < 0:
        at = (timezone.now() + timedelta(days=1)).isoformat()
    answer = send(caller(account), "/api/v1/sessions/log/", log(host, claimed_at=at))
    session = ConsultSession.objects.get()
    assert (answer.status_code, answer.json()["state"], session.state) == (201, state, state)
    assert session.claimed_at.isoformat() == at.replace("Z", "+00:00") or session.claimed_at is not None


def test_what_somebody_wrote_in_his_term_is_kept_after_it(host, account):
    Mandate.objects.filter(account=account).update(valid_to=timezone.localdate() - timedelta(days=1))
    client = caller(account)
    assert send(client, "/api/v1/sessions/log/", log(host)).json()["state"] == "needs_decision"
    assert send(client, "/api/v1/visits/", visit(host)).json()["state"] == "needs_decision"
    session = ConsultSession.objects.get()
    office = topics.clerk(host)
    answer = send(caller(office), f"/api/v1/sessions/{session.uuid}/accept_log/", {})
    assert (answer.status_code, answer.json()["state"]) == (200, "held")
    raiser = ConsultSession.objects.get().topics.get().raisers.get()
    assert (raiser.account, raiser.on_behalf) == (account, True)
    stranger = people.account(Role.MEMBER, people.host(people.LANGYA))
    assert send(caller(stranger), "/api/v1/sessions/log/", log(host)).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_two_hundred_records_shuffled_from_two_devices_are_each_there_once(host, account):
    records = [("/api/v1/sessions/log/", log(host, title=f"商量 {n}")) for n in range(80)]
    records += [("/api/v1/visits/", visit(host, place=f"{n} 号楼")) for n in range(80)]
    records += [("/api/v1/topics/", slip(host, title=f"路灯 {n}")) for n in range(40)]

    def device(seed: int, some: list[Any], wrong: list[Any], version: str = "1") -> None:
        client = caller(account)
        order = random.Random(seed).sample(some, len(some))
        try:
            for path, body in order:
                for _again in range(50):
                    answer = send(client, path, body, body["client_id"] + ":0", **{"X-Phone-Version": version})
                    if answer.status_code != 409 or answer.json()["code"] != "in_flight":
                        break
                if answer.status_code != 201:
                    wrong.append((body.get("title"), answer.status_code, answer.json()["code"]))
        finally:
            connection.close()

    wrong: list[Any] = []
    both = [threading.Thread(target=device, args=(seed, records, wrong)) for seed in (1, 2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    def there() -> tuple[int, int, int]:
        return (
            ConsultSession.objects.count(),
            Visit.objects.count(),
            Topic.objects.filter(title__startswith="路").count(),
        )

    assert (wrong, there()) == ([], (80, 80, 40))
    device(3, records[:100], wrong)  # half of it once more
    StoredAnswer.objects.all().delete()  # after 45 days the answers are forgotten, the records are not
    device(4, records, wrong)
    assert (wrong, there()) == ([], (80, 80, 40))
    device(5, records[:5], wrong, version="0")
    assert [(status, code) for _title, status, code in wrong] == [(409, "client_version")] * 5
    assert there() == (80, 80, 40)
    other = people.account(Role.MEMBER, host)
    named = [send(caller(other), path, body) for path, body in records[:3]]
    assert [answer.json()["code"] for answer in named] == ["lost_race"] * 3


# the visit book -------------------------------------------------------------------------------------------------------


def test_a_visit_for_a_matter_is_its_field_study(host, account):
    topic = topics.pooled(host)
    on_topics.claim_topic(topic, actor=account, promised_on=timezone.localdate() + timedelta(days=9))
    body = visit(host, topic=str(topic.uuid))
    for _twice in range(2):
        answer = send(caller(account), "/api/v1/visits/", body)
        assert (answer.status_code, answer.json()["state"]) == (201, "studied")
    study = topic.studies.get()
    assert (study.households, study.findings, study.places) == (3, ["楼道灯不亮"], ["万桥社区"])
    assert not Visit.objects.exists()


DOUBTS = {
    "future": lambda host: {"visited_on": (timezone.localdate() + timedelta(days=2)).isoformat()},
    "two years old": lambda host: {"visited_on": (timezone.localdate() - timedelta(days=730)).isoformat()},
    "unknown matter": lambda host: {"topic": str(uuid.uuid4())},
    "somebody else's matter": lambda host: {"topic": str(topics.pooled(host).uuid)},
    "unknown village": lambda host: {"region_code": "341103999999"},
}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_visit_that_cannot_be_placed_is_kept_for_a_decision(host, account, doubt):
    body = visit(host, **DOUBTS[doubt](host))
    answer = send(caller(account), "/api/v1/visits/", body).json()
    kept = Visit.objects.get()
    assert (answer["state"], kept.state, kept.findings) == ("needs_decision", "needs_decision", ["楼道灯不亮"])
    assert kept.decision_note
    office = caller(topics.clerk(host))
    changes = {"visited_on": timezone.localdate().isoformat()} if doubt == "future" else {}
    assert "accept" in office.get(f"/api/v1/visits/{kept.uuid}/").json()["actions"]
    assert send(office, f"/api/v1/visits/{kept.uuid}/accept/", changes).json()["state"] == "noted"
    assert send(office, f"/api/v1/visits/{kept.uuid}/accept/", {}).status_code == 409


def test_an_entry_is_set_aside_with_a_reason_only(host, account):
    send(caller(account), "/api/v1/visits/", visit(host, **DOUBTS["future"](host)))
    kept = Visit.objects.get()
    office = caller(topics.clerk(host))
    assert send(office, f"/api/v1/visits/{kept.uuid}/set_aside/", {"reason": " "}).status_code == 400
    assert send(office, f"/api/v1/visits/{kept.uuid}/set_aside/", {"reason": "误记"}).json()["state"] == "set_aside"
    assert send(caller(account), f"/api/v1/visits/{kept.uuid}/accept/", {}).status_code == 403


def test_a_visit_book_is_read_by_its_writer_and_those_who_answer_for_the_place(host, account):
    send(caller(account), "/api/v1/visits/", visit(host))
    entry = Visit.objects.get()
    readers = {
        "writer": (account, 200),
        "office": (topics.clerk(host), 200),
        "convenor": (people.account(Role.CONVENOR, host, topics.TONGLE), 200),
        "convenor of another township": (people.account(Role.CONVENOR, host, topics.SHIJI), 404),
        "another member": (people.account(Role.MEMBER, host), 404),
        "office next door": (people.office(people.host(people.LANGYA)), 404),
        "prefecture": (people.supervisor(), 404),
        "registrar": (people.account(Role.REGISTRAR, host), 404),
    }
    found = {name: caller(one).get(f"/api/v1/visits/{entry.uuid}/").status_code for name, (one, _s) in readers.items()}
    assert found == {name: status for name, (_one, status) in readers.items()}
    assert Client().get("/api/v1/visits/").status_code == 401


# the duty account -----------------------------------------------------------------------------------------------------


def record(account, **query):
    return caller(account).get("/m/record/", query).context["account"]


def test_attendance_counts_when_somebody_else_has_marked_it(host, account):
    session = sessions.in_progress(
        host, participants=[{"category": "member", "member": account.member, "name": "周委员"}]
    )
    assert record(account).total == 0
    line = session.participants.get(member=account.member)
    sessions.services.mark_attendance(line, "present", actor=session.recorder or topics.clerk(host))
    sessions.services.close_session(sessions.written(session), actor=topics.clerk(host))
    found = record(account)
    assert [(deed.kind, deed.points, deed.verified) for deed in found.deeds] == [("attend", 2, True)]
    assert found.total == 2


def test_a_log_counts_once_the_office_has_taken_it_in(host, account):
    session = sessions.logged(host, actor=account, client_id=uuid.uuid4())
    found = record(account)
    assert [(deed.kind, deed.points, deed.verified) for deed in found.deeds] == [("convene", 5, False)]
    assert (found.total, found.waiting) == (0, 1)
    clerk = topics.clerk(host)
    on_topics.pool_topic(session.topics.get(), actor=clerk, profile="micro", category="其他", **topics.CHECKS)
    assert (record(account).total, record(account).waiting) == (5, 0)
    assert [deed.title for deed in caller(account).get("/m/record/", {"show": "waiting"}).context["deeds"]] == []


def test_the_county_sets_what_counts(host, account):
    clerk = topics.clerk(host)
    for n in range(3):
        session = sessions.logged(host, actor=account, client_id=uuid.uuid4(), title=f"第 {n} 场")
        on_topics.pool_topic(session.topics.get(), actor=clerk, profile="micro", category="其他", **topics.CHECKS)
    assert (record(account).earned, record(account).total) == (15, 15)
    set_option(host.pk, "scoring.convene", 8, actor=clerk)
    assert (record(account).earned, record(account).total) == (24, 20)
    set_option(host.pk, "scoring.cap", 0, actor=clerk)
    assert record(account).total == 24


def test_verification_and_fruits_count(host, account):
    done = results.closed(host)
    Topic.objects.filter(pk=done.topic.pk).update(claimed_by=account)
    outcome = done.outcome
    outcome.state, outcome.adopted_on = "adopted", timezone.localdate()
    outcome.save()
    done.verifications.update(verified_by=account, date=timezone.localdate())
    found = {deed.kind: (deed.points, deed.verified) for deed in record(account).deeds}
    assert found == {"adopted": (3, True), "study": (2, True)}


def test_nobody_reads_another_ones_account_and_years_outside_the_term_are_not_there(host, account):
    sessions.logged(host, actor=account)
    assert record(people.account(Role.MEMBER, host)) is None
    assert caller(account).get("/m/record/", {"year": "1999"}).status_code == 404
    assert caller(account).get("/m/record/", {"year": "x"}).status_code == 404


def test_the_key_stands_on_no_page(account):
    key = caller(account).get("/m/hello/").json()["key"]
    assert [name for name in PAGES if key in caller(account).get(reverse(f"phone:{name}")).content.decode()] == []


@pytest.mark.parametrize("days", [0, 730])
def test_the_photo_follows_its_record_also_where_that_waits_for_a_decision(host, account, days):
    at = (timezone.now() - timedelta(days=days, hours=2)).isoformat()
    client = caller(account)
    session = send(client, "/api/v1/sessions/log/", log(host, claimed_at=at)).json()
    photo, taken = str(uuid.uuid4()), jpeg()
    for _twice in range(2):
        answer = client.post(
            f"/api/v1/sessions/{session['uuid']}/add_photo/",
            {"file": SimpleUploadedFile("photo.jpg", taken, "image/jpeg"), "client_id": photo},
            headers={"Idempotency-Key": photo},
        )
        assert answer.status_code in (200, 201), answer.content
    assert Attachment.objects.count() == 1


# 一键清 ---------------------------------------------------------------------------------------------------------------


def test_what_waits_for_him_stands_on_his_record_the_most_urgent_first(host, account):
    calm, hurried = (topics.pooled(host, title=title) for title in ("不急的事", "急的事"))
    for topic, days in ((calm, 30), (hurried, 1)):
        on_topics.claim_topic(topic, actor=account, promised_on=timezone.localdate() + timedelta(days=days))
    page = caller(account).get("/m/record/")
    titles = [task.subject for task in page.context["work"].tasks if task.subject in (calm.title, hurried.title)]
    assert titles == [hurried.title, calm.title]
    assert hurried.title in page.content.decode()
    assert caller(people.account(Role.VILLAGE_LIAISON, host)).get("/m/record/").status_code == 200


def test_the_export_holds_both_and_runs_nothing(host, account):
    sessions.logged(host, actor=account, title="=HYPERLINK(1)", starts_at=timezone.now() - timedelta(days=1))
    answer = caller(account).get(reverse("phone:record_file"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert (answer.has_header("X-Phone-Account"), "no-store" in answer["Cache-Control"]) == (False, True)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "类别,日期,事项,说明,得分,状态"
    assert any("'=HYPERLINK(1)" in line for line in lines[1:])
    assert not any(cell.startswith("=") for line in lines for cell in line.split(","))
    assert caller(account).get(reverse("phone:record_file") + "?year=1999").status_code == 404
    assert caller(people.account(Role.MEMBER, host)).get(reverse("phone:record_file")).status_code == 200
    assert Client().get(reverse("phone:record_file")).status_code == 302
