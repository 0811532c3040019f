"""The whole of it: tables, stock, server, rounds, figures."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import translation

from consult.bench import flood, hall, screens
from consult.bench.house import Server
from consult.bench.load import LoadError, Visitors
from consult.bench.report import Report
from consult.bench.rounds import Plan, measure
from consult.bench.stock import lay_in
from consult.bench.subjects import subjects_of
from consult.bench.weight import count_queries, counting, first_view
from outcomes.board.sheets import edition_now

__all__ = ["LoadError", "run"]


def sign_in(people: int, kills: int, database: str, folder: Path, *, port: int = 0) -> int:
    """A hall signs in over HTTP while workers are killed; 0 when each was signed in once."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    server = Server(database, folder / "web.log", port)
    try:
        session = hall.a_session()
        server.start()
        kill = hall.kill_one(server.workers)
        outcome = hall.sign_all_in(["127.0.0.1", server.port], session, people, kills, kill)
        print(outcome.as_text(), flush=True)
        return 1 if outcome.wrong else 0
    finally:
        server.stop()
        connection.close()


def watch(viewers: int, seconds: float, database: str, folder: Path, *, port: int = 0) -> int:
    """An audience looks at the screen of a running session; 0 when everybody saw everything in time."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    server = Server(database, folder / "web.log", port)
    try:
        with translation.override("zh-hans"):
            topic = lay_in(folder).topic
            session = hall.a_session()
            server.start()
            watched = screens.watch(server, session, topic, viewers, seconds)
        print(watched.as_text(), flush=True)
        return 1 if watched.wrong else 0
    finally:
        server.stop()
        connection.close()


def remind(sizes: list[int], kills: int) -> int:
    """So many reminders reach a gateway while workers are killed; 0 when each arrived once."""
    call_command("migrate", verbosity=0, interactive=False)
    wrong = 0
    for items in sizes:
        outcome = flood.pour(items, kills)
        print(outcome.as_text(), flush=True)
        wrong += len(outcome.wrong)
    connection.close()
    return 1 if wrong else 0


def run(plan: Plan, database: str, folder: Path, *, port: int = 0, quiet: bool = False) -> Report:
    """Measure with each number of notices in turn, on one server."""
    begun = time.monotonic()
    report = Report()

    def tell(text: str) -> None:
        if not quiet:
            print(f"[bench] {time.monotonic() - begun:6.1f} s  {text}", file=sys.stderr, flush=True)

    tell("tables and files")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    server, edition = Server(database, folder / "web.log", port), edition_now()
    try:
        with translation.override("zh-hans"):
            stock = lay_in(folder)
            for rows in plan.sizes:
                tell(f"{rows:,} notices: written")
                stock.grow(rows)
                if server.child is None:
                    server.start()
                subjects = subjects_of(stock)
                connection.close()
                with closing(Visitors(server.port, folder)) as visitors:
                    lines = measure(subjects, visitors, plan, rows, tell)
                asked = count_queries(subjects)
                for line in lines:
                    line.queries, line.counts = len(asked[line.page]), counting(asked[line.page])
                report.lines += lines
        if edition_now() != edition:
            raise RuntimeError("Templates or words changed in the meantime, so pages were drawn anew: run it again.")
        report.weight = first_view(server, stock.board)
        report.memory = server.memory()
    except LoadError as error:
        raise LoadError(f"{error}\n{server.last_words()}") from error
    finally:
        server.stop()
        connection.close()
    report.seconds = time.monotonic() - begun
    return report
