"""Fields that the forms of sessions share: agenda lines, roster rows, whole numbers of heads."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.web.forms import LinesField
from members.models import Member, Organisation

_MINUTES = re.compile(r"^(?P<text>.+?)(?:(?:[\s,，|]+|(?<=[）)]))(?P<minutes>\d{1,3})\s*(?:分钟|分|min)?)?$")
_BY = re.compile(r"^(?P<text>.+?)[（(](?P<by>[^（）()]{1,60})[）)]$")


class AgendaField(LinesField):
    """One item a line: words, whose item in brackets, minutes at the end."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Agenda"),
                "rows": 6,
                "each": 220,
                "most": 40,
                "help_text": _("One item a line; whose it is in brackets, its minutes at the end"),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> list[dict[str, Any]]:
        return [read_item(line) for line in super().clean(value) or []]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(write_item(item) if isinstance(item, dict) else str(item) for item in value)
        return value


def read_item(line: str) -> dict[str, Any]:
    found = _MINUTES.match(line)
    text, minutes = (found["text"], found["minutes"]) if found else (line, None)
    by = _BY.match(text.strip())
    return {
        "text": (by["text"] if by else text).strip()[:200],
        "by": by["by"].strip() if by else "",
        "minutes": int(minutes) if minutes else None,
    }


def write_item(item: dict[str, Any]) -> str:
    by = f"（{item['by']}）" if item.get("by") else ""
    return f"{item['text']}{by} {item['minutes']}" if item.get("minutes") else f"{item['text']}{by}"


class HeadsField(forms.IntegerField):
    """How many people a line stands for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Heads"),
                "min_value": 1,
                "max_value": 2000,
                "required": False,
                "error_messages": {"invalid": _("Write a whole number")},
                **kwargs,
            }
        )
        self.widget.attrs["inputmode"] = "numeric"


class MemberField(forms.ModelChoiceField):
    """A serving member of the host."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"label": _("Committee member"), "queryset": Member.objects.none(), "required": False, **kwargs}
        )


class UnitField(forms.ModelChoiceField):
    """A unit that the host knows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"label": _("Unit on the list"), "queryset": Organisation.objects.none(), "required": False, **kwargs}
        )
