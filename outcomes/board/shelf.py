"""Pages and frames drawn already, kept in this process under a name that changes whenever one of their facts does."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from outcomes.board.frames import Frame

AT_MOST = 200  # pages of some ten kilobytes each
Drawn = TypeVar("Drawn")


class Shelf(Generic[Drawn]):
    """The least used page goes first. A name is never written twice with different content."""

    def __init__(self, at_most: int = AT_MOST):
        self.at_most = at_most
        self.pages: OrderedDict[str, Drawn] = OrderedDict()
        self.lock = Lock()

    def take(self, name: str, draw: Callable[[], Drawn]) -> Drawn:
        """The page of this name, drawn now if nobody has drawn it yet."""
        with self.lock:
            page = self.pages.get(name)
            if page is not None:
                self.pages.move_to_end(name)
                return page
        page = draw()
        with self.lock:
            self.pages[name] = page
            while len(self.pages) > self.at_most:
                self.pages.popitem(last=False)
        return page

    def clear(self) -> None:
        with self.lock:
            self.pages.clear()


shelf: Shelf[bytes] = Shelf()
frames: Shelf[Frame] = Shelf()
