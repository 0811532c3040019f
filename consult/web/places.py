"""Choosing a place: by words of its path, by its code, or from the host's own list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from consult.regions import Region, inside, path_of, prefix_of
from consult.regions.validators import validate_in_force, validate_level, validate_region_code
from consult.text import Refused, clean_line
from consult.web.fields import refuse
from consult.web.widgets import RegionInput

LISTED_AT_MOST = 600  # a county's townships and villages; a prefecture's are searched, not listed
SUGGESTED = 8


class RegionField(forms.Field):
    """A division inside ``within`` (prefixes or codes; none: any), of one of ``levels`` (4 township, 5 village)."""

    widget = RegionInput

    def __init__(self, *, within: Iterable[str] = (), levels: Sequence[int] = (), **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Township, village or community"),
                "help_text": _("Write part of the name and choose, or give the 12 digits of the code."),
                "error_messages": {"required": _("Please choose a village (community)")},
                **kwargs,
            }
        )
        self.levels = tuple(levels)
        self.widget.levels = self.levels
        self.widget.path_of = _path
        self.narrow(within)

    def narrow(self, within: Iterable[str]) -> None:
        """Only places in these divisions, as a form learns them from the reader's mandates."""
        self.within = tuple(sorted(set(within)))
        self.widget.within = self.within
        self.widget.places = lambda: places_in(self.within, self.levels)

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return ""
        try:
            text = clean_line(str(value), limit=100)
        except Refused as error:
            raise refuse(error) from None
        if text.isascii() and text.isdigit():
            return text
        return self._by_words(text)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value:
            return
        validate_region_code(value)
        validate_in_force(value)
        if self.levels:
            validate_level(value, self.levels)
        if self.within and not any(value.startswith(prefix_of(prefix)) for prefix in self.within):
            raise ValidationError(_("This place lies outside your division. Please choose another"), code="outside")

    def _by_words(self, text: str) -> str:
        found = list(matches(text, self.within, self.levels)[: SUGGESTED + 1])
        exact = [region for region in found if text in (region.name, region.path)]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0].code
        if not found:
            raise ValidationError(
                _("No place is called “%(text)s” here. Write part of its name, or its 12-digit code"),
                code="unknown",
                params={"text": text},
            )
        shown = pgettext("separator", ", ").join(
            region.path.rsplit(" / ", 2)[-1] + f" {region.code}" for region in found[:SUGGESTED]
        )
        raise ValidationError(
            _("Several places are called so: %(places)s. Please give the code of the right one"),
            code="several",
            params={"places": shown},
        )


def matches(text: str, within: Sequence[str] = (), levels: Sequence[int] = ()) -> Any:
    """Divisions in force whose path has every word of the text."""
    found = Region.objects.in_force().search(text)
    if within:
        found = found.filter(inside(*within, field="code"))
    return found.filter(level__in=levels) if levels else found


def places_in(within: Sequence[str], levels: Sequence[int] = ()) -> list[tuple[str, list[tuple[str, str]]]]:
    """The host's places by township, for a list that works without scripts; empty where there are too many."""
    if not within:
        return []
    inner = Region.objects.in_force().filter(inside(*within, field="code"), level__gte=3).order_by("code")
    rows = list(inner.values_list("code", "name", "level")[: LISTED_AT_MOST + 1])
    if len(rows) > LISTED_AT_MOST:
        return []
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for code, name, level in rows:
        if level <= 4 or not groups:
            groups.append((name, []))
        if not levels or level in levels:
            groups[-1][1].append((code, name))
    return [(name, places) for name, places in groups if places]


def _path(code: str) -> str:
    path = path_of(code)
    return "" if path == code else path
