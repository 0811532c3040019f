"""Which values of a chain are samples (示例): paths of the case file, asked for while a page is drawn."""

from __future__ import annotations

from collections.abc import Iterable


class Marks:
    """A path covers all below it, and a step over a list without an index means every element."""

    def __init__(self, paths: Iterable[str] = ()):
        self.paths = [tuple(path.split(".")) for path in paths]

    def __bool__(self) -> bool:
        return bool(self.paths)

    def covers(self, path: str) -> bool:
        """Is this value, or something it is made of, a sample?"""
        steps = tuple(path.split("."))
        return any(_meets(mark, steps) for mark in self.paths)

    def covers_any(self, *paths: str) -> bool:
        return any(self.covers(path) for path in paths)


def _meets(mark: tuple[str, ...], steps: tuple[str, ...]) -> bool:
    """One leads to the other: the mark to the value or above it, or the value to what is marked below it."""
    place = 0
    for step in steps:
        if place == len(mark):
            return True
        if mark[place] == step:
            place += 1
        elif not step.isdigit() or mark[place].isdigit():
            return False  # another key, or another element of the same list
    return True
