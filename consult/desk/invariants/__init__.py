"""What must hold whatever has failed: RELIABILITY «Acceptance matrix», I1 to I12 as far as this platform has them.

Each check answers sentences about what does not hold. ``manage.py check_invariants`` prints them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from consult.files.services import missing_copies, missing_files, stray_files
from consult.idempotency.services import doubles
from consult.numbering.services import gaps
from outcomes.services.notices import broken_releases
from sessions.services import broken_chains

from . import acknowledged, meetings, recorded, reminded


@dataclass(frozen=True)
class Violation:
    """One sentence about one thing, under the name of the invariant."""

    invariant: str
    text: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.text}"


def _double_answers() -> Iterable[str]:
    return (f"{key}: more than one stored answer" for key in doubles())


def _files() -> Iterator[str]:
    for missing in missing_files():
        yield f"file {missing.attachment.uuid} ({missing.attachment.name}): {missing.why}"
    for copy in missing_copies():
        yield f"public copy {copy.uuid}: its picture is gone or another"
    for path in stray_files():
        yield f"file {path.name}: no row knows it"


CHECKS: tuple[tuple[str, Callable[[], Iterable[str]]], ...] = (
    ("I1", acknowledged.lost_effects),
    ("I2", _double_answers),
    ("I3", meetings.double_check_ins),
    ("I3", meetings.broken_check_ins),
    ("I5", meetings.double_bookings),
    ("I5", meetings.broken_seats),
    ("I7", broken_releases),
    ("I8", reminded.broken_reminders),
    ("I10", _files),
    ("I11", broken_chains),
    ("I12", recorded.unrecorded_moves),
    ("I12", recorded.broken_histories),
    ("I12", gaps),
    ("I12", recorded.stray_numbers),
)
NAMES = tuple(dict.fromkeys(name for name, _check in CHECKS))


def violations(only: Iterable[str] = ()) -> Iterator[Violation]:
    """Every violation of every check, or of those that are named."""
    wanted = set(only) or set(NAMES)
    for name, check in CHECKS:
        if name in wanted:
            for text in check():
                yield Violation(name, text)
