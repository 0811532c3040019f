"""申请发言: the button on the page that says 已签到, and on the session's page for who signed in with his account."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from consult.errors import DomainError, Missing
from sessions.services import asking, sign_in
from sessions.views import sign_in as plain
from sessions.views.base import SmallAct

WORDS = ("ask", "back")


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class Floor(View):
    """Into the queue of speakers, or out of it, by the page of a signing in; a form or the same as JSON."""

    http_method_names = ["post"]

    def post(self, request: Any, uuid: UUID) -> HttpResponse:
        is_json = request.content_type == "application/json"
        try:
            if not asking.is_known(uuid):
                raise sign_in.NotOurs
            line = asking.ask_by_link(uuid, back=_said(request, is_json) == "back")
        except DomainError as error:
            return plain.json_answer(error.as_dict(), error.status) if is_json else plain.refused(error)
        if is_json:
            turn = asking.turn_of(line)
            return plain.json_answer({"state": turn.state, "ahead": turn.ahead}, 200)
        return plain.redirect(f"{reverse('sign_in:done', args=[uuid])}#floor")


def _said(request: Any, is_json: bool) -> str:
    said: Any = request.POST
    if is_json:
        try:
            said = json.loads(request.body[: plain.LONGEST])
        except (ValueError, RecursionError):
            said = None
    word = said.get("do") if hasattr(said, "get") else None
    if word not in WORDS:
        raise Missing(do=_("Say whether you ask for the floor or step back."))
    return word


class AskFloor(SmallAct):
    """The same from one's own account, on the session's page."""

    def act(self, request: Any) -> None:
        line = sign_in.own_line(self.session, request.user)
        if line is None:
            raise Http404
        line.session = self.session
        asking.ask_floor(line, actor=request.user, back=request.POST.get("do") == "back")
