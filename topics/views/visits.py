"""One entry of a visit book, and what becomes of one that could not be placed."""

from __future__ import annotations

from typing import Any

from consult.files.models import Attachment
from consult.regions import path_of
from consult.web.views import DetailPage, MovePage
from topics.models import Visit
from topics.states import VISIT_WORKFLOW


class VisitPage(DetailPage):
    template_name, workflow = "topics/visit.html", VISIT_WORKFLOW

    def get_queryset(self) -> Any:
        return Visit.objects.visible_to(self.request.user).select_related("host", "recorded_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        photos = Attachment.objects.about(self.object).select_related("uploaded_by").order_by("pk")
        return super().get_context_data(path=path_of(self.object.region_code), photos=photos, **kwargs)


class VisitMove(MovePage):
    workflow, template_name = VISIT_WORKFLOW, "topics/visit_move.html"

    def get_queryset(self) -> Any:
        return Visit.objects.visible_to(self.request.user).select_related("host", "recorded_by")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "visit": self.object}
