"""帮助: whom to ask, which keys there are."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import TemplateView

from consult import options
from members.models import Account, Mandate
from members.states import Role


class Help(TemplateView):
    template_name = "desk/help.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"hosts": [_whom(host) for host in self._hosts()], "keys": keys(), "lines": questions(), **kwargs}
        )

    def _hosts(self) -> list[Any]:
        hosts = {mandate.host_id: mandate.host for mandate in self.request.user.mandates_now()}
        if not hosts and (home := self.request.user.home):
            hosts = {home.pk: home}
        return list(hosts.values())


def _whom(host: Any) -> dict[str, Any]:
    keeping = Mandate.objects.in_force().filter(host=host, role=Role.REGISTRAR).values("account_id")
    found = options.get_many(host.pk, "contact.phone", "contact.hours", "contact.address")
    return {
        "host": host,
        "phone": found["contact.phone"] or host.phone,
        "hours": found["contact.hours"],
        "address": found["contact.address"],
        "registrars": list(Account.objects.filter(pk__in=keeping, is_active=True).order_by("pk")[:5]),
    }


def questions() -> list[tuple[str, str]]:
    return [
        (_("Password forgotten, account locked, mandate missing"), _("the registrar of your CPPCC")),
        (_("A matter, a date or a paper is wrong"), _("the office of the CPPCC that hosts the matter")),
        (_("An assignment is not ours"), _("send it back and name the proper unit; the office assigns it anew")),
        (_("A notice shows what it should not"), _("take it down at once; the office and the leader both may")),
        (pgettext("desk", "Somebody leaves"), _("the registrar hands over what is open, then closes the account")),
    ]


def keys() -> list[tuple[str, str]]:
    return [
        ("J K", _("next and previous row of a list")),
        ("X", _("tick the row, where several can be done at once")),
        ("Enter", _("open the row")),
        ("/", _("into the search field")),
        ("Esc", _("close what is open")),
    ]
