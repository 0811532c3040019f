"""Who may: outcomes, assignments and notices. Importing this package registers every right."""

from . import assignments, notices, outcomes

__all__ = ["assignments", "notices", "outcomes"]
