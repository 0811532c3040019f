"""会签 by link: the page a party opens without an account, and the page where the office finds the links."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import DetailView, View

from consult.dbclock import database_now
from consult.documents import qr_svg
from consult.errors import DomainError, Missing
from consult.web.callers import caller_of
from consult.web.trouble import answer
from consult.web.views.detail import ByUuid
from consult.web.views.forms import put_errors
from sessions import services
from sessions.forms.remarks import LinkedRemarkForm
from sessions.models import Minutes, RemarkLink
from sessions.services import remark_links as links
from sessions.services import tries
from sessions.states import MINUTES_WORKFLOW
from sessions.views.base import find, frame
from sessions.views.sign_in import draw, redirect

TEMPLATE = "signin/remarks.html"


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class RemarksByLink(View):
    """The text that was sent round, and the party's own remarks; no account, no cookie, no script."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.opened = links.open_remarks(kwargs["token"]) or links.Opened(None)
        try:
            if self.opened.link is None and not self.opened.trouble:
                return self._unknown(request)
            return super().dispatch(request, *args, **kwargs)
        except tries.TooOften as error:
            response = draw(
                TEMPLATE, {"trouble": _("This was opened too often. Wait ten minutes, then try again.")}, 429
            )
            response.headers["Retry-After"] = str(tries.SPAN)
            response.status_code = error.status
            return response

    def _unknown(self, request: Any) -> HttpResponse:
        tries.refuse_beyond(remarks=(caller_of(request), links.BAD_LINKS))
        tries.note("remarks", caller_of(request))
        words = _("This link is not complete. Scan the code once more, or copy the whole link.")
        return draw(TEMPLATE, {"trouble": words}, 404)

    def get(self, request: Any, token: str) -> HttpResponse:
        if self.opened.link is None:
            return draw(TEMPLATE, {"trouble": self.opened.trouble}, 410)
        if request.method == "GET":
            links.note_opening(self.opened)
        return self.show(LinkedRemarkForm(minutes=self.opened.minutes), noted=request.GET.get("noted", ""))

    def post(self, request: Any, token: str) -> HttpResponse:
        if self.opened.link is None:
            return draw(TEMPLATE, {"trouble": self.opened.trouble}, 410)
        try:
            if request.POST.get("do") == "content":
                links.content_by_link(token)
                return redirect(f"{request.path}?noted=content")
            return self._remark(request, token)
        except tries.TooOften:
            raise
        except DomainError as error:
            return draw(TEMPLATE, {"trouble": str(error)}, error.status)

    def _remark(self, request: Any, token: str) -> HttpResponse:
        form = LinkedRemarkForm(request.POST, minutes=self.opened.minutes)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            links.remark_by_link(token, **form.cleaned_data)
        except (Missing, ValidationError) as error:
            put_errors(form, error)
            return self.show(form, 422)
        return redirect(f"{request.path}?noted=remark")

    def show(self, form: Any, status: int = 200, noted: str = "") -> HttpResponse:
        link, minutes = self.opened.link, self.opened.minutes
        remarks = minutes.comments.filter(participant=link.participant).order_by("number")
        return draw(
            TEMPLATE,
            {
                "link": link,
                "minutes": minutes,
                "session": minutes.session,
                "host": minutes.session.host,
                "heading": services.title_of(minutes.session),
                "paragraphs": services.paragraphs_of(minutes.body),
                "remarks": remarks,
                "is_content": link.content_version == minutes.version,
                "form": form,
                "noted": noted,
            },
            status,
        )


class RemarkLinks(ByUuid, DetailView):
    """Who has a link, who has opened it, who has answered; code and address to give to each."""

    http_method_names = ["get", "head"]
    template_name, context_object_name = "sessions/remark_links.html", "minutes"

    def get_queryset(self) -> Any:
        return Minutes.objects.visible_to(self.request.user).for_detail()

    def get_object(self, queryset: Any = None) -> Any:
        found = super().get_object(queryset)
        if not self.request.user.has_perm(MINUTES_WORKFLOW.perm("make_remark_link"), found):
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes, now = self.object, database_now()
        session = find(self.request.user, minutes.session.uuid)
        rows = minutes.remark_links.select_related("participant", "minutes")
        said: dict[int, int] = {}
        for key in minutes.comments.exclude(participant=None).values_list("participant_id", flat=True):
            said[key] = said.get(key, 0) + 1
        held = {link.participant_id for link in rows}
        left = [one for one in links.parties_without_account(minutes) if one.pk not in held]
        may = {step.verb for step in MINUTES_WORKFLOW.available(minutes, self.request.user)}
        return super().get_context_data(
            **{
                **frame(session, self.request.user, "minutes"),
                "minutes": minutes,
                "rows": [self._row(link, now, said.get(link.participant_id, 0)) for link in rows],
                "left": left,
                "may_make": "make_remark_link" in may and minutes.circulated_at is not None,
                "answered": sum(link.answered_at is not None for link in rows),
                **kwargs,
            }
        )

    def _row(self, link: RemarkLink, now: Any, said: int) -> dict[str, Any]:
        live = links.is_live(link, now)
        address = self.request.build_absolute_uri(links.path_of(link)) if live else ""
        qr = qr_svg(address, _("QR code of the link")) if live else ""
        return {
            "link": link,
            "live": live,
            "address": address,
            "qr": qr,
            "said": said,
            "expired": link.expires_at <= now,
        }


class RemarkLinkAct(View):
    """One button: make links for all who have none, renew one, take one back."""

    http_method_names = ["post"]
    verb = ""
    SERVICES = {"renew_remark_link": links.renew_remark_link, "revoke_remark_link": links.revoke_remark_link}

    def post(self, request: Any, uuid: Any, line: Any = None) -> HttpResponse:
        minutes = Minutes.objects.visible_to(request.user).for_detail().filter(uuid=uuid).first()
        if minutes is None or not request.user.has_perm(MINUTES_WORKFLOW.perm(self.verb), minutes):
            raise Http404
        try:
            if line is None:
                links.make_remark_link(minutes, actor=request.user)
            else:
                link = minutes.remark_links.filter(uuid=line).first()
                if link is None:
                    raise Http404
                self.SERVICES[self.verb](minutes, actor=request.user, link=link)
        except DomainError as error:
            return answer(request, error)
        return redirect(reverse("sessions:remark_links", args=[minutes.uuid]))
