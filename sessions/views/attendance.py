"""Marks that stand beside the plain ones: one's own signing in from the session's page, by proxy, gone early."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.text import typed
from consult.web.forms import CleanCharField, PlainForm
from consult.web.views import FormPage
from sessions import services
from sessions.services import sign_in, suggestions
from sessions.states import RECORD_WORKFLOW, Attendance, SignInHow
from sessions.views.acts import RecordAct
from sessions.views.base import SmallAct, find


class SignInHere(SmallAct):
    """「我到了」 on the session's page: for who is on its list."""

    def act(self, request: Any) -> None:
        key = typed.key_of(request.POST.get("key")) or uuid4()
        sign_in.check_in(self.session, actor=request.user, key=key, how=SignInHow.SELF)
        messages.success(request, _("You are signed in"))


class LeaveAct(RecordAct):
    """He has gone; or has come back."""

    def act(self, request: Any, line: Any) -> None:
        row = self.line(self.session.participants.all(), line)
        services.mark_left(row, actor=request.user, back=request.POST.get("do") == "back")


class AmongAct(RecordAct):
    """Whoever walked in is one of a line's people, or came besides."""

    def act(self, request: Any, line: Any) -> None:
        rows = self.session.participants.all()
        among = request.POST.get("among", "")
        whose = self.line(rows, typed.key_of(among)) if among else None
        services.count_among(self.line(rows, line), actor=request.user, line=whose)


class ProxyForm(PlainForm):
    proxy_name = CleanCharField(label=gettext_lazy("Who came in his place"), max_length=60)
    proxy_reason = CleanCharField(label=gettext_lazy("Why he could not come"), max_length=200)


class ProxyPage(FormPage):
    """代签: somebody else came for this line, and why."""

    form_class, template_name = ProxyForm, "sessions/line.html"
    heading = gettext_lazy("Sign in by proxy")
    submit_label = gettext_lazy("Sign in by proxy")

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.session = find(request.user, kwargs["uuid"])
        self.row = self.session.participants.filter(uuid=kwargs["line"]).first()
        if self.row is None:
            raise Http404
        self.row.session = self.session

    def check(self) -> None:
        RECORD_WORKFLOW.check(self.session, "mark_attendance", actor=self.request.user)

    def perform(self, form: Any) -> Any:
        return services.mark_attendance(
            self.row, Attendance.PRESENT, actor=self.request.user, came=self.row.came, **form.cleaned_data
        )

    def get_next_url(self, done: Any) -> str:
        return self.get_back_url()

    def get_back_url(self) -> str:
        return reverse("sessions:record", args=[self.session.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heading = f"{self.heading}：{self.row}"
        return super().get_context_data(**{"session": self.session, "heading": heading, **kwargs})


class PeopleAct(SmallAct):
    """One click on the page of preparing, and back to the list of who comes."""

    def get_back_url(self) -> str:
        return f"{self.session.get_absolute_url()}#people"


class InviteClass(PeopleAct):
    """A class that the matter concerns and of whom nobody is invited yet."""

    def act(self, request: Any) -> None:
        suggestions.invite_class(self.session, actor=request.user, category=request.POST.get("category", "")[:20])


class InviteSuggested(PeopleAct):
    """One of those who were invited to something like it."""

    def act(self, request: Any) -> None:
        suggestions.invite_suggested(self.session, actor=request.user, key=request.POST.get("who", "")[:40])
