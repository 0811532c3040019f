"""Children that do not outlive their parent, locks that do not outlive their owner."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1


def die_with_parent(number: int) -> Callable[[], None] | None:
    """A preexec function: the kernel signals the child when the thread that started it ends, however (Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it ended in between
            os._exit(1)

    return arrange


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | Path = "/",
    out: IO[bytes] | int | None = None,
    ending: int = signal.SIGTERM,
    account: Mapping[str, Any] | None = None,
    session: bool = True,
) -> subprocess.Popen[bytes]:
    """Start a child in a group of its own. Only from the main thread: the child ends with the thread."""
    options: dict[str, Any] = {
        "env": dict(env) if env is not None else None,
        "cwd": str(cwd),
        "stdin": subprocess.DEVNULL if session else None,
        "stdout": out,
        "stderr": subprocess.STDOUT if out is not None else None,
        "start_new_session": session,
        "preexec_fn": die_with_parent(ending),
        **(account or {}),
    }
    return subprocess.Popen([str(part) for part in command], **options)


def end(child: subprocess.Popen[bytes], number: int = signal.SIGTERM, patience: float = 20) -> None:
    """Ask a child to end, then insist; what it started itself goes with it."""
    if child.poll() is None:
        child.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    end_group(child.pid)
    if child.poll() is None:
        child.kill()
    child.wait()


def end_group(leader: int) -> None:
    """Whatever is left of a child's group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def wait_until(fact: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Ask again and again, for a while."""
    limit = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > limit:
            return False
        time.sleep(step)
    return True


class Lock:
    """A file lock; the kernel gives it back when its owner ends, however that happens."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def _take(self, kind: int) -> bool:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a+")
        try:
            fcntl.flock(self._file, kind)
        except BlockingIOError:
            return False
        return True

    def alone(self) -> bool:
        """Take it for oneself, or learn that somebody has it."""
        return self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def together(self, seconds: float = 60) -> bool:
        """Take it with others; waits while somebody has it alone."""
        return wait_until(lambda: self._take(fcntl.LOCK_SH | fcntl.LOCK_NB), seconds)

    def free(self) -> None:
        """Give it back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def taken(self) -> bool:
        """Whether somebody else has it."""
        mine = Lock(self.path)
        try:
            return not mine.alone()
        finally:
            mine.free()

    def note(self, text: str) -> None:
        """What its owner wants others to know."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.write(text)
            self._file.flush()
