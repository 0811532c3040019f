"""What is wrong with a case file: which file, which line, and what to mend."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

MOST = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, in words for whoever wrote the file."""

    file: str
    line: int
    path: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(
            part for part in (where, self.path, " ".join(filter(None, (self.message, self.remedy)))) if part
        )


@dataclass(slots=True)
class Problems:
    """The problems of one file as they are found, and the line of every value in it."""

    file: str
    found: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    left_off: int = 0

    def add(self, path: str, message: Any, remedy: Any = "", line: int = 0) -> None:
        if path and path in self.named:
            return  # what was found first is the reason, the rest follows from it
        self.named.add(path)
        problem = Problem(self.file, line or self.line_of(path), path, str(message), str(remedy))
        if len(self.found) < MOST:
            self.found.append(problem)
        else:
            self.left_off += 1

    def line_of(self, path: str) -> int:
        """The line of the value, or of the nearest thing around it that the file has."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)

    def in_order(self) -> list[Problem]:
        """From the first line to the last, with a word on those that did not fit."""
        ordered = sorted(self.found, key=lambda problem: problem.line)
        if self.left_off:
            text = _("%(count)d further problems are not listed.") % {"count": self.left_off}
            ordered.append(Problem(self.file, 0, "", text, _("Mend these first.")))
        return ordered
