"""Before the sitting ends: what its record still lacks, each gap with the place where it is filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consult import options
from sessions.heads import heads, standing
from sessions.models import ConsultSession
from sessions.services.desks import desk_of, unsent_of_others
from sessions.services.gates import before_closing
from sessions.states import Level


@dataclass(frozen=True)
class Gap:
    """``place`` is where on the record it is filled; what ``stops`` must be filled, the rest is a warning."""

    code: str
    text: str
    place: str
    stops: bool = False


_PLACES = {"no_statements": "add_statement", "consensus": "add-point"}


def gaps_before_closing(session: ConsultSession, *, actor: Any) -> list[Gap]:
    """Everything to look at before the roster is frozen: what stops first, then what cannot be mended afterwards."""
    wrong = before_closing(session, no_statements=False)
    found = [Gap(code, text, _PLACES.get(code, ""), stops=True) for code, text in wrong.items()]
    for part in (_unsent, _roster, _topics, _points, _agenda):
        found += part(session, actor)
    return found


def _unsent(session: ConsultSession, actor: Any) -> Iterator[Gap]:
    mine = desk_of(session, actor)
    if mine is not None and mine.kept:
        yield Gap("own_draft", _("On your desk stand words that are not noted yet."), "add_statement")
    for desk in unsent_of_others(session, actor):
        words = {"who": desk.account, "count": desk.waiting, "time": f"{timezone.localtime(desk.seen_at):%H:%M}"}
        if desk.waiting:
            text = _("%(who)s has %(count)s lines that have not arrived yet (last heard of at %(time)s).")
        else:
            text = _("%(who)s is still typing a line that is not noted yet (%(time)s).")
        yield Gap("unsent", text % words, "said")


def _roster(session: ConsultSession, actor: Any) -> Iterator[Gap]:
    lines = standing(session.participants.all())
    if not any(heads(line) for line in lines):
        yield Gap("nobody_present", _("Nobody has signed in."), "signin")
    else:
        words = dict(options.words(session.host_id, "lists.stakeholders"))
        for name in dict.fromkeys(line.category for line in lines):
            if not any(heads(line) for line in lines if line.category == name):
                label = words.get(name, next(line.get_category_display() for line in lines if line.category == name))
                yield Gap("class_absent", _("Of “%(class)s” nobody has signed in.") % {"class": label}, "signin")
    if unmarked := sum(1 for line in lines if not heads(line) and not line.attendance):
        text = _("%(count)s lines of the roster are not marked; they will count as absent, or as excused if on leave.")
        yield Gap("unmarked", text % {"count": unmarked}, "signin")
    if waiting := sum(1 for line in lines if line.asked_at is not None):
        yield Gap("queue", _("%(count)s still wait to speak.") % {"count": waiting}, "queue")


def _topics(session: ConsultSession, actor: Any) -> Iterator[Gap]:
    """With several topics each needs a point or a reservation; with none at all the closing itself refuses."""
    settled = set(session.consensus_points.values_list("topic_id", flat=True))
    settled |= set(session.dissent_points.values_list("topic_id", flat=True))
    if not settled:
        return
    for link in session.session_topics.select_related("topic"):
        if link.topic_id not in settled:
            text = _("On “%(title)s” neither a point nor a reservation is noted.")
            yield Gap("topic_open", text % {"title": link.topic.title}, "add-point")


def _points(session: ConsultSession, actor: Any) -> Iterator[Gap]:
    for point in session.consensus_points.order_by("topic_id", "number"):
        place = f"point-{point.uuid}"
        if point.level != Level.NONE:
            if not point.unit_name:
                yield Gap("no_unit", _("Point %(n)s names nobody who sees to it.") % {"n": point.number}, place)
            if point.due_on is None:
                yield Gap("no_deadline", _("Point %(n)s says no day.") % {"n": point.number}, place)
        if point.read_back_at is None:
            yield Gap("not_read", _("Point %(n)s has not been read out.") % {"n": point.number}, place)


def _agenda(session: ConsultSession, actor: Any) -> Iterator[Gap]:
    for item in session.agenda.filter(started_at=None).order_by("position", "pk"):
        yield Gap("not_reached", _("“%(item)s” on the agenda was not reached.") % {"item": item.text}, "clock")
