"""Lists: one FilterSet, pages by key, tabs with counts, everything in the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_filters.views import FilterView

from consult.web.counting import count_capped, say_count
from consult.web.keyset import AFTER, BEFORE, BrokenKey, KeysetPage, read_page
from consult.web.views.base import HtmxPartialMixin


@dataclass(frozen=True)
class Tab:
    """One tab: the value its link carries, its words and, where a value is not simply a state, the rows it means."""

    value: str
    label: Any
    q: Q | None = None


@dataclass(frozen=True)
class ShownTab:
    value: str
    label: Any
    count: str
    current: bool


class ListPage(HtmxPartialMixin, FilterView):
    """Give ``get_queryset`` (through ``visible_to``), ``filterset_class``, ``ordering`` and two templates.

    ``tabs`` link to ``?<tab_param>=value``. When the FilterSet knows that parameter it does the filtering;
    otherwise the tab's own ``q`` (or ``tab_field=value``) does. ``sorts`` names further orders for ``?sort=``.
    """

    page_size = 30
    ordering: Sequence[str] = ("-pk",)
    sorts: Mapping[str, Sequence[str]] = {}
    tabs: Sequence[Tab] = ()
    tab_field = "state"
    tab_param = ""
    count_tabs = True
    target = "list"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.problems: list[str] = []
        self.filterset = self.get_filterset(self.get_filterset_class())
        self.tab = self._tab()
        self.page = self._page()
        self.object_list = self.page.rows
        context = self.get_context_data(filter=self.filterset, object_list=self.page.rows)
        return self.render_to_response(context, status=400 if self.problems else 200)

    def get_tabs(self) -> Sequence[Tab]:
        return self.tabs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.shown_tabs = self._shown_tabs()
        return super().get_context_data(
            **{
                "page": self.page,
                "tabs": self.shown_tabs,
                "tab": self.tab,
                "tab_param": self._tab_param,
                "problems": self.problems,
                "sort": self._sort,
                "filtered": self._filtered(),
                "total": next((tab.count for tab in self.shown_tabs if tab.current), ""),
                "target": self.target,
                **kwargs,
            }
        )

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        raise NotImplementedError("Lists page by key")

    def get_paginate_by(self, queryset: Any) -> None:
        return None

    @property
    def _tab_param(self) -> str:
        return self.tab_param or self.tab_field

    @property
    def _sort(self) -> str:
        return self.request.GET.get("sort", "")

    def _page(self) -> KeysetPage:
        rows = self._rows()
        ordering = tuple(self.get_ordering())
        if self._sort and self._sort in self.sorts:
            ordering = tuple(self.sorts[self._sort])
        elif self._sort and "sort" not in self.filterset.filters:
            known = ", ".join(self.sorts) or "—"
            self.problems.append(_("Rows cannot be put in that order. Known orders: %(known)s") % {"known": known})
        if self.problems:
            return KeysetPage(rows=[])
        try:
            return read_page(
                rows,
                ordering,
                self.page_size,
                after=self.request.GET.get(AFTER, ""),
                before=self.request.GET.get(BEFORE, ""),
            )
        except BrokenKey:
            self.problems.append(_("This link to a page is not complete. Please start from the first page"))
            return KeysetPage(rows=[])

    def _rows(self) -> QuerySet[Any]:
        if self.filterset.is_bound and self.get_strict() and not self.filterset.is_valid():
            for name, errors in self.filterset.errors.items():
                label = self.filterset.form.fields[name].label if name in self.filterset.form.fields else ""
                self.problems += [
                    f"{label}{pgettext('separator', ': ')}{error}" if label else str(error) for error in errors
                ]
            return self.filterset.queryset.none()
        rows = self.filterset.qs
        return rows.filter(self._q(self.tab)) if self.tab and self._filters_itself else rows

    @property
    def _filters_itself(self) -> bool:
        return self._tab_param not in self.filterset.filters

    def _tab(self) -> Tab | None:
        tabs = self.get_tabs()
        if not tabs:
            return None
        value = self.request.GET.get(self._tab_param, "")
        found = next((tab for tab in tabs if tab.value == value), None)
        if found is None and self._filters_itself:
            self.problems.append(_("There is no such tab. Please choose one of those shown"))
        return found

    def _q(self, tab: Tab) -> Q:
        if tab.q is not None:
            return tab.q
        return Q(**{self.tab_field: tab.value}) if tab.value else Q()

    def _shown_tabs(self) -> list[ShownTab]:
        tabs = self.get_tabs()
        if not tabs:
            return []
        counts = [""] * len(tabs)
        if self.count_tabs and not self.problems:
            rows = self._rows_of_all_tabs()
            counts = [say_count(number) for number in count_capped([rows.filter(self._q(tab)) for tab in tabs])]
        return [ShownTab(tab.value, tab.label, count, tab is self.tab) for tab, count in zip(tabs, counts, strict=True)]

    def _rows_of_all_tabs(self) -> QuerySet[Any]:
        """The other filters hold for the counts too; the tab itself does not."""
        if self._filters_itself:
            return self.filterset.qs
        data: QueryDict = self.request.GET.copy()
        data.pop(self._tab_param, None)
        kwargs = self.get_filterset_kwargs(self.get_filterset_class()) | {"data": data}
        return self.get_filterset_class()(**kwargs).qs

    def _filtered(self) -> bool:
        """Whether anything but the tab narrows the list, so that an empty one offers to clear the filters."""
        names = set(self.filterset.filters) - {self._tab_param}
        return any(self.request.GET.get(name) for name in names)
