"""Woken by beat; each finds its own rows, so that a second clock changes nothing."""

from . import notices, satisfaction

__all__ = ["notices", "satisfaction"]
