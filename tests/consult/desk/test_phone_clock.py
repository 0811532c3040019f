"""A telephone says with each sending what its clock shows: what it dated is put right, its word is kept beside."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from members.states import Role
from sessions import services
from sessions.models import ConsultSession
from tests.factories import people, topics
from tests.factories import sessions as make
from topics.models import Visit

pytestmark = pytest.mark.django_db

NEAR = timedelta(minutes=1)


@pytest.fixture
def host():
    return people.host()


def send(account: Any, path: str, body: dict[str, Any], away: timedelta | None, written: timedelta) -> Any:
    """By a telephone whose clock is so far away; written so long before it was sent."""
    client = Client()
    client.force_login(account)
    clock = timezone.now() + (away or timedelta())
    headers = {"Idempotency-Key": str(uuid.uuid4())} | (
        {"X-Phone-Clock": clock.isoformat()} if away is not None else {}
    )
    body = {**body, "claimed_at": (clock - written).isoformat()}
    answer = client.post(path, body, content_type="application/json", headers=headers)
    assert answer.status_code in (200, 201), answer.content.decode()
    return answer.json()


def log(host: Any) -> dict[str, Any]:
    words = {"title": "楼道堆物", "place": "三号楼前", "agreed": ["周末前清走"], "client_id": str(uuid.uuid4())}
    return {"host": str(host.uuid), "region_code": topics.WANQIAO, **words}


@pytest.mark.parametrize("hours", [-72, -5, 5, 24 * 30, 24 * 365 * 12, 0])
def test_a_log_begins_when_it_was_written_whatever_the_clock_says(host, hours):
    account, away = people.account(Role.MEMBER, host), timedelta(hours=hours)
    data = send(account, "/api/v1/sessions/log/", log(host), away, written=timedelta(hours=4))
    session = ConsultSession.objects.get(uuid=data["uuid"])
    assert session.state == "held"
    assert abs(session.starts_at - (timezone.now() - timedelta(hours=4))) < NEAR
    assert abs(session.claimed_at - (timezone.now() + away - timedelta(hours=4))) < NEAR


def test_without_its_clock_a_record_of_the_future_is_kept_for_somebody_to_decide(host):
    account = people.account(Role.MEMBER, host)
    body = log(host)
    client = Client()
    client.force_login(account)
    body["claimed_at"] = (timezone.now() + timedelta(hours=5)).isoformat()
    for clock in ({}, {"X-Phone-Clock": "halb zehn"}, {"X-Phone-Clock": "2026-11-22T10:00:00"}):
        headers = {"Idempotency-Key": str(uuid.uuid4()), **clock}
        answer = client.post("/api/v1/sessions/log/", body, content_type="application/json", headers=headers)
        assert (answer.status_code, answer.json()["state"]) == (201, "needs_decision")
    assert ConsultSession.objects.count() == 1


def test_a_visit_of_today_by_a_clock_three_days_behind_is_of_today(host):
    account = people.account(Role.MEMBER, host)
    away = timedelta(days=-3)
    body = {"host": str(host.uuid), "region_code": topics.WANQIAO, "findings": ["楼道灯不亮"]}
    wrong = timezone.localdate(timezone.now() + away).isoformat()
    send(account, "/api/v1/visits/", {**body, "visited_on": wrong, "client_id": str(uuid.uuid4())}, away, timedelta())
    typed = (timezone.localdate() - timedelta(days=9)).isoformat()
    send(account, "/api/v1/visits/", {**body, "visited_on": typed, "client_id": str(uuid.uuid4())}, away, timedelta())
    days = list(Visit.objects.order_by("pk").values_list("visited_on", flat=True))
    assert days == [timezone.localdate(), timezone.localdate() - timedelta(days=9)]


@pytest.mark.parametrize("hours", [-2, 0, 7])
def test_a_tick_without_a_network_has_the_time_at_which_it_was_made(host, hours):
    office, away = people.office(host), timedelta(hours=hours)
    session = make.in_progress(host, participants=[{"category": "resident", "name": "王秀兰"}])
    ConsultSession.objects.filter(pk=session.pk).update(opened_at=timezone.now() - timedelta(hours=1))
    line, made = session.participants.get(), timezone.now() - timedelta(minutes=30)
    body = {"participant": str(line.uuid), "attendance": "present", "at": (made + away).isoformat()}
    send(office, f"/api/v1/sessions/{session.uuid}/mark_attendance/", body, away, written=timedelta(minutes=30))
    line.refresh_from_db()
    assert abs(line.signed_in_at - made) < NEAR


def test_nothing_is_dated_after_its_arrival(host):
    office = people.office(host)
    session = make.in_progress(host)
    at = timezone.now() + timedelta(hours=2)  # later than what the clock shows at the sending: it was put back
    client = Client()
    client.force_login(office)
    headers = {"Idempotency-Key": str(uuid.uuid4()), "X-Phone-Clock": (timezone.now() - timedelta(hours=1)).isoformat()}
    services.add_statement(session, by="居民代表", category="resident", text="先开门。", actor=office)
    services.agree_point(session, None, "月底前交接。", actor=office)
    url = f"/api/v1/sessions/{session.uuid}/close/"
    answer = client.post(url, {"at": at.isoformat()}, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.content.decode()
    session.refresh_from_db()
    assert session.opened_at <= session.held_at <= timezone.now()
