"""The record of moves: who did what, when it happened and when it was written down. Nothing in it ever changes."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from consult.audit.models import Entry
    from consult.audit.services import last_happened_at, record

__all__ = ["Entry", "last_happened_at", "record"]

# Resolved on first use: models cannot be imported while Django still collects its apps.
_LATER = {"Entry": "models", "last_happened_at": "services", "record": "services"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(name)
