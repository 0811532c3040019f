"""One matter of the sample year: its days counted back from today, and whoever plays in it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from consult.calendar import next_workday
from consult.desk.demo.cast import Cast
from consult.desk.demo.matters import STAGES, Matter
from consult.regions.querysets import PATH_SEPARATOR
from consult.regions.services import path_of
from members.models import Account, Organisation

#: Days after the slip on which each step happens; what lies in the future is held today at the latest.
DAYS = {
    "pool": 2, "take_up": 5, "study": 8, "plan": 10, "session": 18, "draft": 19, "file": 20, "sign": 22,
    "outcome": 22, "submit": 23, "adopt": 27, "issue": 28, "accept": 31, "progress": 45, "reply": 60, "verify": 68,
    "close": 70, "ask": 78, "notice": 80, "review": 81, "post": 82,
}  # fmt: skip


@dataclass
class Player:
    """Plays one matter as far as its stage."""

    cast: Cast
    matter: Matter
    today: date
    dice: random.Random

    def __post_init__(self) -> None:
        self.system: Account = self.cast.actor
        self.office = self.cast.accounts["nq-office"]
        self.clerk = self.cast.accounts["nq-office2"]
        self.leader = self.cast.accounts["nq-leader"]
        self.start = self.today - timedelta(days=self.matter.age)
        self.last = self.start
        self.unit: Organisation = self.cast.units[self.matter.unit]
        steps_needed = [step for step in DAYS if self._stage_of(step) <= self._reached]
        longest = max([DAYS[step] for step in steps_needed], default=0)
        self.pace = min(1.0, self.matter.age / longest) if longest else 1.0

    @property
    def _reached(self) -> int:
        return STAGES.index(self.matter.stage)

    def _stage_of(self, step: str) -> int:
        first = {
            "pool": "pooled", "take_up": "taken_up", "study": "studied", "plan": "planned", "session": "held",
            "draft": "drafted", "file": "filed", "sign": "signed", "outcome": "outcome", "submit": "submitted_up",
            "adopt": "adopted", "issue": "issued", "accept": "accepted", "progress": "in_progress",
            "reply": "replied", "verify": "verified", "close": "closed", "ask": "asked", "notice": "notice_drafted",
            "review": "notice_reviewed", "post": "posted",
        }  # fmt: skip
        return STAGES.index(first[step])

    def reaches(self, stage: str) -> bool:
        return self._reached >= STAGES.index(stage)

    def day(self, step: str) -> date:
        """The working day of a step, never before the step before it, never after today."""
        planned = self.start + timedelta(days=round(DAYS[step] * self.pace))
        self.last = min(self.today, max(self.last, min(self.today, next_workday(planned))))
        return self.last


def village_of(code: str) -> str:
    """A village or community as it speaks of itself: 红庙社区, 井楠村."""
    name = path_of(code).rpartition(PATH_SEPARATOR)[2]
    return name.removesuffix("居委会").removesuffix("委会") if name.endswith("委会") else name
