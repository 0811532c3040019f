"""How often somebody unknown may try at the doors of a session, and at what is opened by its links."""

from __future__ import annotations

from consult.tries import SPAN, Counter, TooOften
from sessions.models import TryCount

__all__ = ["SPAN", "TooOften", "note", "refuse_beyond"]

_tries = Counter(TryCount, "consult.sessions.tries")
note = _tries.note


def refuse_beyond(**limits: tuple[str, int]) -> None:
    """Raises TooOften when one of the limits is reached."""
    if _tries.reached(**limits):
        raise TooOften
