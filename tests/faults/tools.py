"""Real processes to break: gunicorn, Celery, PostgreSQL and Valkey, and clients that insist."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection
from django.urls import reverse
from knox.models import AuthToken

from consult.launcher.processes import end, spawn, wait_until
from consult.launcher.servers import ENVIRONMENT, USER, Broker, Postgres, pg_bin
from tests.journeys.pages import Page

ROOT = Path(__file__).parents[2]
#: What a client answers when nobody was there, or the answer was cut off.
LOST = (OSError, http.client.HTTPException)


def environment(**changes: str) -> dict[str, str]:
    """The test's own database and broker, unless said otherwise."""
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "CONSULT_DATABASE_NAME": connection.settings_dict["NAME"],
        "CONSULT_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }
    return {**os.environ, **own, **changes}


# the web ------------------------------------------------------------------------------------------------------------


class Web:
    """gunicorn as `./run up` starts it, behind a socket."""

    def __init__(self, folder: Path, env: dict[str, str], workers: int = 2):
        self.socket = folder / f"web-{uuid.uuid4().hex[:8]}.sock"
        self.log = folder / "web.log"
        words = ["--bind", f"unix:{self.socket}", "--worker-class", "gthread", "--workers", str(workers)]
        words += ["--threads", "8", "--preload", "--no-control-socket", "--log-level", "warning"]
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "gunicorn", "consult.wsgi", *words]
            self.master = spawn(command, env=env, cwd=ROOT, out=log.fileno())
        assert wait_until(self._answers, 40), self.log.read_text()

    def _answers(self) -> bool:
        assert self.master.poll() is None, self.log.read_text()
        try:
            return Client(self.socket).get("/healthz").status in (200, 503)
        except LOST:
            return False

    def workers(self) -> list[int]:
        return children(self.master.pid)

    def kill_a_worker(self) -> None:
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(self.workers()[0], signal.SIGKILL)

    def stop(self) -> None:
        end(self.master, patience=10)
        print(self.log.read_text()[-4000:])  # pytest shows it when the test failed


class SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float):
        super().__init__("localhost", timeout=timeout)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def data(self) -> Any:
        return json.loads(self.body)


class Client:
    """A browser without scripts, or a program with a token."""

    def __init__(self, path: Path, token: str = "", timeout: float = 30.0):
        self.path, self.token, self.timeout = path, token, timeout
        self.cookies: dict[str, str] = {}

    def request(self, method: str, url: str, body: bytes = b"", **headers: str) -> Answer:
        link = SocketConnection(self.path, self.timeout)
        sent = {"Host": "localhost", "Connection": "close", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.token:
            sent["Authorization"] = f"Token {self.token}"
        try:
            link.request(method, url, body=body, headers=sent)
            response = link.getresponse()
            answer = Answer(response.status, dict(response.getheaders()), response.read())
            for line in response.headers.get_all("Set-Cookie") or ():
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return answer
        finally:
            link.close()

    def get(self, url: str) -> Answer:
        return self.request("GET", url)

    def post(self, url: str, values: dict[str, Any]) -> Answer:
        """A form, as the browser sends it."""
        body = urlencode(values, doseq=True).encode()
        return self.request("POST", url, body, Content_Type="application/x-www-form-urlencoded")

    def call(self, url: str, data: dict[str, Any], key: str) -> Answer:
        """An unsafe call of the API."""
        body = json.dumps(data).encode()
        return self.request("POST", url, body, Content_Type="application/json", Idempotency_Key=key)

    def form(self, url: str, /, **typed: Any) -> dict[str, Any]:
        """The form of a page, filled in."""
        return Page(self.get(url).text).form(next(iter(typed))).filled(**typed)

    def sign_in(self, username: str) -> Answer:
        url = reverse("members:sign_in")
        return self.post(url, self.form(url, username=username, password="sample-pass-1"))

    def insist(self, ask: Callable[[], Answer], seconds: float = 30.0) -> Answer:
        """Ask until somebody answers for good: not 5xx, not «still being worked on»."""
        limit, last = time.monotonic() + seconds, ""
        while True:
            try:
                answer = ask()
                if answer.status < 500 and b"in_flight" not in answer.body:
                    return answer
                last = f"{answer.status} {answer.text[:300]}"
            except LOST as error:
                last = repr(error)
            assert time.monotonic() < limit, f"nobody answers: {last}"
            time.sleep(0.05)


def token_of(account: Any) -> str:
    return AuthToken.objects.create(account)[1]


def at_once(work: Callable[[int], Any], number: int) -> list[Any]:
    """The same work by so many threads, all let go at the same moment; an exception is an answer."""
    barrier = threading.Barrier(number)
    answers: list[Any] = [None] * number

    def run(n: int) -> None:
        barrier.wait(30)
        try:
            answers[n] = work(n)
        except Exception as error:  # the test looks at it
            answers[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


@dataclass
class Crowd:
    """Clients in threads that work through a list, each thing until it is answered."""

    clients: list[Client]
    acknowledged: dict[str, Answer] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)
    _troubles: list[BaseException] = field(default_factory=list)

    def begin(self, jobs: Iterable[str], ask: Callable[[Client, str], Answer]) -> None:
        waiting, lock = list(jobs), threading.Lock()

        def work(client: Client) -> None:
            try:
                while True:
                    with lock:
                        if not waiting:
                            return
                        job = waiting.pop()
                    self.acknowledged[job] = client.insist(lambda job=job: ask(client, job))
            except BaseException as error:
                self._troubles.append(error)

        self._threads = [threading.Thread(target=work, args=(client,)) for client in self.clients]
        for thread in self._threads:
            thread.start()

    @property
    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def finish(self, seconds: float = 120) -> dict[str, Answer]:
        for thread in self._threads:
            thread.join(seconds)
        assert not self._troubles, self._troubles
        assert not self.busy
        return self.acknowledged


# workers ------------------------------------------------------------------------------------------------------------


class Celery:
    """Worker and clock, started and killed apart."""

    def __init__(self, folder: Path, env: dict[str, str]):
        self.env, self.log = env, folder / "celery.log"
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        words = {
            "worker": ["worker", "--concurrency", "2", "--without-mingle", "--without-gossip"],
            "beat": ["beat", "--pidfile="],
        }
        for name in names:
            command = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "consult", "--quiet", *words[name]]
            with self.log.open("ab") as log:
                self.running[name] = spawn(
                    [*command, "--loglevel", "WARNING"], env=self.env, cwd=ROOT, out=log.fileno()
                )

    def kill(self, name: str) -> None:
        """The whole group, at once."""
        child = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait(10)

    def kill_parent(self) -> None:
        child = self.running.pop("worker")
        orphans = children(child.pid)
        child.kill()
        child.wait(10)
        # Without a parent they end by themselves or go on with what they hold; either may happen in life.
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def kill_a_child(self) -> None:
        for pid in children(self.running["worker"].pid)[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)
        print(self.log.read_text()[-4000:])


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


# servers of one's own -----------------------------------------------------------------------------------------------


class OwnPostgres:
    """A cluster that keeps what it promised (fsync on), with a copy of the test's database; made to be killed."""

    def __init__(self, folder: Path):
        folder.chmod(0o755)
        self.folder = folder
        self.server = Postgres(folder)
        self.server.start()

    def env(self, **changes: str) -> dict[str, str]:
        return environment(DATABASE_URL=self.server.url, CONSULT_DATABASE_NAME="consult", **changes)

    def copy_test_database(self) -> None:
        programs, settings = pg_bin(self.folder), connection.settings_dict
        source = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={quote(settings['HOST'], safe='/')}"
        if settings["PASSWORD"] or not settings["HOST"].startswith("/"):
            login = f"{settings['USER']}:{quote(settings['PASSWORD'])}@{settings['HOST']}:{settings['PORT'] or 5432}"
            source = f"postgresql://{login}/{settings['NAME']}"
        dump = subprocess.Popen(
            [programs / "pg_dump", "--no-owner", "--no-privileges", source], stdout=subprocess.PIPE, env=ENVIRONMENT
        )
        command = [programs / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-h", self.server.socket, "-U", USER, "consult"]
        with (self.folder / "restore.log").open("wb") as log:
            done = subprocess.run(
                command, stdin=dump.stdout, stdout=log, stderr=log, env=ENVIRONMENT, check=False, cwd="/"
            )
        assert (done.returncode, dump.wait(30)) == (0, 0), (self.folder / "restore.log").read_text()[-2000:]

    def kill_all(self) -> None:
        """kill -9 of the postmaster and of every backend."""
        assert self.server.child is not None
        pid = self.server.child.pid
        for victim in [pid, *children(pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        self.server.child.wait(10)

    def start(self) -> None:
        self.server.start()

    def restart(self) -> None:
        self.server.stop()
        self.server.start()

    def stop(self) -> None:
        self.server.stop()


def own_broker(folder: Path) -> Broker:
    broker = Broker(folder)
    broker.start()
    return broker


# what must hold afterwards ------------------------------------------------------------------------------------------

LOOK = "import django; django.setup(); from tests.journeys.year import broken; print('\\n'.join(broken()), end='')"


def broken_in(env: dict[str, str]) -> str:
    """What the invariants say about a database that another process writes; nothing, when all hold."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
