"""Two texts side by side, chosen paragraph by paragraph with plain buttons of a form."""

from __future__ import annotations

from typing import Any

from sessions.models import Minutes
from sessions.services import merging
from sessions.views.marking import pair_of


def shown(base: str, theirs: str, mine: str, chosen: dict[int, str] | None = None) -> list[dict[str, Any]]:
    """The parts as the page draws them, with the words that differ marked where one paragraph stands against one."""
    rows: list[dict[str, Any]] = []
    for part in merging.parts_of(base, theirs, mine):
        if part.is_same:
            rows.append({"same": len([line for line in part.theirs if line.strip()])})
            continue
        lines = {"theirs": list(part.theirs), "mine": list(part.mine)}
        marks: dict[str, Any] = {}
        if len(part.theirs) == len(part.mine) == 1:
            gone, new = pair_of(part.theirs[0], part.mine[0])
            marks = {"theirs_pieces": gone.get("pieces"), "mine_pieces": new.get("pieces")}
        take = (chosen or {}).get(part.number) or part.suggested
        rows.append({"number": part.number, "take": take, "is_open": not part.suggested, **lines, **marks})
    return rows


def picked(minutes: Minutes, sent: Any) -> tuple[str, list[int], dict[int, str]]:
    """The text that was chosen, the places still open, and the choices; the texts are those of the versions named."""
    base, theirs = (_body(minutes, sent.get(name, "")) for name in ("base", "version"))
    parts = merging.parts_of(base, theirs, sent.get("mine", ""))
    chosen = {part.number: sent.get(f"pick-{part.number}", "") for part in parts if part.number}
    return merging.merged(parts, chosen), merging.undecided(parts, chosen), chosen


def _body(minutes: Minutes, version: str) -> str:
    if not (version.isascii() and version.isdigit()):
        return ""
    return minutes.revisions.filter(version=int(version[:9])).values_list("body", flat=True).first() or ""
