"""Whose pages these are: the registrar's and the office's of one CPPCC."""

from __future__ import annotations

from typing import Any

from members.states import Role
from members.views.hosts import HostMixin


class KeeperMixin(HostMixin):
    """Gives ``host`` to the page and its template; its forms need not know it."""

    host_roles = (Role.REGISTRAR, Role.OFFICE)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("host")
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"host": self.host, **kwargs})
