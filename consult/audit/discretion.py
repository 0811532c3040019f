"""What the record must not hold: it cannot be corrected later, so personal contact data never goes in."""

import re
from typing import Any

_PERSONAL = frozenset(
    ["phone", "mobile", "telephone", "contact", "contacts", "email", "address", "id_number", "id_card"]
    + ["identity", "bank_card", "wechat", "password"]
)
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)([1-9]\d{5})(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")


def masked(text: str) -> str:
    """Phone and identity numbers that were typed into a sentence keep only their ends."""
    return _MOBILE.sub(r"\1****\2", _IDENTITY.sub(r"\1************", text))


def discreet(data: Any) -> Any:
    """The same data with numbers masked; a key that names personal data is a programming error."""
    if isinstance(data, dict):
        personal = sorted(_PERSONAL & {str(key).lower() for key in data})
        if personal:
            raise ValueError(f"personal data does not belong in the record: {', '.join(personal)}")
        return {key: discreet(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [discreet(value) for value in data]
    return masked(data) if isinstance(data, str) else data
