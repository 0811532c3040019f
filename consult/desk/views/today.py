"""今日工作: what needs me now."""

from __future__ import annotations

from django.views.generic import TemplateView


class Today(TemplateView):
    template_name = "desk/today.html"
