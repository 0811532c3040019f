"""Who does something about which event."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Handler = TypeVar("Handler", bound=Callable[..., Any])

_handlers: dict[str, list[Callable[..., Any]]] = defaultdict(list)


_last: set[Callable[..., Any]] = set()


def handles(*names: str, last: bool = False) -> Callable[[Handler], Handler]:
    """``@handles("topic.pool")`` over a function of one event.

    It may run twice for one event, so a constraint sees to it that its effect is there once. ``last``: after all
    others, whatever the order in which the apps were read, for it looks at what they did.
    """

    def register(handler: Handler) -> Handler:
        for name in names:
            if handler not in _handlers[name]:
                _handlers[name].append(handler)
        if last:
            _last.add(handler)
        return handler

    return register


def handlers_of(name: str) -> tuple[Callable[..., Any], ...]:
    return tuple(sorted(_handlers.get(name, ()), key=_last.__contains__))


def heard_names() -> list[str]:
    """The names that somebody does something about."""
    return sorted(name for name, handlers in _handlers.items() if handlers)
