"""Processes end with their test, whatever happened to it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: sockets have some hundred bytes for it."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        yield Path(name)


@pytest.fixture
def keep() -> Iterator[Callable[[Any], Any]]:
    """``keep(Web(…))``: whatever has stop() is stopped, the latest first."""
    with ExitStack() as stack:

        def kept(thing: Any) -> Any:
            stack.callback(thing.stop)
            return thing

        yield kept
