"""发送渠道: by what notices may leave this CPPCC, its group robots, and a test of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from consult.delivery.channels import is_configured
from consult.delivery.keeping import add_robot, remove_robot, send_test
from consult.delivery.kinds import KINDS, label_of
from consult.delivery.models import ChannelName, Outgoing, Robot, RobotService
from consult.web.forms import Checks, CleanCharField, PlainForm
from consult.web.views import FormPage
from members.states import Role
from members.views.hosts import HostMixin

KEEPERS = (Role.REGISTRAR, Role.OFFICE)
FEW = 5


class Channels(HostMixin, TemplateView):
    host_roles = KEEPERS
    template_name = "desk/notices/channels.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        robots = list(Robot.objects.filter(host_id=self.host.pk, removed_at=None).defer("sealed").order_by("pk"))
        for robot in robots:
            robot.kind_labels = [label_of(kind) for kind in robot.kinds]
        ways = [
            {"name": name, "label": label, "is_configured": is_configured(name)}
            for name, label in ChannelName.choices
            if name != ChannelName.ROBOT
        ]
        tests = Outgoing.objects.of_hosts([self.host.pk]).filter(kind="test").defer("body").order_by("-pk")
        return super().get_context_data(
            ways=ways,
            robots=robots,
            tests=list(tests.select_related("robot")[:FEW]),
            robots_allowed=is_configured(ChannelName.ROBOT),
            host=self.host,
            **kwargs,
        )


class RobotForm(PlainForm):
    service = forms.ChoiceField(label=gettext_lazy("Service"), choices=RobotService.choices)
    name = CleanCharField(label=gettext_lazy("Name of the group"), max_length=40)
    url = CleanCharField(
        label=gettext_lazy("Address of the robot"),
        max_length=500,
        help_text=gettext_lazy("Copy the webhook address from the settings of the group. It is never shown again."),
    )
    secret = CleanCharField(
        label=gettext_lazy("Signature secret"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For DingTalk, if the robot demands a signature."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What it says in the group"),
        choices=[(kind.name, kind.label) for kind in KINDS.values()],
        widget=Checks,
        initial=["urge", "supervise", "report"],
    )


class RobotNew(HostMixin, FormPage):
    host_roles = KEEPERS
    form_class = RobotForm
    heading = gettext_lazy("Add a group robot")
    back_url = "desk:channels"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("host")
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.host  # noqa: B018
        return super().get_context_data(**{"draft": "", **kwargs})  # a secret is not kept in the browser

    def perform(self, form: Any) -> str:
        add_robot(self.host.pk, actor=self.request.user, **form.cleaned_data)
        return "desk:channels"


class _OneRobot(HostMixin):
    host_roles = KEEPERS
    kwargs: dict[str, Any]

    def get_robot(self) -> Robot:
        rows = Robot.objects.filter(host_id=self.host.pk, removed_at=None)
        found = rows.filter(uuid=self.kwargs["uuid"]).first()
        if found is None:
            raise Http404
        return found


class RobotRemove(_OneRobot, FormPage):
    heading = gettext_lazy("Remove the group robot")
    submit_label = gettext_lazy("Remove it")
    back_url = "desk:channels"

    def check(self) -> None:
        self.get_robot()

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("host")
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("“%(name)s” is told nothing more, and its address is thrown away.") % {"name": self.get_robot()}
        return super().get_context_data(consequence=words, **kwargs)

    def perform(self, form: Any) -> str:
        remove_robot(self.get_robot(), actor=self.request.user)
        return "desk:channels"

    def get_done_message(self, done: Any) -> str:
        return _("Removed")


class _Test(View):
    http_method_names = ["post"]
    host: Any

    def answer(self, request: HttpRequest, **what: Any) -> HttpResponse:
        send_test(self.host.pk, actor=request.user, **what)
        messages.success(request, _("The test leaves within half a minute; what became of it stands below."))
        return redirect("desk:channels")


class TestChannel(HostMixin, _Test):
    host_roles = KEEPERS

    def post(self, request: HttpRequest, channel: str) -> HttpResponse:
        if channel not in (ChannelName.EMAIL, ChannelName.SMS):
            raise Http404
        return self.answer(request, channel=channel)


class TestRobot(_OneRobot, _Test):
    def post(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        return self.answer(request, channel=ChannelName.ROBOT, robot=self.get_robot())
