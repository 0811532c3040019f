"""The ladder 提催督报 as an engine that knows no app, and the claim that lets a periodic job run once.

register_ladder("assignment", LADDER, items)     items(today) -> iterable of Due
run_ladders()                                     exactly one notice per (kind, item, rung, person, due date)
claim_slot("notices.expire", every=timedelta(hours=1)) -> bool
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .ladder import LADDER, Due, Rung, ladders, register_ladder

if TYPE_CHECKING:
    from .services import run_ladders
    from .slots import claim_slot

__all__ = ["LADDER", "Due", "Rung", "claim_slot", "ladders", "register_ladder", "run_ladders"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"{__name__}.{'slots' if name == 'claim_slot' else 'services'}"), name)
    raise AttributeError(name)
