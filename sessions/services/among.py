"""Who signs in by himself and stands behind a line of several people («居民代表 30 人»): counted by it, not once more.

He says which of them he is of; where he says nothing, the lines of his class count him as long as they have room.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from consult.errors import Missing
from consult.text import typed
from sessions.models import ConsultSession, Participant
from sessions.services.moves import keep, note
from sessions.states import Attendance

#: What is sent by who came besides all lines of the list.
APART = "apart"
_PRESENT = Q(people__attendance=Attendance.PRESENT)


def lines_of_several(session: ConsultSession) -> QuerySet[Participant]:
    """The lines that stand for several people, in the order of the list."""
    return session.participants.filter(is_walk_in=False, count__gt=1).order_by("position", "pk")


def choose(groups: Sequence[str], listed_in: str, category: str) -> tuple[int | None, str]:
    """The line that counts him, and the class he then comes as; ``groups`` are "key uuid class", in their order."""
    if listed_in == APART:
        return None, category
    rows = [(int(key), uuid, name) for key, uuid, name in (one.split(" ") for one in groups)]
    if listed_in:
        for key, uuid, name in rows:
            if UUID(uuid) == typed.key_of(listed_in):
                return key, name
        raise Missing(listed_in=_("Choose one of the lines shown."))
    return _with_room([key for key, _uuid, name in rows if name == category]), category


def _with_room(keys: list[int]) -> int | None:
    """The first that is not yet complete; where all are, as marked or as signed in, he came besides."""
    if not keys:
        return None
    rows = Participant.objects.filter(pk__in=keys).exclude(attendance=Attendance.PRESENT, came=None)
    left = {line.pk: line.count - line.n for line in rows.annotate(n=Count("people", filter=_PRESENT))}
    return next((key for key in keys if left.get(key, 0) > 0), None)


@transaction.atomic
def count_among(participant: Participant, *, actor: Any, line: Participant | None) -> Participant:
    """Whoever walked in is one of the people of a line, or came besides; whichever he said himself."""
    session = keep(participant.session, "count_among", actor=actor)
    row = Participant.objects.select_for_update(of=("self",)).get(pk=participant.pk)
    row.session = session
    if not row.is_walk_in or row.count != 1:
        raise Missing(participant=_("This one has a line of his own on the list."))
    if line is not None and (line.session_id != session.pk or line.is_walk_in or line.count < 2):
        raise Missing(line=_("Choose one of the lines shown."))
    if row.listed_in_id == (line.pk if line else None):
        return row
    row.listed_in = line
    row.category = line.category if line else row.category
    row.save(update_fields=["listed_in", "category"])
    data = {"category": row.category, "listed": line is not None, "line": line.position if line else None}
    note(session, "count_among", actor=actor, before=session.state, data=data, participant_id=row.pk)
    return row


def signed_in_of(line: Participant) -> int:
    """How many of its people signed in by themselves."""
    return line.people.filter(attendance=Attendance.PRESENT).count()


def refuse_fewer(line: Participant, attendance: str, came: int | None) -> None:
    """Whoever signed in was there: a mark cannot say that fewer came."""
    if line.is_walk_in or line.count < 2 or not attendance:
        return
    among = signed_in_of(line)
    if among and attendance != Attendance.PRESENT:
        text = _("%(count)s of this line have signed in by themselves; it cannot be marked as not present.")
        raise Missing(attendance=text % {"count": among})
    if came is not None and came < among:
        text = _("%(count)s of this line have signed in by themselves; they are among those who came.")
        raise Missing(came=text % {"count": among})


def settle(session: ConsultSession) -> None:
    """At the close a line says at least as many as have signed in of it."""
    rows = lines_of_several(session).annotate(n=Count("people", filter=_PRESENT), first=Min("people__signed_in_at"))
    for line in rows.filter(n__gt=0):
        marked = (line.came or line.count) if line.attendance == Attendance.PRESENT else 0
        if line.n <= marked:
            continue
        line.attendance, line.came = Attendance.PRESENT, line.n if line.n < line.count else None
        line.signed_in_at = line.signed_in_at or line.first
        line.save(update_fields=["attendance", "came", "signed_in_at"])
