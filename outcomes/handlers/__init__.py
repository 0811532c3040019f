"""What this app does about events; importing the package registers every handler."""

from . import assignments, notices, outcomes, pursuit, subscription

__all__ = ["assignments", "notices", "outcomes", "pursuit", "subscription"]
