"""Which pages are asked, beside which bare one, and how quick they must be."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from consult.bench.load import Subject
from consult.bench.screens import opened
from consult.bench.stock import Stock
from consult.web.keyset import read_page
from outcomes.board.listing import ORDER
from outcomes.models import PublicNotice
from outcomes.states import NoticeKind

LIST_FLOOR, DETAIL_FLOOR, SCREEN_FLOOR = 0.5, 0.4, 1.0
KEYS, WORDS = 400, ("不动产权证", "阳光水岸", "2021", "开发商")

CONSTANT = "bare constant"
LIST = "bare list"
DETAIL = "bare detail"
API = "bare API list"


def subjects_of(stock: Stock) -> list[Subject]:
    """Bare ones first; a name ending in «drawn» is never answered from a kept copy."""
    uuids = stock.uuids()
    some = uuids[:: max(1, len(uuids) // 50)][:50]
    keys = page_keys(stock)
    of_kind = [{"kind": NoticeKind.PROGRESS, "after": key} for key in keys]
    in_year = [{"year": key_year, "after": key} for key, key_year in zip(keys, _years(stock), strict=False)]
    staff = {"Cookie": f"sessionid={stock.session()}"}
    token = {"Authorization": f"Token {stock.token()}"}
    board = stock.board
    return [
        Subject(CONSTANT, ["/bare/"]),
        Subject(LIST, ["/bare/notices/"], CONSTANT),
        Subject("board list", [board], LIST, LIST_FLOOR),
        Subject("board list, drawn", _pages(board, [{"after": key} for key in keys]), LIST, LIST_FLOOR),
        Subject("board list of a kind, drawn", _pages(board, of_kind), LIST),
        Subject("board list of a year, drawn", _pages(board, in_year), LIST),
        Subject("board list of words, drawn", [f"{board}?q={quote(word)}" for word in WORDS], LIST),
        Subject(DETAIL, [f"/bare/notices/{uuid}/" for uuid in uuids], CONSTANT),
        Subject("notice", [f"{board}{uuid}/" for uuid in some], DETAIL, DETAIL_FLOOR),
        Subject("notice, drawn", [f"{board}{uuid}/" for uuid in uuids], DETAIL, DETAIL_FLOOR),
        Subject("staff list of matters", ["/topics/"], LIST, headers=staff),
        Subject(API, ["/bare/api/"], CONSTANT),
        Subject("API list of notices", ["/api/v1/notices/"], API),
        Subject("API list of matters, token", ["/api/v1/topics/"], API, headers=token),
        *_screen(stock),
    ]


def _screen(stock: Stock) -> list[Subject]:
    """The screen in the hall: asked with the present version, and by somebody who has none yet."""
    code, tag = stock.screen()
    path, cookie = [f"/live/{code}/now/"], {"Cookie": opened(code)}
    return [
        Subject(
            "screen, unchanged", path, CONSTANT, SCREEN_FLOOR, headers={"If-None-Match": tag, **cookie}, status=304
        ),
        Subject("screen, whole", path, CONSTANT, headers=cookie),
    ]


def page_keys(stock: Stock) -> list[str]:
    """Keys of pages all the way down the list, in leaps."""
    rows = PublicNotice.objects.on_board(stock.host).values_list("pk", "posted_on", named=True)
    leap = max(1, stock.rows // KEYS)
    keys, after = [], ""
    while page := read_page(rows, ORDER, leap, after=after, before=""):
        if not page.next_key:
            return keys
        after = page.next_key
        keys.append(after)
    return keys


def _years(stock: Stock) -> list[str]:
    """The year in which each of those pages begins."""
    days = PublicNotice.objects.on_board(stock.host).order_by(*ORDER).values_list("posted_on", flat=True)
    leap = max(1, stock.rows // KEYS)
    return [str(day.year) for day in list(days)[leap - 1 :: leap]]


def _pages(address: str, questions: list[dict[str, str]]) -> list[str]:
    return [f"{address}?{urlencode(question)}" for question in questions]
