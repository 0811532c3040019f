"""What a log must not hold: addresses that open something to whoever knows them."""

from __future__ import annotations

import logging
import re
from typing import Any

#: /s/<token>/ signs in, /s/in/<number>/ asks for the floor, /r/<token>/ replies, /a/<token>/ answers an assignment,
#: /o/<token>/ remarks on minutes, /j/<token>/ signs up for a session, /rate/<token>/ says how satisfied,
#: /calendar/<token>.ics reads somebody's sessions.
_OPENS = re.compile(r"(/(?:s/in|s|r|a|o|j|rate|calendar)/)[A-Za-z0-9_=-]{16,}")


def without_tokens(text: str) -> str:
    return _OPENS.sub(r"\1…", text)


class WithoutTokens(logging.Filter):
    """Django writes the path of every refused request; the token in it is left out."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = without_tokens(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_clean(value) for value in record.args)
        return True


def _clean(value: Any) -> Any:
    return without_tokens(value) if isinstance(value, str) else value
