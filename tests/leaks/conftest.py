"""The world is built once; what a test does to it is undone by its own transaction."""

from __future__ import annotations

import pytest

from tests.leaks.world import World


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()
