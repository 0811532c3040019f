"""拍照: photos and papers of how an assignment goes on, at one dated entry of its progress."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.web.views import FormPage
from outcomes import services
from outcomes.models import Assignment
from outcomes.states import ASSIGNMENT_WORKFLOW
from sessions.forms.photos import FilesForm


class ProgressPhotos(FormPage):
    """Several at once, all of them kept or none; for whoever reports progress, as long as it is reported."""

    form_class, template_name = FilesForm, "outcomes/progress_photos.html"
    heading = gettext_lazy("Add photos and papers")
    submit_label = gettext_lazy("Keep them")

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        seen = Assignment.objects.visible_to(request.user).select_related("lead_unit", "host", "topic")
        self.assignment = seen.filter(uuid=kwargs["uuid"]).first()
        self.entry = self.assignment and self.assignment.progress.filter(uuid=kwargs["entry"]).first()
        if self.entry is None:
            raise Http404

    def check(self) -> None:
        ASSIGNMENT_WORKFLOW.check(self.assignment, "add_progress", actor=self.request.user)

    def perform(self, form: FilesForm) -> Any:
        with transaction.atomic():
            for upload, kind in form.uploads():
                services.add_photo(
                    self.assignment,
                    actor=self.request.user,
                    progress=self.entry,
                    upload=upload,
                    kind=kind,
                    caption=form.cleaned_data["caption"],
                )
        return self.get_back_url()

    def get_done_message(self, done: Any) -> str:
        return _("Kept")

    def get_back_url(self) -> str:
        return self.assignment.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"assignment": self.assignment, "entry": self.entry, **kwargs})
