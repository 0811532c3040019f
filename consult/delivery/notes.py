"""What somebody is to be told, before it is a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

NO_FACTS: Mapping[str, Any] = MappingProxyType({})


class Note(NamedTuple):
    """One thing one account is to be told; said again under the same key, it changes nothing."""

    account: Any
    key: str
    title: Any
    body: Any = ""
    url: str = ""
    event_id: int | None = None
    host_id: int | None = None
    kind: str = ""
    due_on: date | None = None
    #: {matter}, {unit}, {number} … for a CPPCC that words its notices itself.
    facts: Mapping[str, Any] = NO_FACTS

    @property
    def known(self) -> dict[str, Any]:
        """The facts, with the due date among them."""
        return {**self.facts, "due": self.facts.get("due") or self.due_on}

    @property
    def place(self) -> tuple[int, str]:
        return (self.account.pk, self.key)


class Told(NamedTuple):
    """A note that was new, and the row of the inbox it has become."""

    item_id: int
    note: Note
