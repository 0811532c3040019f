"""For templates: how much is unread, asked only where it is shown."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject

from .models import InboxItem


def inbox(request: Any) -> dict[str, Any]:
    """``unread_count``: one indexed query when a page prints it, none otherwise."""
    return {"unread_count": SimpleLazyObject(lambda: _count(request))}


def _count(request: Any) -> int:
    reader = getattr(request, "user", None)
    return InboxItem.objects.visible_to(reader).unread().count() if reader is not None else 0
