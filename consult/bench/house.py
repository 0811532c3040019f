"""The web server as `./run up` starts it, with the bare pages beside ours."""

from __future__ import annotations

import http.client
import os
import signal
import socket
from pathlib import Path
from subprocess import Popen

from consult.launcher.places import BASE
from consult.launcher.processes import end, spawn, wait_until
from consult.launcher.up import House


class Server:
    """Two gthread workers on the loopback address, ended with us."""

    def __init__(self, database: str, log: Path, port: int = 0):
        self.log, self.port = log, port or _free_port()
        self.env = {
            **os.environ,
            "CONSULT_DATABASE_NAME": database,
            "DJANGO_SETTINGS_MODULE": "consult.settings.bench",
            "CONSULT_LOG_LEVEL": "ERROR",
        }
        self.child: Popen[bytes] | None = None

    def start(self) -> None:
        command = House(self.port).commands()["web"]
        bind = command.index("--bind") + 1
        command[bind] = f"127.0.0.1:{self.port}"
        with self.log.open("ab") as log:
            self.child = spawn(command, env=self.env, cwd=BASE, out=log.fileno())
        if not wait_until(self._answers, 60, step=0.1):
            raise RuntimeError(f"The web server does not answer.\n{self.last_words()}")

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-1500:]

    def _answers(self) -> bool:
        if self.child is None or self.child.poll() is not None:
            raise RuntimeError(f"The web server ended at once.\n{self.last_words()}")
        try:
            return self.get("/bare/")[0] == 200
        except OSError:
            return False

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """One answer: status, headers, body as sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"Host": "localhost", **sent})
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    def memory(self) -> list[float]:
        """Megabytes per worker (PSS: what is shared is divided among those who share it)."""
        return sorted(round(pss(worker) / 1024, 1) for worker in self.workers())

    def workers(self) -> list[int]:
        if self.child is None:
            return []
        text = Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text()
        return [int(pid) for pid in text.split()]

    def stop(self) -> None:
        if self.child is not None:
            end(self.child, signal.SIGTERM)
            self.child = None


def pss(pid: int) -> int:
    """Kilobytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
