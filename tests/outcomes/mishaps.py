"""What goes wrong in a year: workers die at any instruction of ours, the broker forgets everything, mail is away.

A worker is a thread with a connection of its own. While it works, the interpreter counts the instructions it executes
in our own code; when its number has come up, it dies there. Its connection is cut as kill -9 cuts it: PostgreSQL rolls
back what was not committed and lets go of its locks, and no code of ours has a say in it.
"""

from __future__ import annotations

import random
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis
from django.db import connection
from kombu import Connection
from kombu.simple import SimpleQueue

from consult.celery import app
from consult.delivery import channels
from consult.launcher.servers import Broker
from consult.settings.base import broker as address_for_celery

ROOT = Path(__file__).parents[2]
OURS = tuple(f"{ROOT / name}/" for name in ("consult", "members", "outcomes"))
#: Of so many attempts one is under threat; it survives between thirty instructions and a few hundred thousand.
ONE_IN, SHORTEST, LONGEST = 3, 1.5, 5.3


class Killed(BaseException):
    """Nothing catches it."""


class Fate:
    """Who dies when, by dice."""

    def __init__(self, dice: random.Random):
        self.dice = dice
        self.places: Counter[tuple[str, int]] = Counter()
        self.trouble: list[BaseException] = []

    @property
    def deaths(self) -> int:
        return sum(self.places.values())

    def meets(self, *work: Callable[[], Any]) -> bool:
        """All at once, each a worker of its own; did all of them live?"""
        before, threads = self.deaths, [threading.Thread(target=self._live, args=(each,)) for each in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.trouble:
            raise self.trouble[0]
        return self.deaths == before

    def _live(self, work: Callable[[], Any]) -> None:
        left = int(10 ** self.dice.uniform(SHORTEST, LONGEST)) if self.dice.randrange(ONE_IN) == 0 else None
        try:
            _counting(left, work, self.places)
        except Killed:
            pass
        except BaseException as error:
            self.trouble.append(error)
        finally:
            if connection.connection is not None:
                connection.connection.close()


def _counting(left: int | None, work: Callable[[], Any], places: Counter[tuple[str, int]]) -> None:
    def enter(frame, event, arg):
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return step

    def step(frame, event, arg):
        nonlocal left
        if event == "opcode":
            left -= 1
            if left < 0:
                sys.settrace(None)
                places[frame.f_code.co_filename, frame.f_lineno] += 1
                raise Killed
        return step

    if left is not None:
        sys.settrace(enter)
    try:
        work()
    finally:
        sys.settrace(None)


class Wire:
    """The embedded broker, spoken to as Celery does. What is taken from it is gone: the worst that can happen."""

    def __init__(self, broker: Broker):
        self._url = broker.url
        app.loader.import_default_modules()  # as a worker does when it starts

    def ring(self, *names: str) -> None:
        with Connection(address_for_celery(self._url)) as link:
            for name in names:
                app.send_task(name, connection=link, ignore_result=True)

    def flush(self) -> int:
        """FLUSHALL; how many wake-ups are gone."""
        client = redis.Redis.from_url(self._url)
        waiting = client.llen(app.conf.task_default_queue)
        client.flushall()
        client.close()
        return int(waiting)

    def work(self) -> None:
        """What a worker does: one wake-up after the other."""
        with Connection(address_for_celery(self._url)) as link:
            queue = link.SimpleQueue(app.conf.task_default_queue)
            while True:
                try:
                    message = queue.get(block=False)
                except SimpleQueue.Empty:
                    return
                message.ack()
                app.tasks[message.headers["task"]]()


class Gateway:
    """Refuses a key it has had, counts, and is away when told so."""

    batch = 7

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.repeated = 0
        self.is_away = False

    def send(self, parcels):
        for parcel in parcels:
            if self.is_away:
                yield [channels.later(parcel, "away")]
                continue
            if parcel.key in self.taken:  # refused, and answered as if it were the first
                self.repeated += 1
            else:
                self.taken[parcel.key] += 1
            yield [channels.sent(parcel)]
