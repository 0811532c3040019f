"""Four eyes: predicates that must hold beside the right itself, and whose failure has a name of its own."""

from typing import Any

import rules
from rules.permissions import permissions

_watchers: dict[str, list[tuple[Any, Any]]] = {}


def four_eyes(perm: str, predicate: Any) -> None:
    """``predicate`` must hold too, or nobody may: call it after ``rules.add_perm(perm, …)``.

    The predicate becomes part of the permission, so that has_perm() says the same as the workflow.
    """
    if perm not in permissions:
        raise LookupError(f"four_eyes({perm!r}) comes after rules.add_perm({perm!r}, …)")
    alone = permissions[perm]
    _watchers.setdefault(perm, []).append((alone, predicate))
    rules.set_perm(perm, alone & predicate)


def is_own_matter(perm: str, actor: Any, subject: Any) -> bool:
    """Would the actor have the right, were it not his own matter?

    When the permission was written with the predicate already inside, the two cannot be told apart;
    then his own matter is the better explanation.
    """
    return any(
        not predicate.test(actor, subject) and (predicate.name in alone.name or alone.test(actor, subject))
        for alone, predicate in _watchers.get(perm, ())
    )


def clear(perm: str) -> None:
    """Forget the predicates of one permission (tests)."""
    _watchers.pop(perm, None)
