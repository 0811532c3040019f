"""满意度: opened by a link or a code, by whoever holds it. No account, no cookie, no script; nothing says who came."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from consult import options
from consult.errors import DomainError
from consult.web.callers import caller_of
from consult.web.forms import CleanTextField, PlainForm
from consult.web.views.forms import put_errors
from outcomes.services.rating import COMMENT_AT_MOST, Asked, NoSuchInvitation, open_invitation, rate
from outcomes.states import RaiserVerdict
from sessions.services import tries
from sessions.views.sign_in import draw as draw_unseen

BAD_LINKS = 60  # of one caller within ten minutes


class RateForm(PlainForm):
    """Two questions, and a line for who wants to say more."""

    process = forms.ChoiceField(
        label=_("How it was talked over"), choices=RaiserVerdict.choices, widget=forms.RadioSelect
    )
    result = forms.ChoiceField(
        label=pgettext_lazy("rate", "What came of it"), choices=RaiserVerdict.choices, widget=forms.RadioSelect
    )
    comment = CleanTextField(label=_("Anything you want to add"), max_length=COMMENT_AT_MOST, rows=3, required=False)
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


def draw(template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Nothing of whoever comes is opened or kept, and no other page hears of the address."""
    response = draw_unseen(template, context, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class Rate(View):
    """Before sending it is said that an answer cannot be changed; afterwards the address opens nothing any more."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.asked = self._open(request, kwargs["token"])
            return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]  # Django: HttpResponseBase
        except DomainError as error:
            response = draw("rate/refused.html", {"sentence": str(error)}, error.status)
            if isinstance(error, tries.TooOften):
                response.headers["Retry-After"] = str(tries.SPAN)
            return response

    def _open(self, request: HttpRequest, token: str) -> Asked:
        tries.refuse_beyond(ratings=(caller_of(request), BAD_LINKS))
        try:
            return open_invitation(token)
        except NoSuchInvitation:
            tries.note("ratings", caller_of(request))
            raise

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.asked.trouble:
            return self.closed(200)
        return self.show(RateForm(initial={"key": uuid4().hex}))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = RateForm(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            done = rate(token, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
            return self.show(form, 422)
        except DomainError as error:
            return self.closed(error.status, str(error))
        return draw("rate/thanks.html", {**self.frame(), "is_raiser": done.is_raiser, "answer": form.cleaned_data})

    def frame(self) -> dict[str, Any]:
        topic = self.asked.outcome.topic
        host = topic.host
        return {
            "asked": self.asked,
            "title": topic.title,
            "host": host,
            "phone": options.get(host.pk, "contact.phone") or host.phone,
            "demo": topic.is_sample or host.is_sample,
        }

    def show(self, form: RateForm, status: int = 200) -> HttpResponse:
        survey = self.asked.invitation.survey
        days = options.get(survey.outcome.host_id, "limits.explain_days")
        return draw("rate/form.html", {**self.frame(), "form": form, "survey": survey, "days": days}, status)

    def closed(self, status: int, sentence: str = "") -> HttpResponse:
        return draw("rate/closed.html", {**self.frame(), "sentence": sentence or self.asked.trouble}, status)
