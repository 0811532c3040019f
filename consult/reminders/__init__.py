"""The ladder 提催督报 as an engine that knows no app, and the claim that lets a periodic job run once.

register_ladder("thing", LADDER, items)           items(today) -> iterable of Due
register_rows("assignment", LADDER, rows, reader) rows(today) -> named tuples with pk; reader(today)(row) -> Due
run_ladders()                                     exactly one notice per (kind, item, rung, person, due date)
recheck("assignment", pk)                         it has moved: recall what holds no longer
claim_slot("notices.expire", every=timedelta(hours=1)) -> bool
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .ladder import LADDER, SHORT, Due, Rung, addresses, ladders, register_ladder, register_rows

if TYPE_CHECKING:
    from .services import recheck, run_ladders
    from .slots import claim_slot

__all__ = [
    "LADDER",
    "SHORT",
    "Due",
    "Rung",
    "addresses",
    "claim_slot",
    "ladders",
    "recheck",
    "register_ladder",
    "register_rows",
    "run_ladders",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"{__name__}.{'slots' if name == 'claim_slot' else 'services'}"), name)
    raise AttributeError(name)
