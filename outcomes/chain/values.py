"""Single values as the case format writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any


def about(number: int | str | None, kind: str) -> Any:
    """A figure; reported as 余 or 近 it keeps that word."""
    if number is None:
        return None
    return {"n": number, "about": kind} if kind else number


def plain(amount: Decimal | None) -> str | None:
    """Money in yuan without trailing zeros."""
    return None if amount is None else f"{amount.normalize():f}"


def without_empty(value: Any) -> Any:
    """Empty words, lists and parts go; zero and False stay. Lists keep their places: marks count them."""
    if isinstance(value, dict):
        kept = {key: without_empty(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one is not None and one not in ("", [], {})}
    if isinstance(value, list | tuple):
        return [without_empty(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def figure_of(told: Any) -> tuple[int, str]:
    """A figure of a chain as number and word: {"n": 20, "about": "over"} -> (20, "over"), 8 -> (8, "")."""
    return (int(told["n"]), told["about"]) if isinstance(told, dict) else (int(told), "")


def value_at(chain: Any, path: str) -> Any:
    """What stands at "sessions.0.minutes.number"; None where nothing does."""
    found = chain
    for step in path.split("."):
        if isinstance(found, list):
            found = found[int(step)] if int(step) < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return found


def places_of(chain: Any, path: str) -> list[str]:
    """The paths of what is listed there: "sessions" -> ["sessions.0", "sessions.1"]."""
    return [f"{path}.{number}" for number in range(len(value_at(chain, path) or ()))]
