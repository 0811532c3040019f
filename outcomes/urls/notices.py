"""Paths of public notices."""

from typing import Any

paths: list[Any] = []
