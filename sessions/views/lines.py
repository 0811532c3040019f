"""Each line of the record is one POST: said, agreed, reserved, walked in; and the same line mended afterwards."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from consult.web.views import FormPage
from sessions import services
from sessions.forms import ConsensusForm, DissentForm, StatementForm, WalkInForm
from sessions.forms.record import ConsensusChangeForm, DissentChangeForm, LanguagesForm, StatementChangeForm
from sessions.states import RECORD_WORKFLOW
from sessions.views.base import find
from sessions.views.record import is_htmx, parts


class LinePage(FormPage):
    """A line of the record: typed on the desk, or on a page of its own when there is no script."""

    template_name, partial_template_name = "sessions/line.html", "sessions/_line_trouble.html"
    verb = ""
    prefix_used: str | None = None

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.session = find(request.user, kwargs["uuid"])

    def check(self) -> None:
        """The service asks once more: a line that is sent again is known to it, even when the session is over."""
        actor, right = self.request.user, RECORD_WORKFLOW.perm(self.verb)
        if self.request.method != "POST" or not actor.has_perm(right, self.session):
            RECORD_WORKFLOW.check(self.session, self.verb, actor=actor)

    def get_prefix(self) -> str | None:
        return self.prefix_used

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.session}

    def go(self, url: str) -> HttpResponse:
        if is_htmx(self.request):
            return parts(self.request, self.session, done=self.verb, fresh_key=uuid4())
        return super().go(url)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self._beside(super().form_invalid(form))

    def refused(self, form: Any, error: Any) -> HttpResponse:
        return self._beside(super().refused(form, error))

    def _beside(self, response: HttpResponse) -> HttpResponse:
        """What is wrong goes beside the line that was typed, which stays as it is."""
        if is_htmx(self.request):
            response.headers["HX-Retarget"] = f"#{self.verb} .js-trouble"
            response.headers["HX-Reswap"] = "innerHTML"
        return response

    def get_done_message(self, done: Any) -> str:
        return "" if is_htmx(self.request) else super().get_done_message(done)

    def get_next_url(self, done: Any) -> str:
        return self.get_back_url()

    def get_back_url(self) -> str:
        return reverse("sessions:record", args=[self.session.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"session": self.session, **kwargs})


class Say(LinePage):
    form_class, verb, heading = StatementForm, "add_statement", gettext_lazy("Note a statement")

    def perform(self, form: Any) -> Any:
        return services.add_statement(self.session, actor=self.request.user, **form.cleaned_data)


class Agree(LinePage):
    form_class, verb, heading = ConsensusForm, "agree_point", gettext_lazy("Note a consensus point")
    prefix_used = "c"

    def get_initial(self) -> dict[str, Any]:
        """Without scripts: from a statement, its words and the link to it."""
        try:
            said = self.session.statements.filter(uuid=self.request.GET.get("from") or None).first()
        except ValidationError:
            said = None
        return {"text": said.text[:500], "statements": str(said.uuid)} if said else {}

    def perform(self, form: Any) -> Any:
        return services.agree_point(self.session, actor=self.request.user, **form.cleaned_data)


class Dissent(LinePage):
    form_class, verb, heading = DissentForm, "keep_dissent", gettext_lazy("Keep a reservation")
    prefix_used = "d"

    def perform(self, form: Any) -> Any:
        return services.keep_dissent(self.session, actor=self.request.user, **form.cleaned_data)


class WalkIn(LinePage):
    form_class, verb, heading = WalkInForm, "walk_in", gettext_lazy("Add to the roster")
    prefix_used = "w"

    def perform(self, form: Any) -> Any:
        return services.add_participant(self.session, actor=self.request.user, **form.cleaned_data)


class ChangePage(LinePage):
    """Mending a line that stands in the record. Who saves over an older version gets both side by side."""

    template_name, partial_template_name = "sessions/mend.html", "sessions/_mend.html"
    rows = ""
    names: tuple[str, ...] = ()

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row = getattr(self.session, self.rows).filter(uuid=kwargs["line"]).first()
        if self.row is None:
            raise Http404

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.row.version, **{name: getattr(self.row, name) for name in self.names}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = f"mend-{self.row.uuid}"
        return super().get_context_data(**{"row": self.row, "url": self.request.path, "draft": kept, **kwargs})

    def form_again(self, initial: dict[str, Any]) -> Any:
        return self.form_class(initial=initial, session=self.session)

    def refused(self, form: Any, error: Any) -> HttpResponse:
        if not isinstance(error, services.StaleLine):
            return super().refused(form, error)
        # The words typed stay in the form; sent once more, they are written over what the other wrote.
        again = self.form_again({**self.get_initial(), **error.mine, "version": error.version})
        fields = [
            {
                "label": again.fields[name].label,
                "theirs": _said(again, name, text),
                "mine": _said(again, name, error.mine[name]),
            }
            for name, text in error.theirs.items()
            if name in again.fields and name in error.mine and error.mine[name] != text
        ]
        context = self.get_context_data(form=again, stale=error, fields=fields)
        return self.render_to_response(context, status=error.status)

    def _beside(self, response: HttpResponse) -> HttpResponse:
        return response


def _said(form: Any, name: str, value: Any) -> str:
    """As the form shows it: a choice by its words."""
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, "" if value is None else value))


class SayChange(ChangePage):
    form_class, verb, heading = StatementChangeForm, "change_statement", gettext_lazy("Change a statement")
    rows, names = "statements", ("by", "category", "kind", "language", "text")

    def perform(self, form: Any) -> Any:
        return services.change_statement(self.row, actor=self.request.user, **form.cleaned_data)


class AgreeChange(ChangePage):
    form_class, verb, heading = ConsensusChangeForm, "change_point", gettext_lazy("Change a consensus point")
    rows, names = "consensus_points", ("text", "level", "unit_name", "due_on")

    def perform(self, form: Any) -> Any:
        return services.change_point(self.row, actor=self.request.user, **form.cleaned_data)


class DissentChange(ChangePage):
    form_class, verb, heading = DissentChangeForm, "change_dissent", gettext_lazy("Change a reservation")
    rows, names = "dissent_points", ("text", "by")

    def perform(self, form: Any) -> Any:
        return services.change_dissent(self.row, actor=self.request.user, **form.cleaned_data)


class Tongues(LinePage):
    """Languages and interpreter, as they turn out to be in the room."""

    form_class, verb, heading = LanguagesForm, "set_languages", gettext_lazy("Languages and interpreter")

    def get_initial(self) -> dict[str, Any]:
        return {"languages": "，".join(self.session.languages), "interpreter": self.session.interpreter}

    def perform(self, form: Any) -> Any:
        return services.set_languages(self.session, actor=self.request.user, **form.cleaned_data)
