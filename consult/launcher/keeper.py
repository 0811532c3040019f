"""One process per run folder keeps the servers for as long as anybody uses them.

Users (`up`, `manage`, a test run) hold a shared lock on the folder. The keeper starts the servers, starts them again
when they fall over, and stops them once nobody holds the lock: the kernel lets go of it however a user ends.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from .places import Trouble, say
from .processes import Lock, wait_until
from .servers import Broker, Postgres

LAUNCHER = Path(__file__).resolve().parent


class Servers:
    """A user's hold on the embedded servers of one run folder."""

    def __init__(self, run: Path, *, careless: bool = False) -> None:
        self.run, self.careless = run, careless
        self.users = Lock(run / "users.lock")
        self._keeper: subprocess.Popen[bytes] | None = None

    @property
    def embedded(self) -> list[str]:
        """Which of the two are ours to run."""
        return [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]

    def hold(self) -> dict[str, str]:
        """Have the servers, starting them if need be; the answer is what to put into the environment."""
        wanted = self.embedded
        if not wanted:
            return {}
        if not self.users.together():
            raise Trouble(f"The servers in {self.run} do not end; ./run down, then try again.")
        return self._await(wanted)

    def _await(self, wanted: list[str]) -> dict[str, str]:
        addresses = self.run / "servers.json"
        limit = time.monotonic() + 120
        while time.monotonic() < limit:
            if not self.kept():
                addresses.unlink(missing_ok=True)
                self._start_keeper(wanted)
            if wait_until(addresses.exists, 2):
                known: dict[str, str] = json.loads(addresses.read_text())
                if "trouble" in known:
                    raise Trouble(known["trouble"])
                if not set(wanted) <= set(known):
                    raise Trouble("The servers were started with another DATABASE_URL or REDIS_URL; ./run down first.")
                if self.kept():
                    return {name: known[name] for name in wanted}
        raise Trouble(f"The servers did not start; see {self.run / 'keeper.log'}.")

    def _start_keeper(self, wanted: list[str]) -> None:
        """It does not end with us: it ends when the last user has let go."""
        self.run.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            str(LAUNCHER),
            "keep",
            str(self.run),
            "careless" if self.careless else "careful",
            *wanted,
        ]
        with (self.run / "keeper.log").open("ab") as log:
            self._keeper = subprocess.Popen(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def kept(self) -> bool:
        """Whether a keeper is there."""
        return Lock(self.run / "keeper.lock").taken()

    def let_go(self) -> None:
        """Use them no longer; the last user's end is the servers' end, and is waited for."""
        self.users.free()
        wait_until(lambda: not self.kept() or self._used_by_others(), 40)
        if self._keeper is not None and not self.kept():
            self._keeper.wait(10)

    def _used_by_others(self) -> bool:
        probe = Lock(self.users.path)
        try:
            return probe.together(0) and not probe.alone()
        finally:
            probe.free()


def keep(run: Path, kind: str, wanted: list[str]) -> int:
    """The keeper's own life."""
    mine = Lock(run / "keeper.lock")
    if not wait_until(mine.alone, 2):
        return 0  # somebody else was quicker
    mine.note(f"{os.getpid()}\n")
    addresses = run / "servers.json"
    users = Lock(run / "users.lock")
    servers: list[Postgres | Broker] = []
    ending: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: ending.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        careless = kind == "careless"
        known = {}
        for name, server in (("DATABASE_URL", Postgres), ("REDIS_URL", Broker)):
            if name in wanted:
                servers.append(server(run, careless=careless))
                servers[-1].start()
                known[name] = servers[-1].url
        _write(addresses, known)
        while not ending and not users.alone():
            time.sleep(0.2)
            for server_ in servers:
                if not server_.alive():
                    say(f"{server_.name} ended; starting it again.")
                    server_.start()
    except Trouble as trouble:
        _write(addresses, {"trouble": str(trouble)})
        say(str(trouble))
        wait_until(users.alone, 10)  # so that its user can read it
        return 1
    finally:
        for server_ in reversed(servers):
            server_.stop()
        addresses.unlink(missing_ok=True)
        mine.free()
    return 0


def _write(path: Path, content: dict[str, str]) -> None:
    half = path.with_suffix(".half")
    half.write_text(json.dumps(content))
    half.rename(path)
