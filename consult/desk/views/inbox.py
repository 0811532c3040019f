"""消息: what one was told, newest first."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from consult.delivery import mark_all_read, mark_read
from consult.delivery.models import InboxItem
from consult.web.views import ListPage, Tab
from consult.web.views.detail import ByUuid


class InboxFilter(filters.FilterSet):
    q = filters.CharFilter(
        field_name="title", lookup_expr="icontains", label=pgettext_lazy("desk", "Words"), max_length=60
    )

    class Meta:
        model = InboxItem
        fields: list[str] = []


class Inbox(ListPage):
    """Everybody reads his own."""

    template_name, partial_template_name = "desk/inbox.html", "desk/_inbox.html"
    filterset_class = InboxFilter
    ordering = ("-pk",)
    tab_param = "tab"
    tabs = (
        Tab("", gettext_lazy("All")),
        Tab("unread", pgettext_lazy("desk", "Unread"), Q(read_at=None, recalled_at=None)),
    )

    def get_queryset(self) -> Any:
        return InboxItem.objects.visible_to(self.request.user)

    def _q(self, tab: Tab) -> Q:
        return tab.q if tab.q is not None else Q()


class _OneMessage(ByUuid, View):
    def get_queryset(self) -> Any:
        return InboxItem.objects.visible_to(self.request.user)


class OpenMessage(_OneMessage):
    """To what it is about; on the way it is marked as read. A message without an address stays in the list."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        item = self.get_object()
        mark_read(item, actor=request.user)
        return redirect(item.url if is_own_address(item.url) else "desk:inbox")


class ReadMessage(_OneMessage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mark_read(self.get_object(), actor=request.user)
        return redirect("desk:inbox")


class ReadAll(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        mark_all_read(actor=request.user)
        return redirect("desk:inbox")


def is_own_address(url: str) -> bool:
    """A path on this platform, and nothing that a browser would read as another one."""
    return url.startswith("/") and not url.startswith(("//", "/\\")) and "\t" not in url and "\n" not in url
