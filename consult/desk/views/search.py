"""全站查找: matters, sessions, assignments, notices and people that the reader sees."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from consult.desk.queries.search import Group, search_all
from consult.text import Refused, clean_line

SHORTEST, LONGEST = 2, 60


class Search(TemplateView):
    template_name = "desk/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text, problem = self._words()
        groups: list[Group] = search_all(self.request.user, text) if len(text) >= SHORTEST and not problem else []
        return super().get_context_data(
            **{
                "text": text,
                "problem": problem,
                "too_short": bool(text) and len(text) < SHORTEST,
                "groups": [group for group in groups if group.rows],
                **kwargs,
            }
        )

    def _words(self) -> tuple[str, str]:
        typed = self.request.GET.get("q", "")
        try:
            return clean_line(typed, limit=LONGEST), ""
        except Refused as error:
            return typed[:LONGEST], str(error)
