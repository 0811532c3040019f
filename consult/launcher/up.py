"""`./run up`: everything that serves the platform, started in order, watched, and ended together."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import IO

from .keeper import Servers
from .places import BASE, RUN, Trouble, environment, say
from .processes import Lock, end, end_group, spawn, wait_until

BIND = os.environ.get("CONSULT_BIND") or "127.0.0.1"


class Ending(BaseException):
    """Somebody asked for the end while things were still being started."""


def up(arguments: list[str]) -> int:
    """Start, watch, end. Only one at a time per run folder."""
    port = _port(arguments)
    lock = Lock(RUN / "up.lock")
    if not lock.alone():
        _, _, address = lock.path.read_text().partition(" ")
        say(f"It is running already, at {address.strip() or 'an address it will print'}. ./run down ends it.")
        return 1
    lock.note(f"{os.getpid()} http://{BIND}:{port}/\n")
    servers, house = Servers(RUN), House(port)
    _on_signals(house)
    try:
        _port_is_free(port)
        began = time.monotonic()
        house.env = environment(servers.hold())
        prepare(house.env)
        house.start()
        _announce(house, time.monotonic() - began)
        house.watch(servers)
    except Ending:
        pass
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        house.stop()
        servers.let_go()
        lock.free()
    say("Stopped; the data stays.")
    return 0


def down(_: list[str]) -> int:
    """End what `./run up` started here."""
    lock = Lock(RUN / "up.lock")
    if not lock.taken():
        say("Nothing is running.")
        return 0
    pid = int(lock.path.read_text().split()[0])
    os.kill(pid, signal.SIGTERM)
    if not wait_until(lambda: not lock.taken(), 60, step=0.2):
        raise Trouble(f"Process {pid} does not end; kill -9 {pid} takes everything down with it.")
    say("Stopped.")
    return 0


def _port(arguments: list[str]) -> int:
    word = arguments[0] if arguments else os.environ.get("PORT", "8000")
    if len(arguments) > 1 or not word.isdecimal() or not 0 < int(word) < 65536:
        raise Trouble("./run up takes one port number, like ./run up 8000.")
    return int(word)


def _port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((BIND, port))
        except OSError as error:
            raise Trouble(
                f"Port {port} cannot be used ({error.strerror}); choose another: ./run up {port + 1}"
            ) from error


def _on_signals(house: "House") -> None:
    def asked(number: int, frame: object) -> None:
        house.ending = True
        if not house.watching:
            raise Ending

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked)


def has_command(name: str) -> bool:
    """Whether an app offers this management command (asked of the files: starting Django takes a second)."""
    patterns = (f"*/management/commands/{name}.py", f"consult/*/management/commands/{name}.py")
    return any(True for pattern in patterns for _ in BASE.glob(pattern))


def prepare(env: dict[str, str]) -> None:
    """Tables, divisions, demo data, static files. What is there already costs a look."""
    static = _manage(env, "collectstatic", "--noinput", "-v0")
    try:
        for command in (["migrate", "--noinput", "-v0"], ["load_regions"], ["load_demo"]):
            if command[0] in {"load_regions", "load_demo"} and not has_command(command[0]):
                say(f"{command[0]} is not there yet; going on without.")
                continue
            if command[0] == "load_demo" and env.get("CONSULT_DEMO") == "0":
                continue
            _finished(_manage(env, *command), command[0])
        _finished(static, "collectstatic")
    finally:
        end(static)


def _manage(env: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return spawn([sys.executable, "manage.py", *arguments], env=env, cwd=BASE)


def _finished(child: subprocess.Popen[bytes], name: str) -> None:
    try:
        code = child.wait()
    except BaseException:
        end(child)
        raise
    if code:
        raise Trouble(f"{name} failed (see above); nothing was started.")


def _announce(house: "House", seconds: float) -> None:
    say(f"Ready in {seconds:.1f} s: http://{BIND}:{house.port}/")
    if has_command("demo_accounts") and house.env.get("CONSULT_DEMO") != "0":
        _finished(_manage(house.env, "demo_accounts"), "demo_accounts")
    say("Ctrl-C or ./run down ends it.")


class House:
    """The processes of ours: web, worker, beat."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.env: dict[str, str] = {}
        self.ending = self.watching = False
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._begun: dict[str, float] = {}
        self._due: dict[str, float] = {}
        self._falls: dict[str, int] = {}

    def commands(self) -> dict[str, list[str]]:
        """What runs, by name."""
        python = [sys.executable, "-m"]
        web = ["gunicorn", "consult.wsgi", "--bind", f"{BIND}:{self.port}", "--worker-class", "gthread"]
        web += ["--workers", "2", "--threads", "8", "--preload", "--graceful-timeout", "10", "--no-control-socket"]
        web += ["--log-level", "warning"]
        celery = ["celery", "--app", "consult", "--quiet"]
        worker = ["worker", "--loglevel", "WARNING", "--concurrency", "2", "--without-mingle", "--without-gossip"]
        return {
            "web": [*python, *web],
            # The demo may be root's; a server runs its worker as a user of its own (deploy/systemd).
            "worker": [sys.executable, "-W", "ignore::UserWarning:celery.platforms", "-m", *celery, *worker],
            "beat": [*python, *celery, "beat", "--loglevel", "WARNING", "--pidfile="],
        }

    def start(self) -> None:
        """Start all; wait for the first page."""
        for name in self.commands():
            self._launch(name)
        if not wait_until(self._answers, 60, step=0.1):
            raise Trouble("The web server does not answer; see its lines above.")

    def _launch(self, name: str) -> None:
        # Beat writes its schedule down when asked to end, and would wait for a database that went with us.
        ending = signal.SIGKILL if name == "beat" else signal.SIGTERM
        child = spawn(self.commands()[name], env=self.env, cwd=BASE, out=subprocess.PIPE, ending=ending)
        self.running[name] = child
        self._begun[name] = time.monotonic()
        threading.Thread(target=_pass_on, args=(name, child.stdout), daemon=True).start()

    def _answers(self) -> bool:
        if self.running["web"].poll() is not None:
            raise Trouble("The web server ended at once; see its lines above.")
        host = "127.0.0.1" if BIND == "0.0.0.0" else BIND  # noqa: S104
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def watch(self, servers: Servers) -> None:
        """Until asked to end: start again what fell over, more slowly the more often it does."""
        self.watching = True
        while not self.ending:
            for name, child in list(self.running.items()):
                if child.poll() is not None:
                    self._mourn(name, child)
            for name, due in list(self._due.items()):
                if time.monotonic() >= due:
                    del self._due[name]
                    self._launch(name)
            if servers.embedded and not servers.kept():
                say("The servers ended; starting them again.")
                servers.hold()
            time.sleep(0.5)

    def _mourn(self, name: str, child: subprocess.Popen[bytes]) -> None:
        end_group(child.pid)
        del self.running[name]
        lasted = time.monotonic() - self._begun[name]
        self._falls[name] = 0 if lasted > 60 else self._falls.get(name, 0) + 1
        pause = min(2 ** self._falls[name] - 1, 30)
        say(f"{name} ended ({child.returncode}); starting it again{f' in {pause} s' if pause else ''}.")
        self._due[name] = time.monotonic() + pause

    def stop(self) -> None:
        """End all: ask everybody first, then wait for each."""
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        for child in self.running.values():
            end(child)
        self.running.clear()


def _pass_on(name: str, lines: IO[bytes]) -> None:
    """A child's lines, with its name before them."""
    for line in lines:
        try:
            sys.stdout.write(f"{name:6}| {line.decode(errors='replace')}")
            sys.stdout.flush()
        except OSError:
            pass  # the terminal is gone; the child must not notice
