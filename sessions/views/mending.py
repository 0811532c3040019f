"""A line of the roster is mended on a page of its own; its telephone number is shown by a button, and that is noted."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import View

from sessions import services
from sessions.forms.mending import MendLineForm
from sessions.models import Participant
from sessions.services.lines import WORDS
from sessions.services.mending import may_see_phone
from sessions.states import RECORD_WORKFLOW, SessionState
from sessions.views.base import find
from sessions.views.lines import ChangePage


class MendLine(ChangePage):
    """Name, telephone number, unit, account or member, class, or a count."""

    form_class, verb, heading = MendLineForm, "mend_line", gettext_lazy("Mend a line of the list")
    template_name = "sessions/mend_line.html"
    rows, names = "participants", WORDS[Participant]

    def check(self) -> None:
        RECORD_WORKFLOW.check(self.session, self.verb, actor=self.request.user)

    def form_again(self, initial: dict[str, Any]) -> MendLineForm:
        return MendLineForm(initial=initial, session=self.session, line=self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "line": self.row}

    def perform(self, form: Any) -> Any:
        self.row.session = self.session
        return services.mend_line(self.row, actor=self.request.user, **form.cleaned_data)

    def get_back_url(self) -> str:
        if self.session.state == SessionState.IN_PROGRESS:
            return reverse("sessions:record", args=[self.session.uuid])
        return f"{self.session.get_absolute_url()}#people"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shows = may_see_phone(self.session, self.request.user)
        return super().get_context_data(**{"line": self.row, "shows_phone": shows, **kwargs})


class LinePhone(View):
    """查看号码: asked by a button, answered once, and written down."""

    http_method_names = ["post"]

    def post(self, request: Any, uuid: Any, line: Any) -> HttpResponse:
        session = find(request.user, uuid)
        row = session.participants.filter(uuid=line).exclude(phone="").first()
        if row is None or not may_see_phone(session, request.user):
            raise Http404
        row.session = session
        number = services.show_phone(row, actor=request.user)
        fragment = request.headers.get("HX-Request") == "true"
        template = "sessions/_line_phone.html" if fragment else "sessions/line_phone.html"
        response = render(request, template, {"session": session, "line": row, "number": number})
        response["Cache-Control"] = "no-store"
        return response
