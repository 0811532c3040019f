"""``manage.py backfill FILE…``: bring in finished or running matters from case files (补录)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from consult.desk.backfill.loading import Result, load_file
from members.models import Account


class Command(BaseCommand):
    help = "Loads case files through the services of the house, all or nothing per file, idempotent by key."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("zh-hans"):
            actor = Account.objects.system()
            results = [load_file(path, actor=actor) for path in options["files"]]
            for result in results:
                self._tell(result)
            refused = sum(1 for result in results if result.problems)
            if refused:
                raise CommandError(
                    _("%(refused)d of %(all)d files were refused; nothing of them is stored.")
                    % {"refused": refused, "all": len(results)}
                )

    def _tell(self, result: Result) -> None:
        if result.problems:
            for problem in result.problems:
                self.stderr.write(str(problem))
        elif result.known:
            words = (
                _("loaded before; nothing changed")
                if not result.changed
                else _(
                    "a matter with this key was loaded before from other text; nothing changed. Correct it on its pages"
                )
            )
            self.stdout.write(f"{result.file}: {words}")
        else:
            self.stdout.write(self.style.SUCCESS(f"{result.file}: {_('loaded')} - {result.topic}"))
            for created in result.created:
                self.stdout.write(f"  + {created}")
