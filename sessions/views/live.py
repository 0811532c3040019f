"""What surrounds a running record: the recorder's desk, kept on the server, and the code of the screen."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from consult.errors import DomainError
from sessions import services
from sessions.models import ConsultSession
from sessions.views.base import SmallAct, find, frame

LARGEST = 40_000
UNREADABLE = "?"


class Desk(View):
    """Every three seconds: what stands in the forms and is not noted yet, and how many lines wait for the network."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        session = ConsultSession.objects.visible_to(request.user).select_related("host").filter(uuid=uuid).first()
        if session is None:
            raise Http404
        drafts, waiting = _read(request)
        try:
            desk = services.keep_desk(session, actor=request.user, drafts=drafts, waiting=waiting)
        except DomainError as error:
            return JsonResponse(error.as_dict(), status=error.status)
        return JsonResponse({"saved": f"{timezone.localtime(desk.seen_at):%H:%M:%S}"})


def _read(request: HttpRequest) -> tuple[Any, int]:
    """Drafts and the number of waiting lines; what is not readable is no dict, which the service refuses by name.

    A form is no JSON, and its body cannot be read a second time.
    """
    if request.content_type != "application/json" or len(request.body) > LARGEST:
        return UNREADABLE, 0
    try:
        told = json.loads(request.body)
        return told.get("drafts") or {}, int(told.get("waiting") or 0)
    except (AttributeError, OverflowError, RecursionError, TypeError, ValueError):
        return UNREADABLE, 0


class ScreenPage(TemplateView):
    """投屏: the address and the six figures for the machine in the hall."""

    template_name = "sessions/screen.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = find(self.request.user, self.kwargs["uuid"])
        if not services.may_show(session, self.request.user):
            raise Http404
        screen = services.screen_of(session)
        address = self.request.build_absolute_uri(reverse("live:ask"))
        link = self.request.build_absolute_uri(reverse("live:screen", args=[screen.code])) if screen else ""
        words = {**frame(session, self.request.user, "record"), "screen": screen, "address": address, "link": link}
        shown = services.pulse_of(session).is_shown
        return super().get_context_data(**{**words, "object": session, "is_shown": shown, **kwargs})


class ScreenIssue(SmallAct):
    """A code for the screen; a new one when the old one got about."""

    def act(self, request: Any) -> None:
        services.issue_screen(self.session, actor=request.user, renew=request.POST.get("do") == "renew")

    def get_back_url(self) -> str:
        return reverse("sessions:screen", args=[self.session.uuid])
