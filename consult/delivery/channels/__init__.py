"""One interface for every way out of the machine; the settings name a class per channel.

A channel takes parcels and answers what became of them, group by group as it knows; whoever asked writes each group
down before the next one leaves. It raises nothing and writes no row.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from .base import Answer, Answers, Channel, Parcel, later, never, sent

__all__ = ["Answer", "Answers", "Channel", "Parcel", "channel", "is_configured", "later", "never", "sent"]


def channel(name: str) -> Channel:
    """The channel of that name, as the installation has set it up."""
    return _made(settings.DELIVERY_CHANNELS[name])


def is_configured(name: str) -> bool:
    """Without this nothing is queued for the channel, and nothing leaves by it."""
    return name in settings.DELIVERY_CHANNELS and channel(name).is_configured()


@lru_cache(maxsize=20)
def _made(path: str) -> Channel:
    return cast("Channel", import_string(path)())
