"""How the one roster is counted. Sheet, screen, minutes, API and statistics all ask here.

A line that came counts as many heads as it stands for, or as many of them as came. Expected are those who were on the
list beforehand; whoever walks in came without being expected. A walk-in whose signing in was taken back never was.

Of a line of several people some sign in by themselves. They are among its heads: the line counts as many as the
recorder says, and never less than have signed in; whoever it counts is not counted once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from sessions.states import Attendance

CAME = Q(attendance=Attendance.PRESENT)
INVITED = Q(is_walk_in=False)
#: Lines that stand on the roster; what is missing was taken back.
STANDING = INVITED | CAME

EXPECTED_HEADS = Coalesce(Sum(F("count"), filter=INVITED), 0)


def present_heads() -> Any:
    """Heads that came, of a queryset of lines."""
    people = apps.get_model("consult_sessions", "Participant").objects.filter(CAME, listed_in=OuterRef("pk"))
    among = Subquery(people.order_by().values("listed_in").annotate(n=Count("pk")).values("n"))
    marked = Case(When(CAME, then=Coalesce("came", "count")), default=Value(0), output_field=IntegerField())
    of_line = Case(
        When(listed_in__isnull=False, then=Value(0)),
        When(INVITED & Q(count__gt=1), then=Greatest(marked, Coalesce(among, 0))),
        default=marked,
        output_field=IntegerField(),
    )
    return Coalesce(Sum(of_line), 0)


def heads(line: Any) -> int:
    """How many people a line stands for, as far as they came; those that it counts are among them."""
    marked = 0
    if line.attendance == Attendance.PRESENT:
        marked = line.came if line.came is not None else line.count
    return max(marked, line.among)


def expected(line: Any) -> int:
    """How many were to come with this line."""
    return 0 if line.is_walk_in else line.count


def standing(lines: Iterable[Any]) -> list[Any]:
    """The whole roster, or all of one class, without walk-ins whose signing in was taken back.

    Each line knows afterwards how many of its people signed in by themselves.
    """
    found = [line for line in lines if not line.is_walk_in or line.attendance == Attendance.PRESENT]
    among = Counter(line.listed_in_id for line in found)
    for line in found:
        line.among = among[line.pk]
    return found


def counted(lines: Iterable[Any]) -> list[Any]:
    """Lines that count by themselves, without those that another one counts."""
    return [line for line in standing(lines) if line.listed_in_id is None]


def came_of(lines: Iterable[Any]) -> int:
    return sum(heads(line) for line in counted(lines))


def expected_of(lines: Iterable[Any]) -> int:
    return sum(expected(line) for line in lines)
