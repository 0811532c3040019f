"""A session's play as data: who is there, what each of them does in turn, and what must be true afterwards.

The format is described in ``tests/browser/scripts/README.md``; every ``*.json`` beside it is played.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "scripts"
PARTS = {"what", "session", "desks", "steps", "facts"}


class Unplayable(ValueError):
    """A script that names a role, a verb or a word that nobody knows."""


@dataclass(frozen=True)
class Step:
    """One thing that one person does."""

    number: int
    role: str
    verb: str
    words: dict[str, Any]

    def __str__(self) -> str:
        return f"step {self.number}: {self.role} {self.verb} {json.dumps(self.words, ensure_ascii=False)}"


@dataclass(frozen=True)
class Script:
    name: str
    what: str
    session: dict[str, Any]
    desks: dict[str, dict[str, Any]]
    steps: list[Step]
    facts: dict[str, Any]


def load(path: Path) -> Script:
    said = json.loads(path.read_text())
    if unknown := sorted(set(said) - PARTS):
        raise Unplayable(f"{path.name}: no part is called {', '.join(unknown)}")
    steps = [Step(n, *_three(path, n, row)) for n, row in enumerate(said["steps"], 1)]
    return Script(path.stem, said["what"], said["session"], said.get("desks", {}), steps, said["facts"])


def _three(path: Path, number: int, row: Any) -> tuple[str, str, dict[str, Any]]:
    if not (isinstance(row, list) and len(row) in (2, 3) and all(isinstance(word, str) for word in row[:2])):
        raise Unplayable(f'{path.name}, step {number}: write ["role", "verb", {{…}}]')
    return row[0], row[1], row[2] if len(row) == 3 else {}


def act_of(cast: dict[str, Any], step: Step) -> Callable[[], None]:
    """What the step does, refused by name before anybody moves."""
    if step.role not in cast:
        raise Unplayable(f"{step}: nobody plays this role")
    act = None if step.verb.startswith("_") else getattr(type(cast[step.role]), step.verb, None)
    if not inspect.isfunction(act):
        raise Unplayable(f"{step}: he cannot do this")
    try:
        inspect.signature(act).bind(cast[step.role], **step.words)
    except TypeError as error:
        raise Unplayable(f"{step}: {error}") from None
    return lambda: act(cast[step.role], **step.words)
