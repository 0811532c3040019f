"""What this app does about events; importing the package registers every handler."""

from . import assignments, notices, outcomes

__all__ = ["assignments", "notices", "outcomes"]
