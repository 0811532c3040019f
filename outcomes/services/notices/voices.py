"""Residents object or comment within the period; each objection gets an answer, and the board shows both."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consult.errors import Missing
from members.models import Account
from outcomes.chain.people import hide_in
from outcomes.models import Objection, PublicNotice
from outcomes.services.moving import business_date, need
from outcomes.services.notices import boards
from outcomes.services.notices.findings import hidden_names, refuse_private_words
from outcomes.services.notices.moving import finish_notice, lock_notice
from outcomes.states import NOTICE_WORKFLOW


@transaction.atomic
def record_objection(
    notice: PublicNotice, *, actor: Account, text: str, contact: str = "", on: date | None = None
) -> Objection:
    """Write down what somebody said against it, by telephone or on paper; the contact stays inside."""
    notice, on = _begin(notice, "record_objection", actor=actor, on=on)
    text = need(text, "text", _("Please write what was said"))
    if on > notice.expires_on:
        words = _("The period ended on %(day)s. Take this as a new slip.")
        raise Missing({"on": words % {"day": notice.expires_on.isoformat()}})
    objection = Objection(notice=notice, received_on=on, text=text, contact=contact.strip(), recorded_by=actor)
    objection.full_clean(exclude=["notice", "recorded_by"])
    objection.save()
    _tell(notice, "record_objection", actor=actor, on=on, objection=objection)
    return objection


@transaction.atomic
def answer_objection(
    notice: PublicNotice,
    *,
    actor: Account,
    answer: str,
    objection: Objection | None = None,
    on: date | None = None,
) -> Objection:
    """Answer it where everybody reads it; left out, it is the one that still waits."""
    notice, on = _begin(notice, "answer_objection", actor=actor, on=on)
    waiting = list(notice.objections.select_for_update(no_key=True).filter(answer=""))
    if objection is None and len(waiting) == 1:
        objection = waiting[0]
    found = next((one for one in waiting if objection is not None and one.pk == objection.pk), None)
    if found is None:
        raise Missing({"objection": _("Please choose an objection that has not been answered yet")})
    if on < found.received_on:
        words = _("It was received on %(day)s; the answer cannot be earlier.")
        raise Missing({"on": words % {"day": found.received_on.isoformat()}})
    answer = need(answer, "answer", _("Please write the answer"))
    refuse_private_words("answer", answer, hidden_names(notice))
    found.answer, found.answered_on, found.answered_by = answer, on, actor
    found.full_clean(exclude=["notice", "recorded_by", "answered_by"])
    found.save()
    _tell(notice, "answer_objection", actor=actor, on=on, objection=found)
    return found


def _begin(notice: PublicNotice, verb: str, *, actor: Account, on: date | None) -> tuple[PublicNotice, date]:
    """Voices run from the day of posting; the end of the period, written down later, does not shut them out."""
    notice = lock_notice(notice)
    NOTICE_WORKFLOW.check(notice, verb, actor=actor)
    return notice, business_date(on, notice.posted_on)


def _tell(notice: PublicNotice, verb: str, *, actor: Account, on: date, objection: Objection) -> None:
    """The notice's own date does not move: a later step of the procedure has nothing to do with an answer."""
    finish_notice(
        notice,
        verb,
        actor=actor,
        on=max(notice.moved_on, on),
        data={"objection": str(objection.uuid)},
        voices=_as_read(notice),
    )
    boards.touch(notice.host_id)


def _as_read(notice: PublicNotice) -> list[dict[str, Any]]:
    """What the public reads: the objection only together with its answer, masked; who it was, never."""
    names = hidden_names(notice)
    return [
        {
            "received_on": one.received_on.isoformat(),
            "text": hide_in(one.text, names) if one.answer else "",
            "answered_on": one.answered_on.isoformat() if one.answered_on else "",
            "answer": hide_in(one.answer, names),
        }
        for one in notice.objections.order_by("pk")
    ]
