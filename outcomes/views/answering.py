"""Answering without an account: what a link opens, and the page where the office finds the links."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import DetailView, View

from consult.dbclock import database_now
from consult.documents import qr_svg
from consult.errors import DomainError, Missing
from consult.web.callers import caller_of
from consult.web.views.detail import ByUuid
from consult.web.views.forms import put_errors
from outcomes.forms import ASSIGNMENT_FORMS
from outcomes.models import AnswerLink, Assignment
from outcomes.services import links
from outcomes.states import RUNNING_STATES
from sessions.services import tries
from sessions.views.sign_in import draw

BAD_LINKS = 60  # of one caller within ten minutes


def no_link() -> HttpResponse:
    words = _("This link is not complete. Scan the code once more, or copy the whole link.")
    return draw("answer/page.html", {"answer": links.Answer(None, words)}, 404)


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class AnswerPage(View):
    """One assignment, for whoever holds its link: no account, no cookie, no script."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        found = links.open_link(kwargs["token"])
        try:
            if found is None:
                tries.refuse_beyond(answers=(caller_of(request), BAD_LINKS))
                tries.note("answers", caller_of(request))
                return no_link()
            self.answer = found
            return super().dispatch(request, *args, **kwargs)
        except tries.TooOften as error:
            response = draw("answer/page.html", {"answer": links.Answer(None, _too_often())}, error.status)
            response.headers["Retry-After"] = str(tries.SPAN)
            return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.answer.link is None:
            return self.show(None, status=410)
        if request.method == "GET":
            links.note_use(self.answer)
        return self.show(self.form(None), noted=request.GET.get("noted", "") in links.MOVES)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.answer.link is None:
            return self.show(None, status=410)
        if self.answer.trouble:
            return self.show(None, status=409)
        asked = request.POST.get("verb", "")
        if asked not in self.answer.verbs:
            return self.show(self.form(None), status=409, refusal=_("This step is not possible by this link now."))
        form = self.form(request)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            links.answer_by_link(token, self.verb, **form.cleaned_data)
        except (Missing, ValidationError) as error:
            put_errors(form, error)
            return self.show(form, status=422)
        except tries.TooOften:
            raise
        except DomainError as error:
            self.answer = links.open_link(token) or links.Answer(None, str(error))
            return self.show(None, status=error.status, refusal=str(error))
        response = HttpResponseRedirect(f"{reverse('answer:page', args=[token])}?noted={self.verb}")
        response.headers["Cache-Control"] = "no-store"
        return response

    @property
    def verb(self) -> str:
        """Which of the moves is asked for; the first possible one when none is named."""
        asked = self.request.POST.get("verb") or self.request.GET.get("step", "")
        verbs = self.answer.verbs
        return asked if asked in verbs else verbs[0] if verbs else ""

    def form(self, request: HttpRequest | None) -> Any:
        if not self.verb:
            return None
        data = (request.POST, request.FILES) if request is not None else ()
        form = ASSIGNMENT_FORMS[self.verb](*data, subject=self.answer.assignment)
        form.fields.pop("on", None)
        return form

    def show(self, form: Any, status: int = 200, noted: bool = False, refusal: str = "") -> HttpResponse:
        answer = self.answer
        context: dict[str, Any] = {"answer": answer, "form": form, "noted": noted, "refusal": refusal}
        if answer.link is not None:
            assignment = answer.assignment
            context |= {
                "assignment": assignment,
                "host": assignment.host,
                "points": assignment.fulfils.order_by("number"),
                "reports": assignment.progress.order_by("-date", "-pk")[:10],
                "milestones": assignment.milestones.all(),
                "came_back": assignment.reason if assignment.is_rework else "",
                "verb": self.verb,
                "running": assignment.state in RUNNING_STATES,
                "token": self.kwargs["token"],
            }
        return draw("answer/page.html", context, status)


def _too_often() -> str:
    return _("This was opened too often. Wait ten minutes, then try again.")


class Links(ByUuid, DetailView):
    """Where the office finds the links of an assignment: code, text to copy, renew, take back."""

    http_method_names = ["get", "head"]
    template_name = "outcomes/links.html"

    def get_queryset(self) -> Any:
        return Assignment.objects.visible_to(self.request.user).for_detail()

    def get_object(self, queryset: Any = None) -> Any:
        found = super().get_object(queryset)
        if not self.request.user.has_perm("outcomes.make_link_assignment", found):
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = database_now()
        rows = AnswerLink.objects.filter(assignment=self.object).for_page()
        return super().get_context_data(
            **{
                "assignment": self.object,
                "rows": [self._row(link, now) for link in rows],
                "running": self.object.state in RUNNING_STATES,
                **kwargs,
            }
        )

    def _row(self, link: AnswerLink, now: Any) -> dict[str, Any]:
        live = link.revoked_at is None and link.expires_at > now and self.object.state in RUNNING_STATES
        address = self.request.build_absolute_uri(links.path_of_link(link)) if live else ""
        words = _("%(host)s asks %(unit)s (%(name)s) to answer “%(matter)s”, due on %(day)s: %(address)s") % {
            "host": self.object.host,
            "unit": link.unit,
            "name": link.name,
            "matter": self.object.matter,
            "day": self.object.due_on,
            "address": address,
        }
        return {
            "link": link,
            "live": live,
            "address": address,
            "words": words if live else "",
            "qr": qr_svg(address, _("QR code of the link")) if live else "",
            "expired": link.expires_at <= now,
        }
