"""A database of its own on whatever server is there: made for one run, dropped after it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

PREFIX = "consult_bench_"
PATIENCE = 60  # seconds


@contextmanager
def own_database() -> Iterator[str]:
    """Named after this process; what a killed run left behind goes first."""
    name = f"{PREFIX}{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        for old in _left_behind(link):
            _drop(link, old)
        link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            _drop(link, name)


def _left_behind(link: psycopg.Connection) -> list[str]:
    rows = link.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [rf"^{PREFIX}\d+$"]).fetchall()
    return [name for (name,) in rows if not Path(f"/proc/{name.removeprefix(PREFIX)}").exists()]


def _drop(link: psycopg.Connection, name: str) -> None:
    """What clears up behind 100,000 new rows belongs to the server, and only the server may end it: wait for it."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for _second in range(PATIENCE):
        try:
            link.execute(drop)
            return
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(1)
    link.execute(drop)
