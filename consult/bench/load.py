"""Asking one page for a moment, with several processes at once."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROCESSES, CONNECTIONS = 2, 8  # sixteen visitors: enough that no worker waits for one


class LoadError(Exception):
    """A page did not answer as it should: there is nothing to measure."""


@dataclass
class Subject:
    """One page, or many of one kind, and the bare one beside it."""

    name: str
    paths: list[str]
    bare: str = ""
    floor: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    at: int = 0  # paths asked so far: pages that are asked once each go on where the last round ended


@dataclass
class Burst:
    """What one moment of asking gave."""

    per_second: float
    times: list[int]  # microseconds, sorted
    size: float  # bytes per answer, head included


class Visitors:
    """The processes that ask."""

    def __init__(self, port: int, folder: Path):
        self.folder = folder
        script = str(Path(__file__).with_name("client.py"))
        command = [sys.executable, "-I", "-S", script, str(port)]
        self.processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(PROCESSES)
        ]

    def ask(self, subject: Subject, seconds: float) -> Burst:
        """All of them at once; an answer that is not the expected one ends the measurement."""
        order = {
            "paths": str(self._file_of(subject)),
            "headers": "".join(f"{name}: {value}\r\n" for name, value in subject.headers.items()),
            "status": subject.status,
            "seconds": seconds,
            "connections": CONNECTIONS,
            "step": PROCESSES,
        }
        for offset, process in enumerate(self.processes):
            if process.stdin is not None:
                process.stdin.write(json.dumps({**order, "start": subject.at + offset}) + "\n")
                process.stdin.flush()
        answers = [self._answer(process) for process in self.processes]
        subject.at = max(answer["next"] for answer in answers)
        wrong = next((answer for answer in answers if answer["wrong"]), None)
        times = sorted(time for answer in answers for time in answer["times"])
        if wrong or not times:
            raise LoadError(f"{subject.name}: {wrong['sample'] if wrong else 'no answer in time'}")
        size = sum(answer["size"] for answer in answers) / len(times)
        return Burst(sum(len(answer["times"]) / answer["seconds"] for answer in answers), times, size)

    def _answer(self, process: subprocess.Popen[str]) -> dict[str, Any]:
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line:
            raise LoadError("A visitor fell over; its last words are above.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _file_of(self, subject: Subject) -> Path:
        name = f"{abs(hash((subject.name, len(subject.paths), subject.paths[-1])))}.paths"
        path = self.folder / name
        if not path.exists():
            path.write_text("\n".join(subject.paths), encoding="ascii")
        return path

    def close(self) -> None:
        for process in self.processes:
            if process.stdin is not None:
                process.stdin.close()  # the end of its orders is its end
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
