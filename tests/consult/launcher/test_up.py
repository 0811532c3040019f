"""`./run up`, with real processes: it starts everything, refuses a second one, and leaves nothing behind."""

import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from consult.launcher.places import BASE
from consult.launcher.processes import wait_until

pytestmark = pytest.mark.faults


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Demo:
    """One `./run up` in a folder of its own, without the demo matters."""

    def __init__(self, run):
        self.run, self.port = run, _free_port()
        left_out = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "CONSULT_TEST_DATABASE"}
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        self.env = {**kept, "CONSULT_RUN": str(run), "CONSULT_DEMO": "0"}
        self.log = run / "up.log"

    def start(self):
        with self.log.open("wb") as log:
            command = ["./run", "up", str(self.port)]
            self.process = subprocess.Popen(command, cwd=BASE, env=self.env, stdout=log, stderr=log)
        assert wait_until(lambda: "Ready in" in self.log.read_text() or self.process.poll() is not None, 180)
        assert self.process.poll() is None, self.log.read_text()

    def say(self, *words):
        return subprocess.run(["./run", *words], cwd=BASE, env=self.env, capture_output=True, text=True, check=False)

    def health(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return json.loads(connection.getresponse().read())
        except (OSError, ValueError, http.client.HTTPException):
            return {}
        finally:
            connection.close()

    def all_well(self):
        return set(self.health().values()) == {"ok"} and len(self.health()) == 4

    def leftovers(self):
        """Processes that carry the folder in their environment."""
        mark, found = f"CONSULT_RUN={self.run}".encode(), []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (
                    mark in (process / "environ").read_bytes()
                    or str(self.run).encode() in (process / "cmdline").read_bytes()
                ):
                    found.append(int(process.name))
            except OSError:
                continue
        return found


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def demo(folder):
    demo = Demo(folder)
    demo.start()
    yield demo
    demo.process.kill()
    demo.process.wait()
    assert wait_until(lambda: demo.leftovers() == [], 30)


@pytest.mark.timeout(240)
def test_everything_starts_and_everything_ends(demo):
    assert wait_until(demo.all_well, 60, step=0.5), (demo.health(), demo.log.read_text())
    second = demo.say("up", str(demo.port))
    assert second.returncode == 1
    assert "running already" in second.stdout
    assert demo.say("manage", "shell", "-c", "print(6 * 7)").stdout.splitlines()[-1] == "42"
    assert demo.say("down").returncode == 0
    assert demo.process.wait(10) == 0
    assert demo.leftovers() == []


@pytest.mark.timeout(240)
def test_a_killed_launcher_takes_everything_with_it_and_the_data_stays(demo):
    assert "all 665,271 are in already" in demo.log.read_text() or "665,271 written" in demo.log.read_text()
    assert len(demo.leftovers()) >= 8
    demo.process.send_signal(signal.SIGKILL)
    demo.process.wait()
    assert wait_until(lambda: demo.leftovers() == [], 30), demo.leftovers()
    assert demo.say("down").stdout.strip() == "[run] Nothing is running."


def test_a_port_in_use_is_said_before_anything_is_started(folder):
    demo = Demo(folder)
    with socket.socket() as other:
        other.bind(("127.0.0.1", demo.port))
        other.listen()
        done = demo.say("up", str(demo.port))
    assert done.returncode == 1
    assert f"Port {demo.port} cannot be used" in done.stdout


@pytest.mark.parametrize("word", ["http", "0", "70000", "-1"])
def test_a_port_is_a_number(folder, word):
    done = Demo(folder).say("up", word)
    assert done.returncode == 1
    assert "one port number" in done.stdout
