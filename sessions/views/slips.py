"""回执 by a link: for who was invited and has no account; and the page where the office finds the links."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView, View

from consult.documents import qr_svg
from consult.errors import DomainError, Missing
from consult.web.callers import caller_of
from consult.web.views.forms import put_errors
from sessions.forms.sign_in import SlipForm
from sessions.services import slips, tries
from sessions.services.mending import may_see_phone
from sessions.states import RECORD_WORKFLOW
from sessions.views.base import SmallAct, find, frame
from sessions.views.calendar import file_for
from sessions.views.sign_in import draw, refused
from sessions.views.workspace import with_times

BAD_LINKS = 60  # of one caller within ten minutes


class NoSlip(DomainError):
    """An address that we never made."""

    code = "bad_link"
    status = 404


def _open(request: HttpRequest, token: str) -> slips.Slip:
    slip = slips.open_slip(token)
    if slip is None:
        tries.refuse_beyond(slips=(caller_of(request), BAD_LINKS))
        tries.note("slips", caller_of(request))
        raise NoSlip(_("This link is not complete. Scan the code once more, or copy the whole link."))
    return slip


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class SlipPage(View):
    """参加 or 请假. Whoever holds the link may answer; it needs no account, no cookie and no script."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.slip = _open(request, kwargs["token"])
            return super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            return refused(error)

    def get(self, request: Any, token: str) -> HttpResponse:
        line = self.slip.line
        known = {"reply": line.reply, "reason": line.reply_reason} if line and line.reply else {}
        return self.show(SlipForm(initial=known), noted="noted" in request.GET)

    def post(self, request: Any, token: str) -> HttpResponse:
        form = SlipForm(request.POST)
        if not self.slip.is_open:
            return self.show(form, status=409)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            slips.reply_by_link(token, **form.cleaned_data)
        except (Missing, ValidationError) as error:
            put_errors(form, error)
            return self.show(form, status=422)
        response = HttpResponseRedirect(f"{reverse('sign_in:slip', args=[token])}?noted")
        response.headers["Cache-Control"] = "no-store"
        return response

    def show(self, form: Any, status: int = 200, noted: bool = False) -> HttpResponse:
        slip = self.slip
        session = slip.line.session if slip.line else None
        context = {
            "slip": slip,
            "line": slip.line,
            "session": session,
            "host": session.host if session else None,
            "form": form,
            "noted": noted,
            "agenda": with_times(session) if session else [],
            "token": self.kwargs["token"],
        }
        return draw("signin/slip.html", context, 410 if slip.is_void else status)


@login_not_required
@require_safe
def slip_file(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation for a calendar, by the same link."""
    try:
        slip = _open(request, token)
    except DomainError as error:
        return refused(error)
    if slip.line is None:
        return refused(NoSlip(slip.trouble))
    return file_for(slip.line.session, slip.line)


class Slips(TemplateView):
    """Who has replied, and each line's link, to be sent or printed; for who prepares the session."""

    http_method_names = ["get", "head"]
    template_name = "sessions/slips.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = find(self.request.user, self.kwargs["uuid"])
        if not self.request.user.has_perm(RECORD_WORKFLOW.perm("renew_slip"), session):
            raise Http404
        lines = [line for line in session.participants.all() if not line.is_walk_in]
        return super().get_context_data(
            **{
                **frame(session, self.request.user, "prepare"),
                "object": session,
                "no_actions": True,
                "rows": [{"line": line, "link": link_of(self.request, line)} for line in lines],
                "shows_phone": may_see_phone(session, self.request.user),
                "replied": sum(bool(line.reply) for line in lines),
                **kwargs,
            }
        )


def link_of(request: Any, line: Any) -> str:
    return request.build_absolute_uri(slips.slip_link(line))


def printed(request: Any, session: Any) -> list[dict[str, Any]]:
    """Each line with its link as a QR code, for the notice on paper; empty for who does not prepare the session."""
    if not request.user.has_perm(RECORD_WORKFLOW.perm("renew_slip"), session):
        return []
    lines = [line for line in session.participants.all() if not line.is_walk_in]
    name = _("QR code of the reply slip")
    return [{"line": line, "qr": qr_svg(link_of(request, line), name)} for line in lines]


class RenewSlip(SmallAct):
    """The old link opens nothing any more."""

    def act(self, request: Any, line: Any) -> None:
        slips.renew_slip(self.line(self.session.participants.all(), line), actor=request.user)

    def get_back_url(self) -> str:
        return reverse("sessions:slips", args=[self.session.uuid])
