"""``manage.py create_host CODE``: set up a real CPPCC with its first registrar."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from consult.errors import DomainError, Missing
from members.models import Account
from members.services import establish_host


class Command(BaseCommand):
    help = "Sets up the CPPCC of a county or prefecture and opens its first registrar's account."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("code", help="12-digit division code, for example 532322000000")
        parser.add_argument("--name", default="", help="full name, for example 政协双柏县委员会")
        parser.add_argument("--short-name", default="", help="as it stands in document numbers, for example 双柏")
        parser.add_argument("--registrar", default="", help="account name of the registrar; default registrar-CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["code"].strip().ljust(12, "0")
        with translation.override("zh-hans"):
            try:
                host, registrar, password = establish_host(
                    code,
                    actor=Account.objects.system(),
                    name=options["name"],
                    short_name=options["short_name"],
                    registrar_username=options["registrar"] or f"registrar-{code[:6]}",
                )
            except Missing as error:
                raise CommandError(" ".join(str(m) for found in error.fields.values() for m in found)) from error
            except DomainError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(self.style.SUCCESS(f"{host.name} ({code})"))
            self.stdout.write(f"{_('Registrar')}: {registrar.username}   {_('First password')}: {password}")
            self.stdout.write(_("It must be changed at the first sign-in. It is shown this once."))
