"""One vocabulary for every state: its words, its class and its icon, the same on every page.

The states themselves belong to the apps (``states.py`` there); a test asks that each of them has words here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

CLOCK, ARROW, CHECK, PENCIL = "clock", "arrow-right-short", "check2", "pencil"
BACK, SLASH, LAYERS, ONWARD, ALARM = (
    "arrow-return-left",
    "slash-circle",
    "layers",
    "arrow-right",
    "exclamation-triangle",
)


class Sign(NamedTuple):
    """A state as people read it."""

    text: Promise
    tone: str
    icon: str


SIGNS: dict[tuple[str, str], Sign] = {
    ("topic", "draft"): Sign(pgettext_lazy("topic", "Draft"), "", PENCIL),
    ("topic", "submitted"): Sign(pgettext_lazy("topic", "To be screened"), "zhe", CLOCK),
    ("topic", "returned"): Sign(pgettext_lazy("topic", "Returned"), "zhu", BACK),
    ("topic", "pooled"): Sign(pgettext_lazy("topic", "To be taken up"), "zhe", CLOCK),
    ("topic", "pooled:formal"): Sign(pgettext_lazy("topic", "To be approved"), "zhe", CLOCK),
    ("topic", "approved"): Sign(pgettext_lazy("topic", "Approved"), "dian", ARROW),
    ("topic", "claimed"): Sign(pgettext_lazy("topic", "Taken up"), "dian", ARROW),
    ("topic", "scheduled"): Sign(pgettext_lazy("topic", "To be consulted"), "dian", ARROW),
    ("topic", "consulted"): Sign(pgettext_lazy("topic", "Consulted"), "dian", ARROW),
    ("topic", "closed"): Sign(pgettext_lazy("topic", "Settled"), "song", CHECK),
    ("topic", "declined"): Sign(pgettext_lazy("topic", "Not taken up"), "", SLASH),
    ("topic", "transferred"): Sign(pgettext_lazy("topic", "Transferred"), "", ONWARD),
    ("topic", "merged"): Sign(pgettext_lazy("topic", "Merged"), "", LAYERS),
    ("topic", "withdrawn"): Sign(pgettext_lazy("topic", "Withdrawn"), "", BACK),
    ("session", "planned"): Sign(pgettext_lazy("session", "In preparation"), "zhe", CLOCK),
    ("session", "announced"): Sign(pgettext_lazy("session", "Announced"), "dian", ARROW),
    ("session", "in_progress"): Sign(pgettext_lazy("session", "In progress"), "dian", ARROW),
    ("session", "held"): Sign(pgettext_lazy("session", "Minutes to come"), "zhe", CLOCK),
    ("session", "held:bench"): Sign(pgettext_lazy("session", "Held"), "song", CHECK),
    ("session", "held:signed"): Sign(pgettext_lazy("session", "Minutes signed"), "song", CHECK),
    ("session", "cancelled"): Sign(pgettext_lazy("session", "Cancelled"), "", SLASH),
    ("session", "needs_decision"): Sign(pgettext_lazy("session", "Needs a decision"), "zhu", ALARM),
    ("minutes", "draft"): Sign(pgettext_lazy("minutes", "Draft"), "", PENCIL),
    ("minutes", "filed"): Sign(pgettext_lazy("minutes", "To be signed"), "zhe", CLOCK),
    ("minutes", "signed"): Sign(pgettext_lazy("minutes", "Signed"), "song", CHECK),
    ("outcome", "drafted"): Sign(pgettext_lazy("outcome", "Draft"), "", PENCIL),
    ("outcome", "submitted"): Sign(pgettext_lazy("outcome", "Submitted"), "dian", ARROW),
    ("outcome", "adopted"): Sign(pgettext_lazy("outcome", "Adopted"), "song", CHECK),
    ("outcome", "noted"): Sign(pgettext_lazy("outcome", "Noted"), "", CHECK),
    ("assignment", "issued"): Sign(pgettext_lazy("assignment", "To be signed for"), "zhe", CLOCK),
    ("assignment", "accepted"): Sign(pgettext_lazy("assignment", "Signed for"), "dian", ARROW),
    ("assignment", "sent_back"): Sign(pgettext_lazy("assignment", "Sent back"), "zhu", BACK),
    ("assignment", "in_progress"): Sign(pgettext_lazy("assignment", "In hand"), "dian", ARROW),
    ("assignment", "replied"): Sign(pgettext_lazy("assignment", "To be verified"), "zhe", CLOCK),
    ("assignment", "verified"): Sign(pgettext_lazy("assignment", "Verified"), "song", CHECK),
    ("assignment", "closed"): Sign(pgettext_lazy("assignment", "Closed out"), "song", CHECK),
    ("assignment", "annulled"): Sign(pgettext_lazy("assignment", "Annulled"), "", SLASH),
    ("notice", "drafted"): Sign(pgettext_lazy("notice", "Draft"), "", PENCIL),
    ("notice", "reviewed"): Sign(pgettext_lazy("notice", "To be posted"), "zhe", CLOCK),
    ("notice", "posted"): Sign(pgettext_lazy("notice", "Posted"), "zhe", CLOCK),
    ("notice", "expired"): Sign(pgettext_lazy("notice", "Period over"), "song", CHECK),
    ("notice", "withdrawn"): Sign(pgettext_lazy("notice", "Taken down"), "", SLASH),
    ("visit", "noted"): Sign(pgettext_lazy("visit", "Noted"), "song", CHECK),
    ("visit", "needs_decision"): Sign(pgettext_lazy("visit", "Needs a decision"), "zhu", ALARM),
    ("visit", "set_aside"): Sign(pgettext_lazy("visit", "Set aside"), "", SLASH),
}
UNSYNCED = Sign(pgettext_lazy("sign", "Not synchronised"), "zhe", "cloud-slash")
LATE = Sign(pgettext_lazy("sign", "%(days)s days overdue"), "zhu", ALARM)

_NOUNS = {"consultsession": "session", "publicnotice": "notice"}

# Where an item stands among the four slips 点 接 解 查: 1 to 4 is the current one, 5 is all done;
# a negative number is where it ended, nothing current any more.
_POSITIONS: dict[str, dict[str, int]] = {
    "topic": {
        "draft": 1,
        "submitted": 1,
        "returned": 1,
        "pooled": 2,
        "pooled:formal": 1,
        "approved": 2,
        "claimed": 3,
        "scheduled": 3,
        "consulted": 4,
        "closed": 5,
        "declined": -1,
        "transferred": -1,
        "merged": -1,
        "withdrawn": -1,
    },
    "session": {"cancelled": -2, "held:signed": 4},
    "minutes": {"signed": 4},
    "outcome": {},
    "assignment": {"verified": 4, "closed": 5, "annulled": -4},
    "notice": {"posted": 5, "expired": 5, "withdrawn": -4},
}
_DEFAULT_POSITION = {"topic": 1, "session": 3, "minutes": 3, "outcome": 4, "assignment": 4, "notice": 4}


def noun_of(item: Any) -> str:
    """``ConsultSession`` -> ``session``: the noun under which the procedure speaks of it."""
    name = item._meta.model_name
    return _NOUNS.get(name, name)


def shade_of(item: Any) -> str:
    """What tells two readings of one state apart: a topic's profile, a session's form or its signed minutes."""
    if noun_of(item) == "topic":
        return str(getattr(item, "profile", "") or "")
    if noun_of(item) == "session":
        if getattr(item, "has_signed_minutes", False):
            return "signed"
        return str(getattr(item, "form", "") or "")
    return ""


def sign(noun: str, state: str, shade: str = "") -> Sign:
    """The words, class and icon of a state; a state without words is an error of ours."""
    return SIGNS.get((noun, f"{state}:{shade}")) or SIGNS[noun, str(state)]


def position(noun: str, state: str, shade: str = "") -> int:
    """Which of the four slips is the current one."""
    known = _POSITIONS[noun]
    return known.get(f"{state}:{shade}", known.get(str(state), _DEFAULT_POSITION[noun]))
