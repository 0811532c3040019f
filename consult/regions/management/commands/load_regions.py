"""manage.py load_regions: the national table of divisions, once."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consult.regions.loading import TABLE_FILE, load_table

_WIDTH = 40


class Command(BaseCommand):
    help = "Load the administrative divisions of China; a table that is in already is left alone."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--file", type=Path, default=TABLE_FILE, help="gzipped CSV with code,name,level")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        begun = time.monotonic()
        loaded = load_table(options["file"], progress=self._draw if self.stdout.isatty() else _silence)
        if loaded.was_there:
            self.stdout.write(f"Divisions: all {loaded.rows:,} are in already.")
            return
        seconds = time.monotonic() - begun
        text = f"Divisions: {loaded.rows:,} read, {loaded.changed:,} written, {loaded.abolished:,} abolished"
        self.stdout.write(f"{text}, in {seconds:.1f} s.")

    def _draw(self, done: int, total: int) -> None:
        filled = _WIDTH * done // total
        bar = "█" * filled + "░" * (_WIDTH - filled)
        self.stdout.write(f"\rDivisions {bar} {done:>7,} of {total:,}", ending="\n" if done == total else "")
        self.stdout.flush()


def _silence(done: int, total: int) -> None:
    """A log file wants no bar."""
