"""How the one roster is counted. Sheet, screen, minutes, API and statistics all ask here.

A line that came counts as many heads as it stands for, or as many of them as came. Expected are those who were on the
list beforehand; whoever walks in came without being expected. A walk-in whose signing in was taken back never was.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from sessions.states import Attendance

CAME = Q(attendance=Attendance.PRESENT)
INVITED = Q(is_walk_in=False)
#: Lines that stand on the roster; what is missing was taken back.
STANDING = INVITED | CAME

PRESENT_HEADS = Coalesce(Sum(Coalesce("came", "count"), filter=CAME), 0)
EXPECTED_HEADS = Coalesce(Sum(F("count"), filter=INVITED), 0)


def heads(line: Any) -> int:
    """How many people a line stands for, as far as they came."""
    if line.attendance != Attendance.PRESENT:
        return 0
    return line.came if line.came is not None else line.count


def expected(line: Any) -> int:
    """How many were to come with this line."""
    return 0 if line.is_walk_in else line.count


def standing(lines: Iterable[Any]) -> list[Any]:
    """Without walk-ins whose signing in was taken back."""
    return [line for line in lines if not line.is_walk_in or line.attendance == Attendance.PRESENT]


def came_of(lines: Iterable[Any]) -> int:
    return sum(heads(line) for line in lines)


def expected_of(lines: Iterable[Any]) -> int:
    return sum(expected(line) for line in lines)
