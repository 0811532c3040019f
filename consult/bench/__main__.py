"""`python -m consult.bench`: the launcher names the servers; everything else is made here and taken away."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import django

from consult.bench.database import own_database

if TYPE_CHECKING:
    from consult.bench.report import Report
    from consult.bench.rounds import Plan


def main(arguments: list[str]) -> int:
    """0 when every floor is kept, 1 when one is missed, 2 when nothing could be measured."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, _ended)
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder, own_database() as database:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "consult.settings.bench", "CONSULT_DATABASE_NAME": database}
        os.environ.setdefault("CONSULT_STATIC_ROOT", str(Path(folder) / "static"))
        django.setup()
        from consult.bench import run  # noqa: PLC0415  models can be loaded only now

        if options.reminders:
            return run.remind([int(word) for word in options.reminders.split(",")], min(options.kills, 2))
        if options.sign_ins:
            return run.sign_in(options.sign_ins, options.kills, database, Path(folder), port=options.port)
        if options.screens:
            return run.watch(options.screens, options.seconds or 60.0, database, Path(folder), port=options.port)
        try:
            report = run.run(_plan(options), database, Path(folder), port=options.port, quiet=options.json)
        except (run.LoadError, RuntimeError) as error:
            print(f"Nothing was measured: {error}", file=sys.stderr)
            return 2
    _tell(report, options)
    return 1 if report.missed else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description="Pages of the house beside bare ones, as ratios.")
    parser.add_argument("--quick", action="store_true", help="few notices, short rounds: that it runs, not how fast")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--rows", help="numbers of notices, ascending, for example 1000,100000")
    parser.add_argument("--rounds", type=int, help="how often every page is asked in turn")
    parser.add_argument("--seconds", type=float, help="how long a page is asked in one round")
    parser.add_argument("--sign-ins", type=int, default=0, help="instead: so many people sign in to one session")
    parser.add_argument("--reminders", help="instead: so many assignments fall due, for example 1000,100000")
    parser.add_argument("--kills", type=int, default=12, help="web workers killed meanwhile")
    parser.add_argument("--screens", type=int, default=0, help="instead: so many look at the screen of one session")
    parser.add_argument("--port", type=int, default=0, help="port on the loopback address; otherwise a free one")
    return parser.parse_args(arguments)


def _plan(options: argparse.Namespace) -> Plan:
    from consult.bench.rounds import Plan  # noqa: PLC0415

    plan = Plan.quick() if options.quick else Plan.full()
    if options.rows:
        plan.sizes = sorted(int(word) for word in options.rows.split(","))
    plan.rounds = options.rounds or plan.rounds
    plan.seconds = options.seconds or plan.seconds
    return plan


def _tell(report: Report, options: argparse.Namespace) -> None:
    print(report.as_json() if options.json else report.as_table(), flush=True)


def _ended(number: int, frame: FrameType | None) -> None:
    """Asked to end: what was started is ended on the way out."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
