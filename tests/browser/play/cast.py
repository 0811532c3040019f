"""What everybody in a play shares: the session, what was said so far, and how soon the others saw it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

#: Milliseconds after which nobody waits any longer. How soon it was is measured beside it.
PATIENCE = 20_000
#: Seconds within which everybody sees what one has written.
SOON = 3.0


def is_busy() -> bool:
    """Whether this machine does so much else that seconds say nothing."""
    return os.getloadavg()[0] >= 2 * (os.cpu_count() or 1)


@dataclass
class Cast:
    session: Any
    server: str
    desks: list[Any] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    struck: dict[str, int] = field(default_factory=dict)
    noted: int = 0
    waited: list[tuple[float, str]] = field(default_factory=list)
    screen: Any = None
    was_busy: bool = field(default_factory=is_busy)

    @contextmanager
    def seeing(self, what: str, begun: float = 0.0) -> Iterator[None]:
        """How long it took until it was seen."""
        begun = begun or time.monotonic()
        yield
        self.waited.append((round(time.monotonic() - begun, 2), what))
        self.was_busy = self.was_busy or is_busy()

    def all_see(self, what: str, look: Callable[[Any], None]) -> None:
        """Every desk that has a network and is signed in."""
        begun = time.monotonic()
        for desk in self.desks:
            if desk.is_away:
                continue
            with self.seeing(f"{desk.role}: {what}", begun):
                look(desk.page)

    @property
    def too_late(self) -> list[tuple[float, str]]:
        """What was seen late although the machine had time; of what a busy one shows, half must have been in time."""
        late = [one for one in self.waited if one[0] > SOON]
        return [] if self.was_busy and len(late) * 2 < len(self.waited) else late
