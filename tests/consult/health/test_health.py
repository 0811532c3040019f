"""What the monitor learns: whether each part is there, and nothing else."""

import re
from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from consult import health
from consult.celery import app
from consult.health import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def beat(db):
    def seen(ago):
        every, _ = IntervalSchedule.objects.get_or_create(every=5, period="seconds")
        values = {"task": "outbox.relay", "interval": every, "last_run_at": timezone.now() - ago}
        PeriodicTask.objects.update_or_create(name="outbox.relay", defaults=values)

    return seen


def test_all_is_well_when_beat_and_worker_were_seen_lately(client, beat):
    beat(timedelta(seconds=5))
    tasks.note_worker()
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok", "beat": "ok", "worker": "ok"}


def test_a_silent_beat_is_down_and_pages_go_on(client, beat):
    beat(timedelta(minutes=2))
    response = client.get("/healthz")
    assert (response.status_code, response.json()["beat"]) == (200, "down")


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/valkey.sock"])
def test_a_broker_that_is_away_is_said_and_pages_go_on(client, settings, address):
    settings.CELERY_BROKER_URL = address
    response = client.get("/healthz")
    assert response.status_code == 200
    assert (response.json()["broker"], response.json()["worker"]) == ("down", "down")


def test_nothing_but_ok_and_down_is_told(client):
    text = client.get("/healthz").content.decode()
    assert set(re.findall(r'"(\w+)"', text)) <= {"database", "broker", "beat", "worker", "ok", "down"}


def test_nobody_keeps_the_answer(client):
    assert "no-store" in client.get("/healthz")["Cache-Control"]


def test_only_reading_is_answered(client):
    assert client.post("/healthz").status_code == 405


def test_a_worker_nobody_saw_is_none(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert health.worker_seen() is None


def test_sign_ins_that_ran_out_are_swept():
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(hours=1))
    tasks.sweep_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_every_job_on_the_clock_exists():
    app.loader.import_default_modules()
    known = set(current_app.tasks)
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= known


def test_what_the_clock_sends_out_expires_before_it_piles_up():
    assert all(entry["options"]["expires"] > 0 for entry in app.conf.beat_schedule.values())


def test_a_task_may_not_last_longer_than_it_is_invisible():
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
