"""What has been published about a year: pure, read once per process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

FIRST_YEAR, LAST_YEAR = 2015, 2099


@dataclass(frozen=True)
class PublishedYear:
    """Weekdays off and weekend days worked, as the State Council arranged them."""

    year: int
    days_off: frozenset[date]
    made_up: frozenset[date]

    @property
    def is_published(self) -> bool:
        """Every arrangement since 2015 moved some weekend days; a year without any has not been arranged yet."""
        return bool(self.made_up)


@lru_cache(maxsize=200)
def published(year: int) -> PublishedYear:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return PublishedYear(year, frozenset(), frozenset())
    china = holidays.country_holidays("CN", years=year)
    return PublishedYear(
        year,
        frozenset(day for day in china if day.year == year),
        frozenset(day for day in china.weekend_workdays if day.year == year),
    )
