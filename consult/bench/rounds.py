"""Every page in turn, again and again: what slows the machine for a while slows the bare ones as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median

from consult.bench.load import Burst, Subject, Visitors


@dataclass
class Plan:
    """How much of it."""

    sizes: Sequence[int]
    rounds: int
    seconds: float  # of one page in one round
    limit: float = 1500.0  # seconds for everything

    @classmethod
    def full(cls) -> Plan:
        return cls((1_000, 100_000), rounds=7, seconds=1.0)

    @classmethod
    def quick(cls) -> Plan:
        return cls((200, 2_000), rounds=3, seconds=0.25, limit=240.0)


@dataclass
class Line:
    """One row of the table."""

    rows: int
    page: str
    per_second: float
    p50: float  # milliseconds
    p99: float
    bytes: int
    bare: str
    ratio: float | None
    floor: float
    queries: int | None = None
    counts: int = 0  # of the queries, how many COUNT
    rates: list[float] = field(default_factory=list)

    @property
    def missed(self) -> bool:
        return bool(self.floor) and (self.ratio or 0.0) < self.floor

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "missed": self.missed}


def measure(
    subjects: list[Subject], visitors: Visitors, plan: Plan, rows: int, tell: Callable[[str], None] = lambda text: None
) -> list[Line]:
    """A B C … A B C …; a ratio is the median of those within one round."""
    bursts: dict[str, list[Burst]] = {subject.name: [] for subject in subjects}
    for subject in subjects:  # one that is not counted: templates are read, plans are made
        visitors.ask(subject, max(0.5, plan.seconds / 4))
    for number in range(plan.rounds):
        tell(f"{rows:,} notices: round {number + 1} of {plan.rounds}")
        for subject in subjects:
            bursts[subject.name].append(visitors.ask(subject, plan.seconds))
    return [_line(rows, subject, bursts) for subject in subjects]


def _line(rows: int, subject: Subject, bursts: dict[str, list[Burst]]) -> Line:
    mine = bursts[subject.name]
    times = sorted(time for burst in mine for time in burst.times)
    ratio = None
    if subject.bare:
        pairs = zip(mine, bursts[subject.bare], strict=True)
        ratio = round(median(one.per_second / bare.per_second for one, bare in pairs), 3)
    return Line(
        rows=rows,
        page=subject.name,
        per_second=round(median(burst.per_second for burst in mine), 1),
        p50=round(times[len(times) // 2] / 1000, 2),
        p99=round(times[len(times) * 99 // 100] / 1000, 2),
        bytes=round(mine[-1].size),
        bare=subject.bare,
        ratio=ratio,
        floor=subject.floor,
        rates=[round(burst.per_second, 1) for burst in mine],
    )
