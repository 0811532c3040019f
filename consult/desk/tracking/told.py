"""What a page of tracking shows: four slips with what happened under them, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from consult.web.words import PUBLIC, say_day
from topics.models import Topic


@dataclass(frozen=True)
class Event:
    """A dated step below one of the four slips; undated ones are still to come."""

    text: str
    day: date | None = None
    strong: str = ""
    sample: bool = False
    url: str = ""


@dataclass
class Slip:
    """One of 点 接 解 查 with what happened under it."""

    mark: str
    title: str
    tone: str = "n"  # d done, k current, s all done, n not begun
    standing: str = ""
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class Next:
    """What happens next, and by when."""

    title: str
    text: str = ""
    by: date | None = None
    is_provisional: bool = False

    @property
    def day_words(self) -> str:
        """11 月 24 日（周二）; a day that the year's holiday plan may still move says so."""
        words = say_day(self.by, PUBLIC)
        return _("%(day)s (provisional)") % {"day": words} if self.is_provisional else words


@dataclass
class Tracked:
    """What a page of tracking tells."""

    receipt: str
    topic: Topic
    title: str
    raised_on: date
    raised_sample: bool
    next: Next
    slips: list[Slip]
    told_whole: bool
    is_merged: bool
    phone: str
    hours: str
    has_samples: bool
    rating_url: str = ""
    explanation: str = ""
    explained_on: date | None = None

    @property
    def phone_link(self) -> str:
        """Digits only, for a telephone."""
        return "".join(character for character in self.phone if character.isdigit() or character == "+")
