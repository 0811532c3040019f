"""Inputs as the design draws them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone


class DayInput(forms.DateInput):
    """The browser's calendar; what is not a date comes back as text, so that nothing typed is lost."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        readable = not shown or re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(shown))
        context["widget"]["type"] = "date" if readable else "text"
        return context


class MomentInput(forms.DateTimeInput):
    """Calendar and clock of the browser, with the same care."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")

    def format_value(self, value: Any) -> Any:
        if isinstance(value, datetime.datetime) and timezone.is_aware(value):
            value = timezone.localtime(value)
        return super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        readable = not shown or re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", str(shown))
        context["widget"]["type"] = "datetime-local" if readable else "text"
        return context


class Segments(forms.RadioSelect):
    """A few short choices side by side."""

    template_name = "web/widgets/segments.html"


class Checks(forms.CheckboxSelectMultiple):
    template_name = "web/widgets/checks.html"


class Radios(forms.RadioSelect):
    template_name = "web/widgets/checks.html"


class RegionInput(forms.TextInput):
    """A place: words or a code in one box, suggestions below it, a list of the host's places without scripts."""

    template_name = "web/widgets/region.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "maxlength": "100", **(attrs or {})})
        self.within: Sequence[str] = ()
        self.levels: Sequence[int] = ()
        self.places: Any = ()
        self.path_of: Any = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The list counts when a place is chosen there; otherwise what was typed."""
        return data.get(f"{name}_pick") or data.get(name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        code = str(value or "")
        context["widget"] |= {
            "within": ",".join(self.within),
            "levels": ",".join(str(level) for level in self.levels),
            "places": self.places() if callable(self.places) else self.places,
            "path": self.path_of(code) if self.path_of and re.fullmatch(r"\d{12}", code) else "",
        }
        return context
