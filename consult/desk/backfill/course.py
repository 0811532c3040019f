"""The course of one matter through the procedure: the file, its host's parties, the place of the present move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from members.models import Account

from .parties import Parties
from .schema import CaseFile, When


@dataclass
class Course:
    """``here`` is the path of the value that the present move is about: a refusal names its line."""

    case: CaseFile
    parties: Parties
    actor: Account
    here: str = ""

    def when(self, path: str) -> When | None:
        return self.case.when(path)

    def on(self, path: str) -> date | None:
        """The business date of a move; none when the move was not made."""
        when = self.case.when(path)
        return when.on if when else None

    def implied(self, path: str) -> bool:
        when = self.case.when(path)
        return bool(when and when.implied)


def count_of(figure: Any) -> int | None:
    return int(figure.n) if figure is not None else None


def about_of(figure: Any) -> str:
    """over (余), under (近), or exact."""
    return figure.about if figure is not None else ""
