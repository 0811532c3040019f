"""Arithmetic of division codes: 2|2|2|3|3 digits; the level is the last segment that is not all zeros."""

LENGTH = 12
_ENDS = (2, 4, 6, 9, 12)  # where the segments end: province, prefecture, county, township, village


def level_of(code: str) -> int:
    """1 province, 2 prefecture, 3 county, 4 township, 5 village or community.

    Trailing zeros are not counted: 341103100000 is a township, 530900000000 a prefecture.
    """
    padded = _padded(code)
    starts = (0, *_ENDS[:-1])
    return max(level for level, (start, end) in enumerate(zip(starts, _ENDS, strict=True), 1) if int(padded[start:end]))


def prefix_of(code: str) -> str:
    """The digits that every code inside the division begins with: 530900000000 (and 5309) -> 5309."""
    return _padded(code)[: _ENDS[level_of(code) - 1]]


def possible_parents(code: str) -> list[str]:
    """Every code that could be the parent, the nearest first; the parent is the first that exists."""
    prefix = prefix_of(code)
    shorter = [prefix[:end].ljust(LENGTH, "0") for end in reversed(_ENDS) if end < len(prefix)]
    own = _padded(code)
    return list(dict.fromkeys(parent for parent in shorter if parent != own))


def _padded(code: str) -> str:
    if len(code) not in _ENDS or not (code.isascii() and code.isdigit()) or code.startswith("00"):
        raise ValueError(f"{code!r} is not a division code")
    return code.ljust(LENGTH, "0")
