"""Fragments that pages fetch after they have been shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from consult.text import Refused, clean_line
from consult.web.nav import Menu
from consult.web.places import SUGGESTED, matches


class Counts(View):
    """What waits behind the entries of the menu, so that no page has to count it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        menu = Menu(request)
        counts = [
            (link.entry.key, link.entry.count(request.user)) for link in [*menu.main, *menu.tools] if link.entry.count
        ]
        response = render(request, "ui/_counts.html", {"counts": counts})
        response["Cache-Control"] = "private, max-age=20"
        return response


class Places(View):
    """Places whose path has the words typed so far."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "ui/_places.html", {"places": self._found(), "text": self._text()})

    def _text(self) -> str:
        try:
            return clean_line(self.request.GET.get(self.request.GET.get("name", "q"), ""), limit=60)
        except Refused:
            return ""

    def _found(self) -> list[Any]:
        text = self._text()
        if not text:
            return []
        within = [code for code in self.request.GET.get("within", "").split(",") if code.isdigit()]
        levels = [int(level) for level in self.request.GET.get("levels", "").split(",") if level in "12345" and level]
        try:
            return list(matches(text, within, levels)[:SUGGESTED])
        except ValueError:
            return []
