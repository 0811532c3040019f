"""What must reach the rest of the world, as rows written with the move and delivered afterwards."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from consult.outbox.registry import handles

if TYPE_CHECKING:
    from consult.outbox.models import Event
    from consult.outbox.services import publish, relay

__all__ = ["Event", "handles", "publish", "relay"]

# Resolved on first use: models cannot be imported while Django still collects its apps.
_LATER = {"Event": "models", "publish": "services", "relay": "services"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(name)
