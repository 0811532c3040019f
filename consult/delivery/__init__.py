"""Telling people: an inbox row for everybody, and a mail row for who has an address. Rows first, network later.

tell(account, key="topic.pool:17", title=_("…"), body="…", url="/topics/…/")    once per account and key
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import InboxItem, OutgoingMail
    from .services import (
        Note,
        bulk_tell,
        mark_all_read,
        mark_read,
        recall,
        recall_all,
        send_due_mail,
        tell,
        tell_all,
    )

__all__ = [
    "InboxItem",
    "Note",
    "OutgoingMail",
    "bulk_tell",
    "mark_all_read",
    "mark_read",
    "recall",
    "recall_all",
    "send_due_mail",
    "tell",
    "tell_all",
]
_MODELS = ("InboxItem", "OutgoingMail")


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"{__name__}.{'models' if name in _MODELS else 'services'}"), name)
    raise AttributeError(name)
