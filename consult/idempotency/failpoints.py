"""Places where a test may make the process die, stall or fail: ``TESTING=1 FAILPOINT=after_commit:exit``.

``before_commit`` and ``after_commit`` stand around the transaction of a request that carries a key;
``file_written`` stands between a file on the disk and the row that names it.
Without TESTING=1 in the environment nothing here does anything.
"""

import os
import time

NAMES = ("before_commit", "after_commit", "file_written")
_SLEEP = 30.0


class FailpointError(RuntimeError):
    """The test asked for it."""


def failpoint(name: str) -> None:
    """Do what the environment asks at this point: exit, sleep (``sleep=0.5``) or raise; usually nothing."""
    if os.environ.get("TESTING") != "1":
        return
    for wish in os.environ.get("FAILPOINT", "").split(","):
        wanted, _, action = wish.partition(":")
        if wanted == name:
            _fail(name, action)


def _fail(name: str, action: str) -> None:
    verb, _, argument = action.partition("=")
    if verb == "exit":
        os._exit(int(argument or 137))  # no clean-up: this is what a killed process looks like
    elif verb == "sleep":
        time.sleep(float(argument or _SLEEP))
    elif verb == "raise":
        raise FailpointError(name)
