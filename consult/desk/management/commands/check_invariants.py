"""manage.py check_invariants: prints nothing and ends with 0 when everything holds."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from consult.desk.invariants import NAMES, violations


class Command(BaseCommand):
    help = "Check what must hold whatever has failed; one violation a line, nothing when all holds."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")
        parser.add_argument("--only", nargs="+", choices=NAMES, default=[], help="These only.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for violation in violations(options["only"]):
            found += 1
            told = {"invariant": violation.invariant, "violation": violation.text}
            self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else str(violation))
        if found:
            raise SystemExit(1)
