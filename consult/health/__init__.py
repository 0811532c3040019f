"""Is the platform alive? What a monitor, and the page that shows the unattended jobs, may ask."""

from datetime import datetime

import redis
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

SILENCE = 60  # seconds after which beat or a worker counts as gone
WORKER_KEY = "consult:worker:seen"


def _broker() -> redis.Redis:
    # kombu writes redis+socket://, the client unix://
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1)
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)


def beat_seen() -> datetime | None:
    """When beat last sent a job out."""
    try:
        seen: datetime | None = PeriodicTask.objects.only("last_run_at").get(name="outbox.relay").last_run_at
        return seen
    except ObjectDoesNotExist:
        return None


def note_worker() -> None:
    """A worker says that it is there; the broker forgets it on its own."""
    with _broker() as client:
        client.set(WORKER_KEY, timezone.now().isoformat(), ex=7 * 24 * 3600)


def worker_seen() -> datetime | None:
    """When a worker last said so; a broker that does not answer knows of none."""
    try:
        with _broker() as client:
            value = client.get(WORKER_KEY)
    except redis.RedisError:
        return None
    return datetime.fromisoformat(value.decode()) if isinstance(value, bytes) else None


def lately(moment: datetime | None) -> bool:
    """Within the silence that is allowed."""
    return moment is not None and (timezone.now() - moment).total_seconds() < SILENCE


def database_answers() -> bool:
    """Whether it takes a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """Whether it takes a message."""
    try:
        with _broker() as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
