"""Filters by name only: what a list does not know is refused, with what it does know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError

PAGING = ("cursor", "page_size")
ORDERING = "ordering"


class StrictFilterBackend(DjangoFilterBackend):
    """The view's ``filterset_class`` (the page's own) and its ``ordering_fields``; nothing else."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        own = names_of(filterset) if filterset is not None else []
        orders = list(getattr(view, "ordering_fields", ()))
        refuse_unknown(request.query_params, [*own, *PAGING, *([ORDERING] if orders else [])])
        _refuse_repeated(request.query_params, filterset)
        if orders and ORDERING not in own:
            view.chosen_ordering = _chosen(request.query_params.get(ORDERING), orders)
        return super().filter_queryset(request, queryset, view)


def refuse_unknown(given: Iterable[str], known: Iterable[str]) -> None:
    """400 that names each parameter this address does not take."""
    possible = sorted(set(known))
    unknown = sorted(set(given) - set(possible))
    if unknown:
        words = _("There is no such parameter. Possible: %(names)s") % {"names": "、".join(possible) or "–"}
        raise ValidationError({name: [words] for name in unknown})


def names_of(filterset: Any) -> list[str]:
    """The query parameters of a filter set; a range has two."""
    names = []
    for name, field in filterset.form.fields.items():
        suffixes = getattr(field.widget, "suffixes", None)
        names += [f"{name}_{suffix}" if suffix else name for suffix in suffixes] if suffixes else [name]
    return names


def _refuse_repeated(query: Any, filterset: Any) -> None:
    """The same parameter twice is a question with two meanings, unless the filter takes several."""
    several = {
        name
        for name, field in (filterset.form.fields.items() if filterset is not None else ())
        if getattr(field.widget, "allow_multiple_selected", False)
    }
    twice = [name for name, values in query.lists() if len(values) > 1 and name not in several]
    if twice:
        raise ValidationError({name: [_("This parameter stands there twice.")] for name in twice})


def _chosen(asked: str | None, orders: list[str]) -> tuple[str, ...] | None:
    if asked is None:
        return None
    if asked.removeprefix("-") not in orders:
        words = _("This list cannot be ordered so. Possible: %(names)s") % {"names": "、".join(orders)}
        raise ValidationError({ORDERING: [words]})
    return (asked,)
