"""拍照: photos and papers of a session, and of one statement in it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.web.views import FormPage
from sessions import services
from sessions.forms import PhotoForm
from sessions.models import ConsultSession
from sessions.states import RECORD_WORKFLOW
from sessions.views.base import find


class AddPhoto(FormPage):
    """Several at once, all of them kept or none."""

    form_class, template_name = PhotoForm, "sessions/add_photo.html"
    heading = gettext_lazy("Add photos and papers")
    submit_label = gettext_lazy("Keep them")

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.session = find(request.user, kwargs["uuid"])

    def check(self) -> None:
        RECORD_WORKFLOW.check(self.session, "add_photo", actor=self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.session}

    def get_initial(self) -> dict[str, Any]:
        wanted = self.request.GET.get("statement", "")
        if not wanted:
            return {}
        try:
            said = self.session.statements.filter(uuid=wanted).first()
        except ValidationError:
            said = None
        if said is None:
            raise Http404
        return {"statement": said.uuid}

    def perform(self, form: PhotoForm) -> Any:
        words = form.cleaned_data
        with transaction.atomic():
            for upload, kind in form.uploads():
                services.add_photo(
                    self.session,
                    actor=self.request.user,
                    upload=upload,
                    kind=kind,
                    caption=words["caption"],
                    statement=words["statement"],
                    field="files",
                )
        return self.get_back_url()

    def get_done_message(self, done: Any) -> str:
        return _("Kept")

    def get_back_url(self) -> str:
        return f"{self.session.get_absolute_url()}#photos"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"session": self.session, **kwargs})


def photo_panel(session: ConsultSession, reader: Any) -> dict[str, Any]:
    """What the panel of photos shows this reader; people are on them, so it is for whoever may know who was there."""
    if not reader.has_perm("consult_sessions.see_names_session", session):
        return {"shows_photos": False}
    may_add = "add_photo" in {step.verb for step in RECORD_WORKFLOW.available(session, reader)}
    return {
        "shows_photos": True,
        "photos": services.photos_of(session),
        "may_keep_photos": reader.has_perm("consult_sessions.keep_files_session", session),
        "may_add_photos": may_add,
    }
