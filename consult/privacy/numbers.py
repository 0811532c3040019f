"""Numbers that belong to one person: mobile phones, identity numbers, bank cards.

The text is cut into chains: groups of digits with at most a little space or punctuation between them. A personal
number is a run of whole groups, so that a twelve-digit division code never contains an eleven-digit phone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

PHONE, ID, BANK_CARD = "phone", "id", "bank_card"

_GAP = r"[ \t\u00a0\-‐‑‒–—―−_./·・•()*,、，]"
_CHAIN = re.compile(rf"\d+(?:{_GAP}{{1,3}}\d+)*")
_GROUP = re.compile(r"\d+")
_LONGEST = 23  # 0086 and a card of nineteen digits
_MOST_GROUPS = 19

_PHONE_SHAPES = frozenset(
    [
        (11,), (3, 8), (4, 7), (5, 6), (6, 5), (7, 4), (8, 3),
        (3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (5, 3, 3), (3, 5, 3),
        (3, 2, 2, 2, 2), (3, 4, 2, 2), (3, 2, 2, 4), (1,) * 11,
    ]
)  # fmt: skip
_LISTING = set(",、，")  # these stand between figures of a list as well: only the usual shape counts
_AMOUNT_AFTER = re.compile(r"(?:\.\d{1,2})?[ ]?(?:[万亿]?元(?![旦宵])|[万亿])")
_AMOUNT_BEFORE = re.compile(r"[¥$][ ]?$")
_CALL_ME = re.compile(
    r"(?:电话|手机|手机号|手机号码|联系方式|微信|tel|phone|mobile)(?:号|号码)?[ ]?[::是为]?[ ]?$", re.IGNORECASE
)

_PROVINCES = frozenset(
    str(code)
    for first, last in [(11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83)]
    for code in range(first, last + 1)
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Number:
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Some neighbouring groups of a chain."""

    digits: str
    shape: tuple[int, ...]
    gaps: str
    start: int
    end: int


def find_numbers(text: str) -> list[Number]:
    """Every personal number in the folded text, none overlapping another."""
    found: list[Number] = []
    for chain in _CHAIN.finditer(text):
        if sum(map(str.isdigit, chain.group())) < 11:
            continue
        for run in _runs(text, chain):
            number = _read(text, run)
            if number and not any(number.start < other.end and other.start < number.end for other in found[-4:]):
                found.append(number)
    return found


def _runs(text: str, chain: re.Match[str]) -> Iterator[_Run]:
    """Runs of whole groups, the longest first at each place, so that a card is not read as two phones."""
    groups = [(chain.start() + g.start(), chain.start() + g.end()) for g in _GROUP.finditer(chain.group())]
    for first in range(len(groups)):
        runs = []
        shape: tuple[int, ...] = ()
        for start, end in groups[first : first + _MOST_GROUPS]:
            shape = (*shape, end - start)
            if sum(shape) > _LONGEST:
                break
            if sum(shape) >= 11:
                begin = groups[first][0]
                whole = text[begin:end]
                digits = "".join(filter(str.isdigit, whole))
                gaps = "".join(char for char in whole if not char.isdigit())
                runs.append(_Run(digits, shape, gaps, begin, end))
        yield from reversed(runs)


def _read(text: str, run: _Run) -> Number | None:
    length = len(run.digits)
    if length == 17 and text[run.end : run.end + 3].lstrip(" -").upper().startswith("X"):
        end = text.upper().index("X", run.end) + 1
        if is_identity_number(run.digits + "X") and not text[end : end + 1].isalnum():
            return Number(ID, run.start, end)
    if length == 18 and is_identity_number(run.digits):
        return Number(ID, run.start, run.end)
    if length == 15 and run.shape in {(15,), (6, 6, 3)} and is_old_identity_number(run.digits):
        return Number(ID, run.start, run.end)
    if 16 <= length <= 19 and _written_like_a_card(run) and is_bank_card(run.digits):
        return Number(BANK_CARD, run.start, run.end)
    return _read_phone(text, run)


def _read_phone(text: str, run: _Run) -> Number | None:
    shape = _without_prefix(run)
    if shape is None or len(run.digits) < 11 or not re.fullmatch(r"1[3-9]\d{9}", run.digits[-11:]):
        return None
    if _AMOUNT_BEFORE.search(text[max(0, run.start - 2) : run.start]) or _AMOUNT_AFTER.match(text, run.end):
        return None
    if _LISTING & set(run.gaps):
        years = run.digits[-8:-6] in {"19", "20"} and run.digits[-4:-2] in {"19", "20"}
        usual = shape in {(11,), (3, 4, 4), (3, 8)} and not years
    else:
        usual = shape in _PHONE_SHAPES
    if usual or _CALL_ME.search(text[max(0, run.start - 12) : run.start]):
        return Number(PHONE, run.start, run.end)
    return None


def _without_prefix(run: _Run) -> tuple[int, ...] | None:
    """The shape of the last eleven digits when what stands before them is nothing, 86, 0086 or 0."""
    prefix = run.digits[:-11]
    if prefix not in {"", "86", "0086", "0", "086"}:
        return None
    shape, left = list(run.shape), len(prefix)
    while left and shape and shape[0] <= left:
        left -= shape.pop(0)
    if left:
        shape[0] -= left
    return tuple(shape)


def _written_like_a_card(run: _Run) -> bool:
    """In one piece or by fours; a list of figures, or of years, is no card."""
    if len(run.shape) == 1 or run.shape in {(6, 10), (6, 12), (6, 13), (8, 8), (8, 11)}:
        return True
    by_fours = len(run.shape) in {4, 5} and all(size == 4 for size in run.shape[:-1]) and run.shape[-1] <= 4
    years = all(run.digits[place : place + 2] in {"19", "20"} for place in range(0, len(run.digits), 4))
    return by_fours and not years and not _LISTING & set(run.gaps)


def is_identity_number(digits: str) -> bool:
    """Eighteen characters of GB 11643: a province, a birthday and the check character."""
    if digits[:2] not in _PROVINCES or not _is_day(digits[6:10], digits[10:12], digits[12:14]):
        return False
    if not 1850 <= int(digits[6:10]) <= 2099:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[17]


def is_old_identity_number(digits: str) -> bool:
    """Fifteen digits as issued until 1999: a province and a birthday, no check character."""
    return (
        digits[:2] in _PROVINCES and digits[2:6] != "0000" and _is_day(f"19{digits[6:8]}", digits[8:10], digits[10:12])
    )


def is_bank_card(digits: str) -> bool:
    """Luhn's check; no time stamp, no credit code of an organisation, no run of one digit."""
    if digits[0] == "0" or len(set(digits)) < 2 or _is_day(digits[:4], digits[4:6], digits[6:8]):
        return False
    if len(digits) == 18 and is_credit_code(digits):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_credit_code(code: str) -> bool:
    """The eighteen characters of GB 32100 by which an organisation, not a person, is known."""
    if (
        code[0] not in "159"
        or code[2:4] not in _PROVINCES | {"10"}
        or any(char not in _CREDIT_ALPHABET for char in code)
    ):
        return False
    total = sum(_CREDIT_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return _CREDIT_ALPHABET[(31 - total) % 31] == code[17]


def _is_day(year: str, month: str, day: str) -> bool:
    if not 1850 <= int(year) <= 2099:
        return False
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
