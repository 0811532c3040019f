"""What stands around the list of a board: totals and figures, kept with every release and computable again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F

from consult.regions.services import names_of
from outcomes.chain.values import figure_of
from outcomes.models import Board, PublicNotice
from outcomes.states import BOARD_STATES, PUBLIC_STATES, NoticeState
from topics.states import TopicState

#: Figures of a year, in the order of the four slips; of one matter the greatest released so far counts once.
FIGURES = ("raised", "taken", "sessions", "residents", "settled", "asked", "pleased")


def figures_of(snapshot: dict[str, Any]) -> dict[str, int]:
    """What one released chain says: raised, taken up, sessions, residents who came, settled, satisfied of asked."""
    chain = snapshot.get("chain") or {}
    if not chain:
        return {}
    result = (chain.get("satisfaction") or {}).get("result") or {}
    came = [
        figure_of(line.get("count") or 1)[0]
        for session in chain.get("sessions", [])
        for line in session.get("participants", [])
        if line["category"] == "resident" and line.get("attendance") == "present"
    ]
    return {
        "raised": 1,
        "taken": int("claim" in chain or "approval" in chain),
        "sessions": len(chain.get("sessions", [])),
        "residents": sum(came),
        "settled": int(chain["topic"]["state"] == TopicState.CLOSED),
        "asked": sum(result.values()),
        "pleased": result.get("satisfied", 0) + result.get("basically", 0),
    }


def greatest(figures: Iterable[dict[str, int]]) -> dict[str, int]:
    """Of the notices of one matter the furthest: later steps count more, nothing counts twice."""
    rows = list(figures)
    return {name: max((row.get(name, 0) for row in rows), default=0) for name in FIGURES}


def lock_board(host_id: int) -> Board:
    Board.objects.bulk_create([Board(host_id=host_id)], ignore_conflicts=True)
    return Board.objects.select_for_update(of=("self",), no_key=True).select_related("host").get(host_id=host_id)


def touch(host_id: int) -> None:
    """Something on the board reads differently: pages kept under the old version are not shown any more."""
    Board.objects.filter(host_id=host_id).update(version=F("version") + 1)


def add(notice: PublicNotice) -> None:
    """A notice has been posted."""
    board = lock_board(notice.host_id)
    _count(board.totals, notice, 1)
    if notice.township:
        _name_township(board, notice)
    _count_figures(board, notice, before=_others(notice), after=[*_others(notice), notice.figures])
    _save(board)


def take_down(notice: PublicNotice) -> None:
    """It keeps its place in the list, but not under its township, and its figures no longer count."""
    board = lock_board(notice.host_id)
    if notice.township:
        _step(board.totals["townships"][notice.township], "n", -1)
    _count_figures(board, notice, before=[*_others(notice), notice.figures], after=_others(notice))
    _save(board)


def _count(totals: dict[str, Any], notice: PublicNotice, by: int) -> None:
    _step(totals, "all", by)
    _step(totals.setdefault("kinds", {}), notice.kind, by)
    _step(totals.setdefault("years", {}), str(notice.posted_on.year), by)
    if notice.township and notice.state != NoticeState.WITHDRAWN:
        _step(totals.setdefault("townships", {}).setdefault(notice.township, {}), "n", by)


def _step(counts: dict[str, Any], key: str, by: int) -> None:
    counts[key] = counts.get(key, 0) + by


def _name_township(board: Board, notice: PublicNotice) -> None:
    entry = board.totals["townships"][notice.township]
    if "name" not in entry:
        code = f"{notice.township}000"
        path = names_of([code], below=board.host.region_code).get(code, code)
        entry["name"] = path.replace(" / ", " ")


def _others(notice: PublicNotice) -> list[dict[str, int]]:
    """Figures of the other notices of the matter that are on the board for the same year."""
    if notice.topic_id is None:
        return []
    rows = PublicNotice.objects.filter(topic_id=notice.topic_id, posted_on__year=notice.posted_on.year)
    return list(rows.public().exclude(pk=notice.pk).values_list("figures", flat=True))


def _count_figures(
    board: Board, notice: PublicNotice, *, before: list[dict[str, int]], after: list[dict[str, int]]
) -> None:
    if not notice.figures:
        return
    year = board.figures.setdefault(str(notice.posted_on.year), dict.fromkeys(FIGURES, 0))
    was, now = greatest(before), greatest(after)
    for name in FIGURES:
        _step(year, name, now[name] - was[name])


def _save(board: Board) -> None:
    board.version += 1
    board.save(update_fields=["version", "totals", "figures"])


# computed again


def counted(host_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Totals and figures from the notices themselves."""
    totals: dict[str, Any] = {}
    matters: dict[tuple[int, str], list[dict[str, int]]] = {}
    rows = PublicNotice.objects.filter(host_id=host_id, state__in=BOARD_STATES)
    rows = rows.only("kind", "state", "posted_on", "township", "topic_id", "figures")
    for notice in rows.iterator(chunk_size=2000):
        _count(totals, notice, 1)
        if notice.topic_id and notice.state in PUBLIC_STATES and notice.figures:
            matters.setdefault((notice.topic_id, str(notice.posted_on.year)), []).append(notice.figures)
    figures: dict[str, Any] = {}
    for (_topic, year), released in matters.items():
        of_year = figures.setdefault(year, dict.fromkeys(FIGURES, 0))
        for name, number in greatest(released).items():
            of_year[name] += number
    return totals, figures


@transaction.atomic
def rebuild_board(host_id: int) -> Board:
    """After rows were brought in otherwise than by posting them."""
    board = lock_board(host_id)
    board.totals, board.figures = counted(host_id)
    codes = [f"{township}000" for township in board.totals.get("townships", {})]
    names = names_of(codes, below=board.host.region_code)
    for township, entry in board.totals.get("townships", {}).items():
        entry["name"] = names.get(f"{township}000", f"{township}000").replace(" / ", " ")
    _save(board)
    return board


def check_boards() -> list[str]:
    """Boards whose totals or figures differ from what the notices say (I9)."""
    wrong = []
    for board in Board.objects.select_related("host"):
        totals, figures = counted(board.host_id)
        if _bare(board.totals) != _bare(totals) or _bare(board.figures) != _bare(figures):
            wrong.append(f"{board.host}: the board says {_bare(board.totals)}, the notices {_bare(totals)}")
    return wrong


def _bare(counts: dict[str, Any]) -> dict[str, Any]:
    """Without names and zeros."""
    bare = {key: _bare(value) if isinstance(value, dict) else value for key, value in counts.items() if key != "name"}
    return {key: value for key, value in bare.items() if value not in (0, {})}
