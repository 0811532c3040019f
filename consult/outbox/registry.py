"""Who does something about which event."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Handler = TypeVar("Handler", bound=Callable[..., Any])

_handlers: dict[str, list[Callable[..., Any]]] = defaultdict(list)


def handles(*names: str) -> Callable[[Handler], Handler]:
    """``@handles("topic.pool")`` over a function of one event.

    It may run twice for one event, so a constraint sees to it that its effect is there once.
    """

    def register(handler: Handler) -> Handler:
        for name in names:
            if handler not in _handlers[name]:
                _handlers[name].append(handler)
        return handler

    return register


def handlers_of(name: str) -> tuple[Callable[..., Any], ...]:
    return tuple(_handlers.get(name, ()))


def heard_names() -> list[str]:
    """The names that somebody does something about."""
    return sorted(name for name, handlers in _handlers.items() if handlers)
