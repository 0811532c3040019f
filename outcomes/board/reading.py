"""What the board reads: the host with its totals in one query, its rows in another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from members.models import Organisation
from outcomes.models import PublicNotice
from outcomes.states import BOARD_STATES, PUBLIC_STATES, NoticeState

#: A row as it is read: everything else of it is in ``row_html``.
COLUMNS = (
    "pk",
    "state",
    "kind",
    "number",
    "posted_on",
    "expires_on",
    "withdrawn_on",
    "reason",
    "corrected_by_number",
    "row_html",
)
_FACTS = (
    "pk",
    "region_code",
    "name",
    "short_name",
    "phone",
    "is_sample",
    "board__version",
    "board__totals",
    "board__figures",
)


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """The host of a board and what stands around its list."""

    pk: int
    code: str
    name: str
    short_name: str
    phone: str
    is_sample: bool
    version: int
    totals: dict[str, Any]
    figures: dict[str, dict[str, int]]

    def __str__(self) -> str:
        return self.name

    @property
    def is_demo(self) -> bool:
        return self.is_sample or bool(getattr(settings, "DEMO", False))

    @property
    def posted(self) -> int:
        """How much hangs there."""
        return int(self.totals.get("all", 0))

    @property
    def stamp(self) -> str:
        """Changes with everything of the host that a page shows."""
        return f"{self.pk}.{self.version}.{self.name}.{self.phone}.{self.is_demo:d}"

    def figures_of_year(self, today: date) -> tuple[int, dict[str, int]]:
        """This year's, or the latest there are: a board of old papers shows when they were."""
        years = sorted((int(year) for year, found in self.figures.items() if found.get("raised")), reverse=True)
        year = today.year if today.year in years or not years else years[0]
        return year, self.figures.get(str(year), {})


def facts_of(code: str) -> BoardFacts | None:
    """The board of the CPPCC of this division; None where there is none."""
    if len(code) != 12 or not (code.isascii() and code.isdigit()):
        return None
    row = _open_boards().filter(region_code=code).values_list(*_FACTS).first()
    return None if row is None else _read(row)


def all_facts() -> list[BoardFacts]:
    """Every board there is, for the pages that list them; one query."""
    return [_read(row) for row in _open_boards().order_by("region_code", "pk").values_list(*_FACTS)]


def _open_boards() -> Any:
    return Organisation.objects.hosts().open()


def _read(row: Any) -> BoardFacts:
    own: list[Any]
    *own, version, totals, figures = row
    read: Any = BoardFacts  # the columns are those of _FACTS, in their order
    made: BoardFacts = read(*own, version or 0, totals or {}, figures or {})
    return made


def rows_of(facts: BoardFacts) -> Any:
    """The list, newest first; what was taken down keeps its place."""
    return PublicNotice.objects.on_board(facts.pk)


@dataclass(frozen=True, slots=True)
class Keeper:
    """The host of a board, as the page of one of its notices names it."""

    code: str
    name: str
    phone: str
    is_sample: bool

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Hanging:
    """One notice of a board: what its page needs."""

    pk: int
    uuid: UUID
    state: str
    kind: str
    number: str
    title: str
    summary: str
    posted_on: date
    expires_on: date
    withdrawn_on: date | None
    reason: str
    sha256: str
    sheet: str
    sheet_edition: str
    corrected_by_number: str
    voices: list[dict[str, Any]]
    is_sample: bool
    host: Keeper

    @property
    def is_gone(self) -> bool:
        return self.state not in PUBLIC_STATES

    @property
    def is_demo(self) -> bool:
        return self.host.is_sample or self.is_sample or bool(getattr(settings, "DEMO", False))

    @property
    def stamp(self) -> str:
        """Changes with everything its page shows and that may change."""
        told = (
            self.uuid,
            self.sha256,
            self.sheet_edition,
            self.state,
            self.reason,
            self.corrected_by_number,
            self.voices,
        )
        return "\x1f".join(map(str, (*told, self.host.name, self.host.phone, self.is_demo)))


_HANGING = tuple(Hanging.__dataclass_fields__)[:-1]
_KEEPER = ("host__region_code", "host__name", "host__phone", "host__is_sample")


def hanging(code: str, uuid: UUID) -> Hanging | None:
    """A notice of this board, in one query; anything that is not posted is not there."""
    rows = PublicNotice.objects.filter(uuid=uuid, host__region_code=code, state__in=BOARD_STATES)
    row: Any = next(iter(rows.order_by().values_list(*_HANGING, *_KEEPER)[:1]), None)
    if row is None:
        return None
    end = len(_HANGING)
    read: Any = Hanging  # the columns are those of _HANGING, in their order
    return read(*row[:end], Keeper(*row[end:]))


def snapshot_of(notice: Hanging) -> dict[str, Any]:
    """The whole chain as it was posted."""
    found: dict[str, Any] = PublicNotice.objects.filter(pk=notice.pk).values_list("snapshot", flat=True).get()
    return found


def days_left(state: str, expires_on: date, today: date | None = None) -> int | None:
    """Days until the last one; None once the period is over, whether or not the clock has written it down."""
    left = (expires_on - (today or timezone.localdate())).days
    return left if state == NoticeState.POSTED and left >= 0 else None
