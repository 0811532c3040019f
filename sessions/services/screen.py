"""投屏: the screen in the hall. Six figures open it; it shows no resident's name and nothing that is not agreed."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consult import options
from consult.errors import NotAllowed, WrongState
from sessions.heads import standing
from sessions.models import ConsultSession, LiveScreen, Participant
from sessions.services import pulse, tries
from sessions.services.admission import screen_link, sign_in_code
from sessions.services.assembly import numeral
from sessions.services.attendance import counts, present_total
from sessions.services.clock import clock_of
from sessions.services.floor import queue_of, speaker_of
from sessions.states import RECORD_WORKFLOW, SessionState
from topics.states import PartyCategory

WRONG_CODES, WRONG_CODES_OF_ALL = 10, 300  # within ten minutes
_TRIES = 20
_SHOWN_STATES = (SessionState.PLANNED, SessionState.ANNOUNCED, SessionState.IN_PROGRESS)


# the code -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def issue_screen(session: ConsultSession, *, actor: Any, renew: bool = False) -> LiveScreen:
    """Six figures for this session; asked again the same, unless a new code is wanted because the old one got about."""
    if not may_show(session, actor):
        raise NotAllowed
    if session.state not in _SHOWN_STATES:
        raise WrongState(_("The screen is for a session that is coming or running."))
    # One after the other, so that two who ask at once get the same code.
    ConsultSession.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
    screen = LiveScreen.objects.filter(session=session).first()
    if screen is not None and not renew:
        return screen
    if screen is not None:
        pulse.forget(screen.code)
        screen.delete()
    for _try in range(_TRIES):
        code = f"{secrets.randbelow(10**6):06d}"
        _free(code)
        try:
            with transaction.atomic():
                return LiveScreen.objects.create(session=session, code=code, issued_by=actor)
        except IntegrityError:
            continue
    raise WrongState(_("No code is free at present. Try again in a moment."))


def _free(code: str) -> None:
    """The code of a session that is over opens nothing and may be given again."""
    holder = LiveScreen.objects.select_related("session").filter(code=code).first()
    if holder is not None and not pulse.pulse_of(holder.session).is_shown and holder.session.is_over:
        holder.delete()


def may_show(session: ConsultSession, actor: Any) -> bool:
    """Who prepares the session or keeps its record."""
    return any(actor.has_perm(RECORD_WORKFLOW.perm(verb), session) for verb in ("add_statement", "change_plan"))


def screen_of(session: ConsultSession) -> LiveScreen | None:
    return LiveScreen.objects.filter(session=session).first()


def open_screen(code: str) -> ConsultSession | None:
    """The session behind a code, while it may be shown."""
    beat = pulse.beat_of(code) if len(code) == 6 and code.isascii() and code.isdigit() else None
    if beat is None:
        return None
    return ConsultSession.objects.for_detail().filter(pk=beat.session_id).first()


def refuse_guessing(caller: str) -> None:
    """Raises TooOften once this caller, or all together, tried too many codes that open nothing."""
    tries.refuse_beyond(screen=(caller, WRONG_CODES), screens=("all", WRONG_CODES_OF_ALL))


def note_miss(caller: str) -> None:
    tries.note("screen", caller)
    tries.note("screens", "all")


# what it shows --------------------------------------------------------------------------------------------------------

ITEMS, POINTS, WAITING = 6, 3, 3
PHASES = {SessionState.IN_PROGRESS: "running", SessionState.HELD: "over"}


def screen_contents(session: ConsultSession, now: datetime | None = None) -> dict[str, Any]:
    """Everything the hall sees: no resident by name, statements not at all, points as they are agreed."""
    words = dict(options.words(session.host_id, "lists.stakeholders"))
    lines = standing(session.participants.all())
    labels = labels_of(lines, words)
    speaker = speaker_of(session)
    points: list[Any] = list(session.consensus_points.prefetch_related("dissents").order_by("topic_id", "number"))
    for point in points[-POINTS:]:
        point.fresh = True
    read = [point for point in points if point.read_back_at]
    clock = clock_of(session, now)
    return {
        **clock,
        "shown_items": _around(clock["items"], clock["running"]),
        "session": session,
        "phase": PHASES.get(SessionState(session.state), "before"),
        "speaker": {**_shown(speaker, words, labels), "since": speaker.floor_at} if speaker is not None else None,
        "queue": [_shown(line, words, labels) for line in queue_of(session)[:WAITING]],
        "points": points,
        "last_read": max(read, key=lambda point: point.read_back_at).pk if read else None,
        "dissents": list(session.dissent_points.filter(point=None).order_by("pk")),
        **_attendance(session),
    }


def _around(items: list[Any], running: Any) -> list[Any]:
    """As many items as fit, with the present one and the two before it among them."""
    for place, item in enumerate(items, 1):
        item.place = place
    here = items.index(running) if running in items else 0
    first = max(0, min(here - 2, len(items) - ITEMS))
    return items[first : first + ITEMS]


def labels_of(lines: list[Participant], words: dict[str, str]) -> dict[int, str]:
    """By unit or post; a resident, and whoever has neither, by class and his place among those of his class."""
    found: dict[int, str] = {}
    for name in dict.fromkeys(line.category for line in lines):
        of_class = [line for line in lines if line.category == name]
        label = words.get(name, of_class[0].get_category_display())
        for number, line in enumerate(of_class, 1):
            plain = label if len(of_class) == 1 else f"{label}（{numeral(number)}）"
            resident = line.category == PartyCategory.RESIDENT
            found[line.pk] = plain if resident else line.organisation_name or line.title or plain
    return found


def _shown(line: Participant, words: dict[str, str], labels: dict[int, str]) -> dict[str, str]:
    return {
        "label": labels.get(line.pk, line.get_category_display()),
        "class": words.get(line.category, line.get_category_display()),
    }


def _attendance(session: ConsultSession) -> dict[str, Any]:
    """What the service of signing in says."""
    classes = counts(session)
    return {
        "counts": classes,
        "came": present_total(session),
        "expected": sum(one["expected"] for one in classes),
        "sign_in_code": sign_in_code(session),
        "sign_in_link": screen_link(session) if session.state == SessionState.IN_PROGRESS else "",
    }
