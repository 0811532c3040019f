"""发送渠道: by what notices may leave this CPPCC, its group robots, and a test of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from consult.delivery.channels import is_configured
from consult.delivery.keeping import add_robot, remove_robot, send_test
from consult.delivery.kinds import KINDS, label_of
from consult.delivery.models import ChannelName, Outgoing, Robot, RobotService
from consult.desk.views.notices.base import KeeperMixin
from consult.web.forms import Checks, CleanCharField, PlainForm
from consult.web.views import FormPage

FEW = 5


class Channels(KeeperMixin, TemplateView):
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
        tests = Outgoing.objects.of_host(self.host.pk).filter(kind="test").defer("body").order_by("-pk")
        return super().get_context_data(
            ways=ways,
            robots=robots,
            tests=list(tests.select_related("robot")[:FEW]),
            robots_allowed=is_configured(ChannelName.ROBOT),
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


class RobotNew(KeeperMixin, FormPage):
    form_class = RobotForm
    heading = gettext_lazy("Add a group robot")
    back_url = "desk:channels"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"draft": "", **kwargs})  # a secret is not kept in the browser

    def perform(self, form: Any) -> str:
        add_robot(self.host.pk, actor=self.request.user, **form.cleaned_data)
        return "desk:channels"


class _OneRobot(KeeperMixin):
    kwargs: dict[str, Any]

    @cached_property
    def robot(self) -> Robot:
        rows = Robot.objects.filter(host_id=self.host.pk, removed_at=None)
        found = rows.filter(uuid=self.kwargs["uuid"]).first()
        if found is None:
            raise Http404
        return found


class RobotRemove(_OneRobot, FormPage):
    heading = gettext_lazy("Remove the group robot")
    submit_label = gettext_lazy("Remove it")
    back_url = "desk:channels"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("“%(name)s” is told nothing more, and its address is thrown away.") % {"name": self.robot}
        return super().get_context_data(consequence=words, **kwargs)

    def perform(self, form: Any) -> str:
        remove_robot(self.robot, actor=self.request.user)
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


class TestChannel(KeeperMixin, _Test):
    def post(self, request: HttpRequest, channel: str) -> HttpResponse:
        if channel not in (ChannelName.EMAIL, ChannelName.SMS):
            raise Http404
        return self.answer(request, channel=channel)


class TestRobot(_OneRobot, _Test):
    def post(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        return self.answer(request, channel=ChannelName.ROBOT, robot=self.robot)
