"""Planning a session, and preparing it line by line; everything works by plain forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from consult.web.views import FormPage
from members.models import Organisation
from sessions import services
from sessions.forms import AgendaItemForm, ChangeForm, ParticipantForm, PlanForm
from sessions.forms.plans import PREPARERS
from sessions.models import ConsultSession
from sessions.services.plans import duration
from sessions.states import RECORD_WORKFLOW, SESSION_WORKFLOW
from sessions.views.base import SmallAct, find, frame, number_in
from sessions.views.workspace import agenda_of
from topics.models import Topic


class Plan(FormPage):
    """筹备一场协商会: from the topic's page with ``?topic=``, or from the list."""

    form_class, template_name = PlanForm, "sessions/plan.html"
    partial_template_name = "sessions/_plan.html"
    heading = gettext_lazy("Prepare a session")
    submit_label = gettext_lazy("Prepare it")
    back_url = "sessions:list"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.topics = self._topics(request)
        self.host = self._host(request)

    def _topics(self, request: Any) -> list[Topic]:
        try:
            wanted = [UUID(name) for name in request.GET.getlist("topic")[:20]]
        except ValueError:
            raise Http404 from None
        if not wanted or not request.user.is_authenticated:
            return []
        return list(Topic.objects.visible_to(request.user).select_related("host").filter(uuid__in=wanted))

    def _host(self, request: Any) -> Organisation:
        """The topic's CPPCC, else the first for which the reader prepares sessions."""
        if self.topics:
            return self.topics[0].host
        if not request.user.is_authenticated:
            return Organisation()
        mandate = request.user.mandate_for(*PREPARERS) or request.user.mandate_for()
        return mandate.host if mandate else Organisation(region_code="000000000000")

    def check(self) -> None:
        SESSION_WORKFLOW.check(self._outline(), "plan", actor=self.request.user)

    def _outline(self) -> Any:
        mandate = self.request.user.mandate_for(*PREPARERS, host_id=self.host.pk)
        code = mandate.region_code if mandate else self.host.region_code
        return ConsultSession(host=self.host if self.host.pk else None, region_code=code)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "host": self.host,
            "reader": self.request.user,
            "topics": [topic for topic in self.topics if topic.host_id == self.host.pk],
        }

    def perform(self, form: Any) -> Any:
        return services.plan_session(actor=self.request.user, host=self.host, **form.cleaned_data)


class ChangePlan(FormPage):
    form_class, template_name = ChangeForm, "sessions/change.html"
    heading = gettext_lazy("Change the plan")

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.session = find(request.user, kwargs["uuid"])

    def check(self) -> None:
        RECORD_WORKFLOW.check(self.session, "change_plan", actor=self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.session, "reader": self.request.user}

    def perform(self, form: Any) -> Any:
        return services.change_plan(self.session, actor=self.request.user, **form.cleaned_data)

    def get_back_url(self) -> str:
        return self.session.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"session": self.session, **kwargs})


class Invite(FormPage):
    """添加一方."""

    form_class, template_name = ParticipantForm, "sessions/change.html"
    heading = gettext_lazy("Invite one more")
    submit_label = gettext_lazy("Put on the list")

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.session = find(request.user, kwargs["uuid"])

    def check(self) -> None:
        RECORD_WORKFLOW.check(self.session, "invite", actor=self.request.user)

    def get_initial(self) -> dict[str, Any]:
        return {"category": self.request.GET.get("category", "")[:20], "count": 1}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.session}

    def perform(self, form: Any) -> Any:
        services.add_participant(self.session, actor=self.request.user, **form.cleaned_data)
        return f"{self.session.get_absolute_url()}#people"

    def get_back_url(self) -> str:
        return self.session.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"session": self.session, **kwargs})


class InviteAct(SmallAct):
    """Take a line off the list."""

    def act(self, request: Any, line: Any) -> None:
        services.remove_participant(self.line(self.session.participants.all(), line), actor=request.user)

    def get_back_url(self) -> str:
        return f"{self.session.get_absolute_url()}#people"


class AgendaAct(SmallAct):
    """Up, down, minutes, off, one more, or the standard agenda: buttons of one small form."""

    def act(self, request: Any, item: Any = None) -> None:
        verb = request.POST.get("do", "")
        if verb == "standard":
            length = duration(self.session)
            services.set_agenda(self.session, actor=request.user, agenda=services.suggested_agenda(length))
        elif verb == "add":
            self._add(request)
        elif item is not None:
            self._change(request, self.line(self.session.agenda.all(), item), verb)
        else:
            raise Http404

    def _add(self, request: Any) -> None:
        form = AgendaItemForm(request.POST)
        if not form.is_valid():
            raise form.errors.as_data()[next(iter(form.errors))][0]
        services.add_agenda_item(self.session, actor=request.user, **form.cleaned_data)

    def _change(self, request: Any, item: Any, verb: str) -> None:
        if verb in ("up", "down"):
            services.move_agenda_item(item, actor=request.user, up=verb == "up")
        elif verb == "off":
            services.remove_agenda_item(item, actor=request.user)
        elif verb == "minutes":
            services.change_agenda_item(item, actor=request.user, minutes=number_in(request, "minutes", 600))
        else:
            raise Http404

    def respond(self, request: Any) -> Any:
        if request.headers.get("HX-Request") == "true":
            return agenda_fragment(request, self.session)
        return super().respond(request)

    def get_back_url(self) -> str:
        return f"{self.session.get_absolute_url()}#agenda"


def agenda_fragment(request: Any, session: Any) -> Any:
    """The agenda as its page shows it."""
    fresh = find(request.user, session.uuid)
    context = {
        **frame(fresh, request.user, "prepare"),
        **agenda_of(fresh),
        "item_form": AgendaItemForm(),
    }
    return render(request, "sessions/_agenda.html", context)
