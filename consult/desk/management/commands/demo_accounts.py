"""``manage.py demo_accounts``: who can sign in to the demonstration."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from consult.desk.demo.cast import PASSWORD
from members.models import Mandate


class Command(BaseCommand):
    help = "Prints the accounts of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Mandate.objects.filter(account__is_sample=True).select_related("account", "organisation", "host")
        with translation.override("zh-hans"):
            for mandate in rows.order_by("host__region_code", "pk"):
                self.stdout.write(
                    f"  {mandate.account.username:<18}{PASSWORD}   {mandate.organisation} {mandate.get_role_display()}"
                )
