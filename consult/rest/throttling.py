"""How often somebody unknown may write: counted in Redis, for all workers; without Redis he waits, nobody else does."""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import BaseThrottle

from .exceptions import Malformed

log = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds for a Redis that does not answer


class AnonymousWriteThrottle(BaseThrottle):
    """``calls`` within ``seconds`` per address. Who has signed in is not counted; who only reads is not either.

    Signing in itself must work while Redis is away: its failures are counted in rows, by account.
    """

    scope = "anonymous-write"
    calls, seconds = 10, 600

    def allow_request(self, request: Any, view: Any) -> bool:
        if request.method in SAFE_METHODS or (request.user and request.user.is_authenticated):
            return True
        try:
            return self.count(self.get_ident(request)) <= self.calls
        except redis.RedisError:
            log.warning("anonymous writes are refused: Redis does not answer")
            raise Malformed(_("The system is busy. Try again in a moment."), "unavailable", 503) from None

    def wait(self) -> float:
        return self.seconds - time.time() % self.seconds

    def count(self, ident: str) -> int:
        window = int(time.time() // self.seconds)
        key = f"consult:throttle:{self.scope}:{ident}:{window}"
        with client(settings.CELERY_BROKER_URL).pipeline() as pipe:
            pipe.incr(key)
            pipe.expire(key, self.seconds)
            return int(pipe.execute()[0])


@lru_cache(maxsize=4)
def client(url: str) -> redis.Redis:
    """kombu writes redis+socket:// where Redis itself writes unix://."""
    address = url.replace("redis+socket://", "unix://", 1)
    return redis.Redis.from_url(address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
