"""Which CPPCC a page is about: the one of the reader's mandate, chosen by ``?host=`` where he has several."""

from __future__ import annotations

from functools import cached_property

from consult.errors import NotAllowed
from members.models import Organisation


class HostMixin:
    """Gives ``host``: the CPPCC under which the reader holds one of ``host_roles``."""

    host_roles: tuple[str, ...] = ()

    @cached_property
    def host(self) -> Organisation:
        mandates = [m for m in self.request.user.mandates_now() if not self.host_roles or m.role in self.host_roles]
        wanted = self.request.GET.get("host", "")
        for mandate in mandates:
            if not wanted or str(mandate.host.uuid) == wanted:
                return mandate.host
        raise NotAllowed()

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "host": self.host}
