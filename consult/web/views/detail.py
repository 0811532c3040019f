"""One thing, with the moves that this reader may make now."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import DetailView

from consult.web.views.base import HtmxPartialMixin
from consult.workflow import Workflow


class ByUuid:
    """Addresses carry the UUID; what is not visible does not exist."""

    kwargs: dict[str, Any]

    def get_object(self, queryset: Any = None) -> Any:
        rows = queryset if queryset is not None else self.get_queryset()  # type: ignore[attr-defined]
        found = rows.filter(uuid=self.kwargs["uuid"]).first()
        if found is None:
            raise Http404
        return found


class DetailPage(HtmxPartialMixin, ByUuid, DetailView):
    """Give ``get_queryset`` (through ``visible_to``), ``template_name`` and, for buttons, ``workflow``."""

    workflow: Workflow | None = None

    def get_actions(self) -> list[Any]:
        return self.workflow.available(self.object, self.request.user) if self.workflow else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"actions": self.get_actions(), "workflow": self.workflow, **kwargs})
