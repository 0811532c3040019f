"""What every page may say about the reader and the body he works for; all of it lazy, so public pages pay nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext

from consult.web.nav import MEMBERS, STAFF, UNITS, Menu


class House:
    """The masthead's facts for one request."""

    def __init__(self, request: HttpRequest):
        self.request = request
        self.menu = Menu(request)

    @cached_property
    def user(self) -> Any:
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def host(self) -> Any:
        """The CPPCC under which the reader holds his first mandate."""
        mandates = self.user.mandates_now() if self.user else []
        return mandates[0].host if mandates else None

    @property
    def host_name(self) -> str:
        return str(self.host) if self.host else gettext("Consultation at the grassroots")

    @property
    def audience(self) -> str:
        """Whose desk this is, below the body's name."""
        roles = self.menu.roles
        if roles & set(STAFF):
            return gettext("Grassroots consultation, workbench")
        if roles & set(UNITS):
            return gettext("Replies of handling units")
        if roles & set(MEMBERS):
            return gettext("Committee members")
        return gettext("Grassroots consultation") if self.host else ""

    @property
    def mandates(self) -> list[Any]:
        return self.user.mandates_now() if self.user else []

    @property
    def demo(self) -> bool:
        """Whether 演示数据 must stand above the page."""
        return bool(getattr(settings, "DEMO", False) or (self.host and self.host.is_sample))


def house(request: HttpRequest) -> dict[str, Any]:
    return {"house": House(request)}
