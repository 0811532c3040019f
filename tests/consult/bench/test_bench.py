"""That `./run bench` runs and tells everything; how fast pages are is never a test (docs/performance.md)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

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
}


@pytest.fixture(scope="module")
def told() -> dict:
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "consult.bench", "--quick", "--json", "--rounds", "1"]
    done = subprocess.run(command, cwd=BASE, env=env, capture_output=True, text=True, timeout=280)
    assert done.returncode in (0, 1), done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.faults
def test_every_page_is_told_for_every_number_of_notices(told):
    for rows in (200, 2_000):
        lines = {line["page"]: line for line in told["lines"] if line["rows"] == rows}
        assert set(lines) == PAGES
        assert all(line["per_second"] > 0 for line in lines.values())
        assert all(line["ratio"] for line in lines.values() if line["page"] != "bare constant")


@pytest.mark.faults
def test_queries_do_not_grow_and_the_board_counts_nothing(told):
    lines = {(line["rows"], line["page"]): line for line in told["lines"]}
    assert {page: lines[200, page]["queries"] for page in PAGES} == {
        page: lines[2_000, page]["queries"] for page in PAGES
    }
    for (_rows, page), line in lines.items():
        if page.startswith(("board list", "notice")):
            assert line["counts"] == 0 and line["queries"] <= 3, page


@pytest.mark.faults
def test_the_first_view_is_light_and_asks_nobody_else(told):
    view = told["first_view"]
    assert view["foreign"] == []
    assert view["kilobytes"] < 60


@pytest.mark.faults
def test_nothing_is_left_behind(told):
    with psycopg.connect(os.environ["DATABASE_URL"]) as link:
        left = link.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'consult_bench_%%'").fetchone()
    assert left == (0,)


def test_a_missed_floor_is_missed():
    line = Line(1000, "notice", 100.0, 1.0, 2.0, 500, "bare detail", 0.39, 0.4)
    assert line.missed
    assert not Line(1000, "notice", 100.0, 1.0, 2.0, 500, "bare detail", 0.41, 0.4).missed
    assert not Line(1000, "staff list", 100.0, 1.0, 2.0, 500, "bare list", 0.1, 0.0).missed
