"""A memory as long as one request: what a CPPCC has set is read once, not once per row of a list."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Any

from asgiref.local import Local
from django.core.signals import request_started
from django.db import transaction

SECONDS = 5
MOST = 500


class Memo:
    """Values by key, per thread; forgotten at the next request, after a few seconds, and on any write of ours."""

    def __init__(self) -> None:
        self._local = Local()
        request_started.connect(self.start_afresh, weak=False)

    def start_afresh(self, **_kwargs: Any) -> None:
        self._local.kept = {}
        self._local.closed = False

    def recall(self, key: Hashable, read: Callable[[], Any]) -> Any:
        closed = self._is_closed()
        kept: dict[Hashable, tuple[float, Any]] = getattr(self._local, "kept", {})
        found = None if closed else kept.get(key)
        if found is not None and monotonic() - found[0] < SECONDS:
            return found[1]
        value = read()
        if len(kept) >= MOST:
            kept.clear()
        if not closed:
            kept[key] = (monotonic(), value)
            self._local.kept = kept
        return value

    def forget(self) -> None:
        """After a write: until it is committed nothing is kept, for it may yet be rolled back."""
        self._local.kept = {}
        if transaction.get_connection().in_atomic_block:
            self._local.closed = True

    def _is_closed(self) -> bool:
        """Inside the transaction that wrote; once it has ended, well or badly, what is read is true again."""
        if getattr(self._local, "closed", False) and not transaction.get_connection().in_atomic_block:
            self.start_afresh()
        return getattr(self._local, "closed", False)
