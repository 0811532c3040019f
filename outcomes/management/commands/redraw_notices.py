"""``manage.py redraw_notices``: after an upgrade, what older templates drew of posted notices is drawn again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from outcomes.services.notices import redraw_notices


class Command(BaseCommand):
    help = (
        "Draws rows and sheets of the board anew where templates or words have changed since; beat does so by and by."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        with translation.override("zh-hans"):
            while drawn := redraw_notices():
                total += drawn
                self.stdout.write(f"{total:,} drawn")
        self.stdout.write(f"Notices: {total:,} drawn, the others were up to date.")
