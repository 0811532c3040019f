"""The visit book: the table of its moves, who may make them, and their pages."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consult.audit import Entry
from consult.desk.queries.kinds import Desk
from consult.desk.queries.tasks import work_of
from consult.errors import LostRace, Missing
from consult.outbox.models import Event
from members.states import Role
from tests.factories import people
from tests.factories import topics as make
from topics import services
from topics.models import Visit
from topics.states import VISIT_WORKFLOW

pytestmark = pytest.mark.django_db

MOVES = {
    "note": (set(), "noted"),
    "keep_undecided": (set(), "needs_decision"),
    "accept": ({"needs_decision"}, "noted"),
    "set_aside": ({"needs_decision"}, "set_aside"),
}
DECIDERS = {Role.OFFICE, Role.CONVENOR}


def note(actor, host, **changes):
    changes.setdefault("visited_on", timezone.localdate())
    changes.setdefault("findings", ["楼道灯不亮"])
    changes.setdefault("region_code", make.WANQIAO)
    return services.note_visit(actor=actor, host=host, **changes)


def doubtful(actor, host):
    return note(actor, host, visited_on=timezone.localdate() + timedelta(days=3))


def test_the_table():
    assert {step.verb: (set(step.sources), step.target) for step in VISIT_WORKFLOW} == MOVES


def test_who_may_decide():
    host = people.host()
    visit = doubtful(people.account(Role.MEMBER, host), host)
    may = {
        role
        for role, account in make.everyone(host).items()
        if {step.verb for step in VISIT_WORKFLOW.available(visit, account)} == {"accept", "set_aside"}
    }
    assert may == DECIDERS


def test_each_move_leaves_an_entry_and_an_event():
    host = people.host()
    visit = doubtful(people.account(Role.MEMBER, host), host)
    services.accept_visit(visit, actor=make.clerk(host), visited_on=timezone.localdate())
    verbs = ["visit.keep_undecided", "visit.accept"]
    assert list(Entry.objects.about(visit).order_by("pk").values_list("verb", flat=True)) == verbs
    assert list(Event.objects.filter(name__startswith="visit.").order_by("pk").values_list("name", flat=True)) == verbs


def test_a_visit_needs_a_day_and_something_found():
    host = people.host()
    member = people.account(Role.MEMBER, host)
    for changes, field in (({"findings": [" "]}, "findings"), ({"visited_on": None}, "visited_on")):
        with pytest.raises(Missing) as refused:
            note(member, host, **changes)
        assert set(refused.value.fields) == {field}
    assert not Visit.objects.exists()


def test_the_same_entry_of_somebody_else_is_told():
    host = people.host()
    key = uuid.uuid4()
    note(people.account(Role.MEMBER, host), host, client_id=key)
    with pytest.raises(LostRace):
        note(people.account(Role.MEMBER, host), host, client_id=key)


@pytest.mark.django_db(transaction=True)
def test_the_same_visit_sent_six_times_at_once_is_one():
    host = people.host()
    member = people.account(Role.MEMBER, host)
    key = uuid.uuid4()
    found, barrier = [], threading.Barrier(6)

    def send():
        barrier.wait()
        try:
            found.append(note(member, host, client_id=key).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found)), Visit.objects.count()) == (6, 1, 1)


def test_it_waits_for_the_office_and_is_decided_on_its_page():
    host = people.host()
    visit = doubtful(people.account(Role.MEMBER, host), host)
    office = make.clerk(host)
    assert "visit" in {task.kind for task in work_of(Desk(office)).tasks}
    browser = Client()
    browser.force_login(office)
    page = browser.get(visit.get_absolute_url()).content.decode()
    moves = [reverse(f"topics:{verb}", args=[visit.uuid]) for verb in ("accept", "set_aside")]
    assert all(address in page for address in moves)
    answer = browser.post(moves[0], {"visited_on": timezone.localdate().isoformat(), "region_code": make.WANQIAO})
    visit.refresh_from_db()
    assert (answer.status_code, visit.state, visit.decision_note) == (302, "noted", "")
    assert browser.post(moves[1], {"reason": "误记"}).status_code == 409


def test_its_pages_are_not_there_for_others():
    host = people.host()
    visit = doubtful(people.account(Role.MEMBER, host), host)
    strangers = [people.office(people.host(people.LANGYA)), people.account(Role.MEMBER, host), people.supervisor()]
    for account in strangers:
        browser = Client()
        browser.force_login(account)
        addresses = [visit.get_absolute_url(), reverse("topics:accept", args=[visit.uuid])]
        assert [browser.get(address).status_code for address in addresses] == [404, 404]
    assert Client().get(visit.get_absolute_url()).status_code == 302
