"""The table, and the same as JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import django

from consult.bench.rounds import Line

HEAD = ("page", "a second", "p50 ms", "p99 ms", "bytes", "SQL", "ratio", "of", "floor")
WIDTHS = (30, 9, 8, 8, 8, 4, 6, 14, 6)


@dataclass
class Report:
    lines: list[Line] = field(default_factory=list)
    weight: dict[str, Any] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def missed(self) -> list[Line]:
        return [line for line in self.lines if line.missed]

    def as_json(self) -> str:
        facts = {
            "lines": [line.as_dict() for line in self.lines],
            "first_view": self.weight,
            "worker_mb": self.memory,
            "seconds": round(self.seconds, 1),
            "python": platform.python_version(),
            "django": django.get_version(),
            "missed": [f"{line.page} with {line.rows:,} notices" for line in self.missed],
        }
        return json.dumps(facts, ensure_ascii=False, indent=1)

    def as_table(self) -> str:
        return "\n".join(self._texts())

    def _texts(self) -> Iterator[str]:
        for rows in dict.fromkeys(line.rows for line in self.lines):
            yield f"\n{rows:,} notices and as many matters"
            yield _columns(*HEAD)
            for line in self.lines:
                if line.rows == rows:
                    yield _row(line)
        view = self.weight
        yield f"\nFirst view of the board on a phone: {view['kilobytes']} kB in {1 + len(view['files'])} answers"
        yield f"  page {view['html']:,} bytes, packed {view['html_gzip']:,}"
        for name, size in view["files"].items():
            yield f"  {name} {size:,}"
        yield f"Memory per web worker (PSS): {', '.join(f'{one} MB' for one in self.memory)}"
        yield f"Measured in {self.seconds:.0f} s with Python {platform.python_version()}, Django {django.get_version()}"
        for line in self.missed:
            yield f"MISSED: {line.page} with {line.rows:,} notices: {line.ratio} of {line.bare}, at least {line.floor}"


def _row(line: Line) -> str:
    queries = "" if line.queries is None else f"{line.queries}{'!' if line.counts else ''}"
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    floor = f"{line.floor:.2f}" if line.floor else ""
    numbers = (f"{line.per_second:,.0f}", f"{line.p50:.2f}", f"{line.p99:.2f}", f"{line.bytes:,}", queries, ratio)
    return _columns(line.page, *numbers, line.bare, floor)


def _columns(*cells: str) -> str:
    first, *others = zip(cells, WIDTHS, strict=True)
    texts = [first[0].ljust(first[1])]
    texts += [cell.ljust(width) if width == 14 else cell.rjust(width) for cell, width in others]
    return "  ".join(texts).rstrip()
