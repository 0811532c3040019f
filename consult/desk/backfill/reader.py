"""Read one case file (补录): a matter with its whole chain, or the list of what to mend.

``read_file(path)`` and ``read_bytes(data, name)`` answer a ``Reading``: either ``case`` (a ``CaseFile``) or
``problems``, never both and never an exception. Nothing is stored here. For whoever loads:

- ``case.topic``, ``.screening``, ``.approval`` | ``.claim``, ``.field_study``, ``.sessions``, ``.minutes_of(session)``,
  ``.outcome``, ``.assignments``, ``.satisfaction``, ``.notice`` are the blocks of the file (``schema.py``); enumerated
  words are the values of the apps' own choices.
- figures are ``Figure(n, about)`` with ``about`` one of "", "over", "under"; ``int(figure)`` for a count.
- ``case.when(path)`` is the business date of a move, ``.implied`` when the file leaves it out and the next dated move
  gives it. The paths are those of the keys: ``topic.raised_on``, ``screening.date``, ``approval.party_on``,
  ``claim.date``, ``minutes.drafted_on`` (or ``sessions.0.minutes.drafted_on``; use ``minutes.at("drafted_on")``),
  ``outcome.submitted_on``, ``outcome.adopted_on``, ``assignments.0.issued_on``, ``assignments.0.progress.0.date``,
  ``assignments.0.reply.date``, ``assignments.0.verification.date``, ``assignments.0.closed_on``,
  ``satisfaction.date``, ``notice.posted_on``. A path that has no answer is a move that was not made: an
  ``outcome.adopted_on`` without one is an outcome not adopted, ``minutes.signed_on`` minutes not signed.
- ``case.marks`` are the single values that are samples (示例), ``case.is_sample(path)`` asks for one.
- ``case.key`` with the host identifies the matter, ``case.sha256`` the file that was read.
- ``case.lines[path]`` is the line of a value, ``part.at(key)`` its path: with them a refusal by a service becomes a
  ``Problem`` of the same form (``problem_at``).
- Left to the loader, because they need the database: that ``screening.into`` is a matter of the same host, and that
  the key is not loaded yet.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.regions import Region

from .checks import FindRegion, check_case, check_privacy
from .document import SIZE_AT_MOST, read_document
from .kinds import Block
from .marks import expand_marks
from .order import Chain
from .problems import Problem, Problems
from .schema import CaseFile


@dataclass(frozen=True, slots=True)
class Reading:
    """A matter, or what keeps its file from being one."""

    case: CaseFile | None
    problems: list[Problem]


def read_file(path: str | Path, *, find_region: FindRegion | None = None, today: date | None = None) -> Reading:
    """Read a file; one that is not there or cannot be opened is a problem like any other."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_AT_MOST + 1)
    except (OSError, ValueError) as error:
        problems = Problems(str(path))
        problems.add("", _("The file cannot be opened."), getattr(error, "strerror", "") or "")
        return Reading(None, problems.in_order())
    return read_bytes(data, str(path), find_region=find_region, today=today)


def read_bytes(data: bytes, name: str, *, find_region: FindRegion | None = None, today: date | None = None) -> Reading:
    """Read what is in a file, the name being only for the messages."""
    problems = Problems(name)
    root = read_document(data, problems)
    if root is None:
        return Reading(None, problems.in_order())
    case = Block(CaseFile).read(root, "", problems)
    check_privacy(root, problems)
    marks = expand_marks(root, problems)
    check_case(case, once(find_region or region_path), problems)
    chain = Chain(case)
    chain.check(today or timezone.localdate(), problems)
    if problems.found:
        return Reading(None, problems.in_order())
    read = replace(
        case, marks=marks, dates=chain.dates(), sha256=hashlib.sha256(data).hexdigest(), lines=dict(problems.lines)
    )
    return Reading(read, [])


def region_path(code: str) -> str | None:
    """The path of a division of the national table, abolished ones included: the papers are older than we."""
    return Region.objects.filter(code=code).values_list("path", flat=True).first()


def once(find_region: FindRegion) -> FindRegion:
    """Ask for each code once."""
    known: dict[str, str | None] = {}

    def find(code: str) -> str | None:
        if code not in known:
            known[code] = find_region(code)
        return known[code]

    return find


def problem_at(case: CaseFile, file: str, path: str, message: str, remedy: str = "") -> Problem:
    """A refusal met while loading, with the line of the value it is about."""
    problems = Problems(file, lines=case.lines)
    return Problem(file, problems.line_of(path), path, message, remedy)
