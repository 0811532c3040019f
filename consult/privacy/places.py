"""Plates of vehicles, and addresses down to the door."""

import re

PLATE, ADDRESS = "plate", "address"

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r"[ \t\u00a0\-‐‑–—_.·・•:]{0,2}"
_ANY = "A-HJ-NP-Z0-9"

_PLATES = re.compile(
    rf"[{_PROVINCE}][ ]?[A-HJ-NP-Z]{_GAP}"
    rf"(?:[A-HJK][{_ANY}]\d{{4}}|\d{{5}}[A-HJK]|[{_ANY}]{{5}}|[{_ANY}]{{4}}[挂学警港澳试超])(?![A-Z0-9])"
    rf"|(?<![A-Z])WJ[{_PROVINCE}]{_GAP}\d{{4,5}}[A-Z]?(?![A-Z0-9])",
    re.IGNORECASE,
)

_NUMBER = r"(?:\d{1,4}|[一二三四五六七八九十百零〇]{1,5})(?:[-之]\d{1,4})?"
_STREET = rf"[^\W\d]{{1,12}}(?:路|街|道|巷|弄|胡同|里)[ ]?{_NUMBER}[ ]?号(?![文令公])"
_VILLAGE = rf"[^\W\d]{{1,12}}(?:村|屯|寨|组|庄)[ ]?(?:门牌)?{_NUMBER}[ ]?号(?![文令公议提建])"
_BUILDING = rf"(?:{_NUMBER}|[A-Z])[ ]?(?:号楼|栋|幢|座|单元)"
_ROOM = rf"{_NUMBER}[ ]?(?:室|户(?!数|均|[^\W\d]))"
_ADDRESSES = re.compile(
    rf"(?:{_STREET}|{_VILLAGE})(?:[ ]?{_BUILDING}){{0,3}}(?:[ ]?{_ROOM})?|(?:{_BUILDING}[ ]?){{1,3}}{_ROOM}",
    re.IGNORECASE,
)


def find_plates(text: str) -> list[tuple[int, int]]:
    """Stretches that read like a vehicle's plate: two figures at least, as every plate has."""
    return [m.span() for m in _PLATES.finditer(text) if sum(map(str.isdigit, m.group())) >= 2]


def find_addresses(text: str) -> list[tuple[int, int]]:
    """Stretches that name a door: street or village with its number, or building with its room."""
    return [m.span() for m in _ADDRESSES.finditer(text)]
