"""Who came, ticked where there was no network: each once, at the time it happened, and never over another's word."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from consult.audit.models import Entry
from consult.idempotency.models import StoredAnswer
from sessions import services
from sessions.models import CheckIn, ConsultSession
from tests.factories import people
from tests.factories import sessions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return make.in_progress()


@pytest.fixture
def telephone(session):
    client = Client()
    client.force_login(make.clerk(session.host))

    def send(verb: str, **said: Any) -> Any:
        path, headers = f"/api/v1/sessions/{session.uuid}/{verb}/", {"Idempotency-Key": str(uuid.uuid4())}
        return client.post(path, said, content_type="application/json", headers=headers)

    return send


def ago(**span: float) -> datetime:
    """As a telephone says it, in thousandths."""
    then = timezone.now() - timedelta(**span)
    return then.replace(microsecond=then.microsecond // 1000 * 1000)


def test_a_tick_says_when_it_happened_and_when_it_came(session, telephone):
    line, at = session.participants.first(), ago(minutes=50)
    assert (
        telephone("mark_attendance", participant=line.uuid, attendance="present", at=at, key=uuid.uuid4()).status_code
        == 200
    )
    line.refresh_from_db()
    assert line.signed_in_at == at
    entry = Entry.objects.get(verb="session.mark_attendance")
    assert (entry.happened_at, entry.recorded_at - at > timedelta(minutes=49)) == (at, True)
    assert CheckIn.objects.get().claimed_at == at


@pytest.mark.parametrize("wrong", [timedelta(days=-3), timedelta(days=2)], ids=["three days behind", "two ahead"])
def test_a_clock_that_is_wrong_costs_nobody_his_tick(session, telephone, wrong):
    line, before, said = session.participants.first(), timezone.now(), ago() + wrong
    assert (
        telephone("mark_attendance", participant=line.uuid, attendance="present", at=said, key=uuid.uuid4()).status_code
        == 200
    )
    assert telephone("walk_in", category="resident", name="路过的老张", at=said, key=uuid.uuid4()).status_code == 200
    for one in session.participants.filter(attendance="present"):
        assert before <= one.signed_in_at <= timezone.now()
    assert set(CheckIn.objects.values_list("claimed_at", flat=True)) == {said}


def test_what_is_sent_again_after_the_close_changes_nothing(session, telephone):
    line, point = session.participants.first(), {"text": "月底前移交", "level": "agreed"}
    tick = {"participant": line.uuid, "attendance": "present", "at": ago(minutes=9), "key": uuid.uuid4(), "was": ""}
    walk = {"category": "resident", "name": "路过的老张", "key": uuid.uuid4(), "at": ago(minutes=8)}
    said = {"by": "老张", "category": "resident", "text": "先把门打开", "client_id": uuid.uuid4()}
    sent = [("mark_attendance", tick), ("walk_in", walk), ("add_statement", said)]
    sent += [("agree_point", {**point, "client_id": uuid.uuid4()})]
    assert [telephone(verb, **body).status_code for verb, body in sent] == [200] * 4
    services.close_session(ConsultSession.objects.get(pk=session.pk), actor=make.clerk(session.host))
    StoredAnswer.objects.all().delete()  # after 45 days
    before = Entry.objects.count()
    for _time in range(3):
        assert [telephone(verb, **body).status_code for verb, body in sent] == [200] * 4
    session.refresh_from_db()
    counted = (session.participants.filter(attendance="present").count(), session.statements.count())
    assert (*counted, session.consensus_points.count(), Entry.objects.count()) == (2, 1, 1, before)


def test_after_the_close_the_roster_is_frozen_and_says_so(session, telephone):
    first, second = session.participants.all()[:2]
    make.written(session)
    services.mark_attendance(second, "absent", actor=make.clerk(session.host))
    services.close_session(ConsultSession.objects.get(pk=session.pk), actor=make.clerk(session.host))
    late = telephone("mark_attendance", participant=second.uuid, attendance="present", at=ago(minutes=5))
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    same = telephone("mark_attendance", participant=first.uuid, attendance="present", at=ago(minutes=5))
    assert same.status_code == 200  # it says what stands there
    second.refresh_from_db()
    assert second.attendance == "absent"


def test_over_the_word_of_another_nothing_is_written(session, telephone):
    line = session.participants.first()
    services.mark_attendance(line, "excused", actor=make.clerk(session.host))
    tick = {"participant": line.uuid, "attendance": "present", "was": "", "at": ago(minutes=5)}
    answer = telephone("mark_attendance", **tick)
    assert (answer.status_code, answer.json()["code"]) == (409, "marked_otherwise")
    assert answer.json()["current"]["attendance"] == "excused"
    assert telephone("mark_attendance", **{**tick, "was": "excused"}).status_code == 200  # mine it is
    line.refresh_from_db()
    assert line.attendance == "present"


def test_a_key_of_another_session_signs_nobody_in_here(session, telephone):
    other = make.in_progress(starts_at=make.soon(96))
    key = uuid.uuid4()
    services.add_participant(other, actor=make.clerk(other.host), category="resident", name="别处的人", key=key)
    answer = telephone("walk_in", category="resident", name="这里的人", key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert not session.participants.filter(name="这里的人").exists()


def test_who_keeps_no_record_learns_nothing_from_a_key(session):
    walk = {"category": "resident", "name": "老张", "key": uuid.uuid4()}
    services.add_participant(session, actor=make.clerk(session.host), **walk)
    member = people.account("member", session.host)
    make.invite(make.planned(session.host, starts_at=make.soon(120)), member)
    visitor = Client()
    visitor.force_login(member)
    path = f"/api/v1/sessions/{session.uuid}/walk_in/"
    answer = visitor.post(path, walk, content_type="application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_walk_in_sent_by_two_at_once_stands_there_once():
    session, key = make.in_progress(), uuid.uuid4()
    actor, barrier = make.clerk(session.host), threading.Barrier(6)

    def send() -> None:
        try:
            barrier.wait()
            services.add_participant(session, actor=actor, category="resident", name="老张", key=key)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert session.participants.filter(name="老张").count() == 1
    assert CheckIn.objects.filter(key=key).count() == 1
