"""Telling people: an inbox row for everybody, and a mail row for who has an address. Rows first, network later.

tell(account, key="topic.pool:17", title=_("…"), body="…", url="/topics/…/")    once per account and key
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import InboxItem
    from .notes import Note
    from .sending import send_due_mail
    from .services import mark_all_read, mark_read, recall, tell, tell_all
    from .telling import bulk_tell, recall_all

__all__ = [
    "InboxItem",
    "Note",
    "bulk_tell",
    "mark_all_read",
    "mark_read",
    "recall",
    "recall_all",
    "send_due_mail",
    "tell",
    "tell_all",
]
# Resolved on first use: models cannot be imported while Django still collects its apps.
_ELSEWHERE = {
    "InboxItem": "models",
    "Note": "notes",
    "bulk_tell": "telling",
    "recall_all": "telling",
    "send_due_mail": "sending",
}


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'services')}"), name)
    raise AttributeError(name)
