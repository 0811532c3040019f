"""日历: the file of one session, the feed of an account, and the page on which its owner renews it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView, View

from sessions.models import ConsultSession, Participant
from sessions.services import calendar
from sessions.services.sign_in import own_line
from sessions.views.base import find


def response(body: bytes, name: str, method: str = "") -> HttpResponse:
    kind = f"text/calendar; method={method}; charset=utf-8" if method else "text/calendar; charset=utf-8"
    answer = HttpResponse(body, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar program, which knows nothing but the address."""
    account = calendar.owner_of_feed(token)
    if account is None:
        raise Http404
    body = calendar.feed_text(account)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match", "") == tag:
        return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": "private, no-cache"})
    answer = response(body, "consult.ics")
    answer.headers["ETag"] = tag
    return answer


def file_for(session: ConsultSession, line: Participant | None) -> HttpResponse:
    """The session as a file; for who is on its list, his invitation."""
    method = calendar.method_for(session) if line is not None and not line.is_walk_in else ""
    return response(calendar.invitation(session, line), "invitation.ics", method)


class InvitationFile(View):
    """One session, for who sees it."""

    http_method_names = ["get", "head"]

    def get(self, request: Any, uuid: Any) -> HttpResponse:
        session = find(request.user, uuid)
        return file_for(session, own_line(session, request.user))


class CalendarPage(TemplateView):
    """The address of one's own feed: made, renewed, switched off."""

    http_method_names = ["get", "head", "post"]
    template_name = "sessions/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = calendar.feed_of(self.request.user)
        link = self.request.build_absolute_uri(calendar.feed_link(mine)) if mine and mine.is_on else ""
        return super().get_context_data(**{"feed": mine, "link": link, "webcal": _webcal(link), **kwargs})

    def post(self, request: Any) -> HttpResponse:
        if request.POST.get("do") == "off":
            calendar.revoke_feed(request.user)
            messages.success(request, _("Switched off; the address opens nothing any more"))
        else:
            calendar.renew_feed(request.user)
            messages.success(request, _("This is the address of your calendar now"))
        return HttpResponseRedirect(reverse("sessions:calendar"))

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        answer = super().render_to_response(context, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _webcal(link: str) -> str:
    return "webcal" + link[link.index(":") :] if link else ""
