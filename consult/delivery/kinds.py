"""Which kind of notice something is: what a county words, what a person chooses a pace for, what a robot carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """``short``: what a text message or a group robot says; ``sms``: important enough for a text message."""

    name: str
    label: Words
    short: Words
    sms: bool = False
    has_due: bool = False


_STEP = _("{kind}[, due {due}]. Sign in to the platform to see it.")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("remind", pgettext_lazy("notice", "Reminder of a due date"), _STEP, sms=True, has_due=True),
        Kind("urge", pgettext_lazy("notice", "Urging"), _STEP, sms=True, has_due=True),
        Kind("supervise", pgettext_lazy("notice", "Supervision"), _STEP, sms=True, has_due=True),
        Kind("report", pgettext_lazy("notice", "Report upwards"), _STEP, sms=True, has_due=True),
        Kind("assignment", pgettext_lazy("notice", "Assignment"), _STEP, sms=True, has_due=True),
        Kind("session", pgettext_lazy("notice", "Invitation or change of a session"), _STEP, sms=True),
        Kind("minutes", pgettext_lazy("notice", "Minutes"), _STEP),
        Kind("outcome", pgettext_lazy("notice", "Outcome of a consultation"), _STEP),
        Kind("notice", pgettext_lazy("notice", "Public notice"), _STEP),
        Kind("topic", pgettext_lazy("notice", "Step of a matter"), _STEP),
        Kind("other", pgettext_lazy("notice", "Other message"), _STEP),
    )
}

_RUNGS = {"+1": "urge", "+5": "supervise", "+15": "report"}


def kind_of(key: str, event: Any = None) -> str:
    """From the key of a reminder, or from the noun of the event."""
    parts = key.split(":")
    if parts[0] == "reminder" and len(parts) >= 5:
        rung = parts[-2]
        return "report" if rung.startswith("weekly") else _RUNGS.get(rung, "remind")
    noun = (getattr(event, "name", "") or parts[0]).partition(".")[0]
    return noun if noun in KINDS else "other"


def known_kind(name: str) -> Kind:
    return KINDS.get(name, KINDS["other"])


def label_of(name: str) -> str:
    return str(known_kind(name).label)
