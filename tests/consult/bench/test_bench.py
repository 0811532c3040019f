"""That `./run bench` runs and tells everything; how fast pages are is never a test (docs/performance.md)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import psycopg
import pytest

from consult.bench.rounds import Line

BASE = Path(__file__).resolve().parents[3]
PAGES = {
    "bare constant",
    "bare list",
    "board list",
    "board list, drawn",
    "board list of a kind, drawn",
    "board list of a year, drawn",
    "board list of words, drawn",
    "bare detail",
    "notice",
    "notice, drawn",
    "staff list of matters",
    "bare API list",
    "API list of notices",
    "API list of matters, token",
    "screen, unchanged",
    "screen, whole",
}


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_it_tells_everything_and_leaves_nothing():
    """One run for all that is asked of it: it starts servers of its own and asks them for a minute."""
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "consult.bench", "--quick", "--json", "--rounds", "1"]
    with subprocess.Popen(command, cwd=BASE, env=env, stdout=PIPE, stderr=PIPE, text=True) as bench:
        out, trouble = bench.communicate(timeout=580)
    assert bench.returncode in (0, 1), trouble[-2000:]
    told = json.loads(out)
    every_page_is_told(told)
    queries_do_not_grow_and_the_board_counts_nothing(told)
    assert told["first_view"]["foreign"] == [] and told["first_view"]["kilobytes"] < 60
    assert len(told["worker_mb"]) == 2
    with psycopg.connect(os.environ["DATABASE_URL"]) as link:
        name = f"consult_bench_{bench.pid}"
        assert link.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name]).fetchone() == (0,)


def every_page_is_told(told: dict) -> None:
    for rows in (200, 2_000):
        lines = {line["page"]: line for line in told["lines"] if line["rows"] == rows}
        assert set(lines) == PAGES
        assert all(line["per_second"] > 0 for line in lines.values())
        assert all(line["ratio"] for line in lines.values() if line["page"] != "bare constant")


def queries_do_not_grow_and_the_board_counts_nothing(told: dict) -> None:
    lines = {(line["rows"], line["page"]): line for line in told["lines"]}
    for page in PAGES:
        assert lines[200, page]["queries"] == lines[2_000, page]["queries"], page
    for (_rows, page), line in lines.items():
        if page.startswith(("board list", "notice")):
            assert line["counts"] == 0 and line["queries"] <= 3, page


def test_a_missed_floor_is_missed():
    line = Line(1000, "notice", 100.0, 1.0, 2.0, 500, "bare detail", 0.39, 0.4)
    assert line.missed
    assert not Line(1000, "notice", 100.0, 1.0, 2.0, 500, "bare detail", 0.41, 0.4).missed
    assert not Line(1000, "staff list", 100.0, 1.0, 2.0, 500, "bare list", 0.1, 0.0).missed
