"""Telephone numbers: which are taken, and how they are shown."""

from __future__ import annotations

import re
import unicodedata

from consult.text.cleaning import Refused

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})")
_SERVICE = re.compile(r"(?:400|800)\d{7}|1(?:2|6)\d{3}|110|119|120|122")
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212\u30fc"


def clean_phone(value: str, *, landline: bool = True, service: bool = False) -> str:
    """A mainland number as digits (a landline as 0550-3021234); ``service`` also takes 12345 or 400 numbers."""
    text = unicodedata.normalize("NFKC", str(value)).strip()
    digits = "".join(character for character in text if character not in _DASHES + " ()./\u00b7")
    if digits.startswith(("+", "00")):
        if not digits.startswith(("+86", "0086")):
            raise Refused("foreign", "Only numbers of mainland China can be reached. Please give one")
        digits = digits.removeprefix("+86").removeprefix("0086")
    elif len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    if not digits.isascii() or not digits.isdigit():
        raise Refused("phone", "A telephone number is digits only, for example 13800005566")
    if _MOBILE.fullmatch(digits):
        return digits
    if service and _SERVICE.fullmatch(digits):
        return digits
    if line := _LANDLINE.fullmatch(digits):
        if landline:
            return f"{line[1]}-{line[2]}"
        raise Refused("landline", "Please give a mobile number: a landline receives no messages")
    raise Refused("phone", _reason(digits, landline=landline))


def _reason(digits: str, *, landline: bool) -> str:
    if digits.startswith("1") and len(digits) == 11:
        return "A mobile number begins with 13 to 19. Please check the first digits"
    if digits.startswith("1") and len(digits) < 11:
        return "A mobile number has 11 digits, this one has fewer. Please check it"
    if digits.startswith("1"):
        return "A mobile number has 11 digits, this one has more. Please check it"
    if landline:
        return "A landline needs its area code, for example 0550-3021234"
    return "Please give a mobile number of 11 digits, for example 13800005566"


def mask_phone(number: str) -> str:
    """Enough to recognise one's own number, not enough to call it."""
    if len(number) < 7:
        return "*" * len(number)
    return f"{number[:3]}****{number[-4:]}"
