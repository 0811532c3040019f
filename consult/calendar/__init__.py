"""Chinese working days, make-up workdays included, and the dates that follow from them.

The published holiday arrangements come with the ``holidays`` library (2015 on); what a CPPCC corrects or enters
itself stands in its CalendarOverride rows and wins. A year whose make-up days nobody has published is provisional.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .services import (
        add_months_workday,
        add_working_days,
        calendar_of,
        clear_day,
        corrections_of,
        is_provisional,
        is_workday,
        load_plan,
        next_workday,
        override_day,
        plans_of,
        read_anew,
        working_days_between,
    )

__all__ = [
    "add_months_workday",
    "add_working_days",
    "calendar_of",
    "clear_day",
    "corrections_of",
    "is_provisional",
    "is_workday",
    "load_plan",
    "next_workday",
    "override_day",
    "plans_of",
    "read_anew",
    "working_days_between",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"{__name__}.services"), name)
    raise AttributeError(name)
