"""Pages that write: GET asks for what is needed, POST calls one service; whatever goes wrong, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ImproperlyConfigured, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.generic import FormView
from django_htmx.http import HttpResponseClientRedirect

from consult.errors import DomainError, Missing
from consult.web.forms import PlainForm
from consult.web.views.base import HtmxPartialMixin
from consult.web.views.detail import ByUuid
from consult.workflow import Transition, Workflow

UNPROCESSABLE = 422


class ServicePage(HtmxPartialMixin, FormView):
    """A form before a service."""

    form_class: Any = PlainForm
    partial_template_name = "ui/_form.html"
    http_method_names = ["get", "head", "post", "options"]

    def perform(self, form: Any) -> Any:
        """Call the service; what it returns says where to go next (an object with a URL, a URL, or a URL's name)."""
        raise NotImplementedError

    def check(self) -> None:
        """Raise NotAllowed or WrongState before anything is asked or taken."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        return super().get(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        try:
            self.check()
            return self.form_valid(form) if form.is_valid() else self.form_invalid(form)
        except DomainError as error:
            return self.refused(form, error)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            done = self.perform(form)
        except ValidationError as error:
            put_errors(form, error)
            return self.form_invalid(form)
        if done_message := self.get_done_message(done):
            messages.success(self.request, done_message)
        return self.go(self.get_next_url(done))

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def refused(self, form: Any, error: DomainError) -> HttpResponse:
        """What is missing goes to its field; any other refusal stands above the form, which keeps its content."""
        if isinstance(error, Missing):
            form.is_valid()
            put_errors(form, error)
            return self.form_invalid(form)
        context = self.get_context_data(form=form, refusal=error)
        return self.render_to_response(context, status=error.status)

    def get_done_message(self, done: Any) -> str:
        return _("Saved")

    def get_next_url(self, done: Any) -> str:
        return resolve_url(done)

    def go(self, url: str) -> HttpResponse:
        if self.request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(url)
        return HttpResponseRedirect(url)


class FormPage(ServicePage):
    """Create or edit through a service: give ``form_class``, ``perform`` and a title; ``heading`` for the h1."""

    template_name = "ui/form.html"
    heading: Any = ""
    submit_label: Any = ""
    back_url: str = ""

    def get_back_url(self) -> str:
        return self.back_url and resolve_url(self.back_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "heading": self.heading,
            "submit_label": self.submit_label or _("Save"),
            "back_url": self.get_back_url(),
            "draft": f"form{self.request.path}",
        }
        return super().get_context_data(**{**words, **kwargs})


class MovePage(ByUuid, ServicePage):
    """One page for every move: the URL list names verb, service and, where words are needed, the form."""

    template_name = "ui/move.html"
    workflow: Workflow | None = None
    verb = ""
    service: Callable[..., Any] | None = None
    #: Said before the button of a move that cannot be undone or that reaches others.
    consequence: Any = ""

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.workflow is None or self.verb not in self.workflow:
            raise ImproperlyConfigured(f"{type(self).__name__} needs a workflow and one of its verbs")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object() if request.method in ("GET", "HEAD", "POST") else None
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Through ``visible_to``: what the reader may not see is not found."""
        raise NotImplementedError

    @property
    def step(self) -> Transition:
        return self.workflow.step(self.verb)  # type: ignore[union-attr]

    def check(self) -> None:
        self.workflow.check(self.object, self.verb, actor=self.request.user)  # type: ignore[union-attr]

    def perform(self, form: Any) -> Any:
        service = self.__dict__.get("service") or type(self).service
        if service is None:
            raise ImproperlyConfigured(f"{type(self).__name__} needs a service for {self.verb}")
        return service(self.object, actor=self.request.user, **form.cleaned_data)

    def get_done_message(self, done: Any) -> str:
        return _("“%(move)s” is done") % {"move": self.step.label}

    def get_next_url(self, done: Any) -> str:
        """Where the thing is shown; services may return something else than it (a new revision, a list)."""
        return str(resolve_url(done if hasattr(done, "get_absolute_url") else self.object))  # type: ignore[arg-type]

    def get_back_url(self) -> str:
        return str(resolve_url(self.object))  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "object": self.object,
            "step": self.step,
            "heading": self.step.label,
            "submit_label": self.step.label,
            "consequence": self.consequence,
            "back_url": self.get_back_url(),
            "draft": f"{self.workflow.noun}-{self.verb}-{self.object.uuid}",  # type: ignore[union-attr]
        }
        return super().get_context_data(**{**words, **kwargs})


def put_errors(form: Any, error: ValidationError | Missing) -> None:
    """Each message to its field; what belongs to no field of this form stands above it."""
    if isinstance(error, Missing):
        error = ValidationError(error.fields or str(error))
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name != NON_FIELD_ERRORS and name in form.fields else None, found)
