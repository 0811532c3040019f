"""The servers live as long as somebody uses them, and no longer."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from consult.launcher.keeper import Servers
from consult.launcher.places import BASE
from consult.launcher.processes import Lock, wait_until

pytestmark = pytest.mark.faults

HOLD = """
import sys, time
from pathlib import Path
sys.path.insert(0, {base!r})
from consult.launcher.keeper import Servers
servers = Servers(Path({run!r}), careless=True)
servers.hold()
print("held", flush=True)
time.sleep(600)
"""

TAKE = """
import sys, time
from pathlib import Path
sys.path.insert(0, {base!r})
from consult.launcher.processes import Lock
lock = Lock(Path({path!r}))
print(lock.alone(), flush=True)
time.sleep(600)
"""


@pytest.fixture
def run(monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _hold(run):
    user = subprocess.Popen([sys.executable, "-c", HOLD.format(base=str(BASE), run=str(run))], stdout=subprocess.PIPE)
    assert user.stdout.readline() == b"held\n"
    return user


def _running(run):
    """Processes that name the folder in their command."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(run).encode() in words and (b"postgres" in words or b"valkey" in words or b"keep" in words):
            found.append(int(process.name))
    return found


def test_the_last_user_turns_out_the_light(run):
    first, second = Servers(run, careless=True), Servers(run, careless=True)
    assert first.hold() == second.hold()
    first.let_go()
    assert second.kept()
    second.let_go()
    assert not second.kept()
    assert wait_until(lambda: _running(run) == [], 5)


def test_a_killed_user_leaves_nothing_behind(run):
    user = _hold(run)
    assert _running(run)
    user.kill()
    user.wait()
    assert wait_until(lambda: _running(run) == [], 20)


def test_a_killed_keeper_takes_the_servers_with_it_and_they_come_back(run):
    servers = Servers(run, careless=True)
    before = servers.hold()
    os.kill(int((run / "keeper.lock").read_text()), signal.SIGKILL)
    assert wait_until(lambda: not servers.kept(), 5)
    assert servers.hold() == before
    servers.let_go()
    assert wait_until(lambda: _running(run) == [], 20)


def test_a_fallen_server_is_started_again(run):
    servers = Servers(run, careless=True)
    servers.hold()
    keeper = int((run / "keeper.lock").read_text())
    children = Path(f"/proc/{keeper}/task/{keeper}/children")
    before = set(children.read_text().split())
    for pid in before:
        os.kill(int(pid), signal.SIGKILL)
    assert wait_until(lambda: len(set(children.read_text().split()) - before) == len(before), 20)
    servers.let_go()


def test_a_lock_is_given_back_by_the_kernel(tmp_path):
    path = tmp_path / "lock"
    owner = subprocess.Popen(
        [sys.executable, "-c", TAKE.format(base=str(BASE), path=str(path))], stdout=subprocess.PIPE
    )
    assert owner.stdout.readline() == b"True\n"
    assert Lock(path).taken()
    owner.kill()
    owner.wait()
    assert not Lock(path).taken()
