"""The matters of the sample year, read from ``matters.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

#: How far a matter has come; each stage includes those before it.
STAGES = (
    *("submitted", "pooled", "taken_up", "studied", "planned", "announced", "held", "drafted", "filed", "signed"),
    *("outcome", "submitted_up", "adopted", "issued", "accepted", "in_progress", "replied", "verified", "closed"),
    *("asked", "notice_drafted", "notice_reviewed", "posted"),
)


@dataclass(frozen=True)
class Matter:
    """``age`` in days since it was handed in; ``twist``: how it ends or stumbles (declined, overdue, …)."""

    title: str
    problem: str
    region: str
    category: str
    unit: str
    stage: str
    age: int
    profile: str = "micro"
    source: str = "resident"
    agreed: tuple[str, ...] = ()
    dissent: str = ""
    twist: str = ""
    households: int = 0

    @property
    def task(self) -> str:
        """What a unit is charged with: the first point agreed, as a heading."""
        first = self.agreed[0].rstrip("。") if self.agreed else ""
        return f"{self.title}：查看现场，拿出办法" if first.startswith("由责任单位") else first or f"{self.title}整改"


def read_matters() -> tuple[Matter, ...]:
    with (Path(__file__).parent / "matters.toml").open("rb") as file:
        rows = tomllib.load(file)["matter"]
    return tuple(Matter(**{**row, "agreed": tuple(row.get("agreed", ()))}) for row in rows)
