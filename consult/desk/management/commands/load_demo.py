"""``manage.py load_demo``: the demonstration data, once; a second call changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from consult.desk.backfill.loading import load_file
from consult.desk.demo import cast as casting
from consult.desk.demo.matters import read_matters
from consult.desk.demo.year import play_year
from members.models import Account

CASES = Path(casting.__file__).parent / "cases"


class Command(BaseCommand):
    help = "Loads five real matters and a sample year, each row of it marked as a sample."

    def handle(self, *args: Any, **options: Any) -> None:
        if Account.objects.filter(username="nq-office").exists():
            self.stdout.write("Demo data: in already.")
            return
        with translation.override("zh-hans"), transaction.atomic():
            actor, today = Account.objects.system(), timezone.localdate()
            cast = casting.gather(actor, today)
            for path in sorted(CASES.glob("*.yaml")):
                result = load_file(path, actor=actor)
                if result.problems:
                    raise CommandError("\n".join(str(problem) for problem in result.problems))
            played = play_year(cast, read_matters(), today)
        self.stdout.write(f"Demo data: 5 real matters and {len(played)} samples.")
