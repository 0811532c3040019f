"""Two texts of the same minutes, brought together paragraph by paragraph: which differ, and what was chosen of each."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

MINE, THEIRS, BOTH = "mine", "theirs", "both"
CHOICES = (THEIRS, MINE, BOTH)


@dataclass(frozen=True)
class Part:
    """Paragraphs that are the same in both texts, or one place where they differ; ``number`` counts such places.

    ``suggested`` is the side that changed when the other has left the place as it was; none where both did.
    """

    theirs: tuple[str, ...]
    mine: tuple[str, ...]
    number: int = 0
    suggested: str = ""

    @property
    def is_same(self) -> bool:
        return not self.number


def parts_of(base: str, theirs: str, mine: str) -> list[Part]:
    """The two texts in the order of their paragraphs; a place with as many of them on both sides is cut into pairs."""
    known = {line for line in base.splitlines() if line.strip()}
    found: list[Part] = []
    number = 0
    one_side, other_side = theirs.splitlines(), mine.splitlines()
    for kind, a, b, c, d in difflib.SequenceMatcher(None, one_side, other_side, False).get_opcodes():
        left, right = one_side[a:b], other_side[c:d]
        if kind == "equal":
            found.append(Part(tuple(left), tuple(right)))
            continue
        pairs = [([one], [other]) for one, other in zip(left, right, strict=True)] if len(left) == len(right) else []
        for one, other in pairs or [(left, right)]:
            number += 1
            found.append(Part(tuple(one), tuple(other), number, _suggested(one, other, known)))
    return found


def _suggested(theirs: list[str], mine: list[str], known: set[str]) -> str:
    """Who left the words of the common version did not mean to change them; who struck them out did."""
    left_theirs, left_mine = _is_left(theirs, mine, known), _is_left(mine, theirs, known)
    if left_theirs == left_mine:
        return ""
    return MINE if left_theirs else THEIRS


def _is_left(side: list[str], other: list[str], known: set[str]) -> bool:
    if not side:  # nothing stands here: nothing stood here before, if what the other has is new
        return not any(line in known for line in other if line.strip())
    return all(line in known for line in side if line.strip())


def undecided(parts: list[Part], chosen: Mapping[int, str]) -> list[int]:
    """The places for which nothing was chosen."""
    return [part.number for part in parts if part.number and chosen.get(part.number) not in CHOICES]


def merged(parts: list[Part], chosen: Mapping[int, str]) -> str:
    """One text: of each place what was chosen; of both, theirs stands first."""
    lines: list[str] = []
    for part in parts:
        take = chosen.get(part.number, THEIRS)
        if part.is_same or take in (THEIRS, BOTH):
            lines += part.theirs
        if not part.is_same and take in (MINE, BOTH):
            lines += part.mine
    return "\n".join(lines)
