"""`./run bench --screens 200`: so many look at one screen while something is agreed every few seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core import signing

from consult.bench.hall import a_sitting
from consult.bench.house import Server
from members.models import Account
from sessions import services
from sessions.models import ConsultSession, LiveScreen, SessionTopic
from sessions.states import SessionState
from sessions.views.screen import COOKIE, SALT
from topics.models import Topic

EVERY = 2.0  # seconds between two looks
CHANGES = 4.0  # seconds between two things agreed
SOON = 3.0  # seconds within which everybody has seen it


@dataclass
class Watched:
    """What the audience saw, and what it cost."""

    viewers: int
    seconds: float
    times: list[int]
    kinds: dict[str, int]
    delays: list[float]
    cpu: float
    missed: int
    wrong: list[str] = field(default_factory=list)

    def as_text(self) -> str:
        asked = len(self.times)
        lines = [
            f"{self.viewers} looked for {self.seconds:.0f} s: {asked:,} requests ({asked / self.seconds:.0f} a second),"
            f" {self.kinds.get('304', 0):,} of them unchanged",
            f"answers: median {self._part(0.5):.1f} ms, 99 of 100 within {self._part(0.99):.1f} ms,"
            f" longest {self.times[-1] / 1000:.0f} ms",
            f"what was agreed was seen by all after {max(self.delays):.2f} s at most,"
            f" half of them after {sorted(self.delays)[len(self.delays) // 2]:.2f} s",
            f"web workers used {self.cpu:.1f} s of {os.cpu_count()} × {self.seconds:.0f} s processor time",
        ]
        return "\n".join([*lines, *(f"WRONG {one}" for one in self.wrong)])

    def _part(self, share: float) -> float:
        return self.times[min(len(self.times) - 1, int(len(self.times) * share))] / 1000


def a_screen(session: ConsultSession, code: str = "314159") -> str:
    LiveScreen.objects.create(session=session, code=code, issued_by=Account.objects.system())
    return code


def coming(host: Any) -> ConsultSession:
    """Announced for the next hour: its screen changes only when somebody changes it."""
    return a_sitting(host, SessionState.ANNOUNCED, begins=timedelta(hours=1))


def opened(code: str) -> str:
    """The cookie of a screen that was opened before."""
    return f"{COOKIE}={signing.get_cookie_signer(salt=SALT).sign(code)}"


def watch(server: Server, session: ConsultSession, topic: Topic, viewers: int, seconds: float) -> Watched:
    """Let them look, agree on something now and then, and see when it came to whom."""
    SessionTopic.objects.get_or_create(session=session, topic=topic)
    code = a_screen(session)
    order = {"port": server.port, "path": f"/live/{code}/now/", "viewers": viewers, "every": EVERY}
    script = str(Path(__file__).with_name("audience.py"))
    for _n in range(16):  # the first looks of each worker read templates; they are not what is measured
        server.get(f"/live/{code}/now/", Cookie=opened(code))
    before = _cpu(server)
    audience = subprocess.Popen(
        [sys.executable, "-I", "-S", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with audience.stdin as orders:
        orders.write(json.dumps({**order, "seconds": seconds, "cookie": opened(code)}) + "\n")
    written: dict[int, float] = {}
    until = time.time() + seconds - SOON - 1
    while time.time() + CHANGES < until:
        time.sleep(CHANGES)
        number = len(written) + 1
        services.agree_point(session, topic, f"第 {number} 件谈妥", actor=Account.objects.system())
        written[number] = time.time()
    told = json.loads(audience.stdout.read())
    audience.wait(30)
    return _told(viewers, seconds, told, written, _cpu(server) - before)


def _told(viewers: int, seconds: float, told: dict[str, Any], written: dict[int, float], cpu: float) -> Watched:
    seen = [{int(number): at for number, at in one.items()} for one in told["seen"]]
    delays = [one[number] - at for one in seen for number, at in written.items() if number in one]
    missed = sum(number not in one for one in seen for number in written)
    found = Watched(viewers, seconds, told["times"], told["kinds"], delays or [0.0], cpu, missed)
    if strange := set(told["kinds"]) - {"200", "304"}:
        found.wrong.append(f"answers {sorted(strange)}")
    if told["unanswered"] or missed:
        found.wrong.append(f"{told['unanswered']} requests without an answer, {missed} changes not seen")
    if max(found.delays) > SOON:
        found.wrong.append(f"somebody saw a change only after {max(found.delays):.2f} s")
    return found


def _cpu(server: Server) -> float:
    """Seconds of processor time of the web workers so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    used = 0
    for pid in server.workers():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / ticks
