"""Who may: outcomes, assignments and notices. Importing this package registers every right."""

from . import assignments, files, notices, outcomes

__all__ = ["assignments", "files", "notices", "outcomes"]
