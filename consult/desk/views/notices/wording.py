"""消息用语: the county's own words for each kind of notice, with a preview made by the server."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from consult.delivery.kinds import KINDS, Kind
from consult.delivery.wording import (
    BODY_MOST,
    LONG_NAMES,
    SHORT_MOST,
    SHORT_NAMES,
    SUBJECT_MOST,
    clean_texts,
    default_texts,
    fill,
    history,
    set_wording,
    texts_of,
)
from consult.desk.views.notices.base import KeeperMixin
from consult.web.forms import CleanCharField, CleanTextField, PlainForm
from consult.web.views import FormPage

_EXPLAINED = {
    "title": gettext_lazy("the usual subject"),
    "body": gettext_lazy("the usual text"),
    "kind": gettext_lazy("the kind of notice"),
    "matter": gettext_lazy("title of the matter"),
    "unit": gettext_lazy("the handling unit"),
    "due": gettext_lazy("the due date"),
    "number": gettext_lazy("the number of the document"),
}


def explained(names: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(f"{{{name}}}", _EXPLAINED[name]) for name in names]


def example(kind: Kind) -> dict[str, Any]:
    """Invented facts for the preview."""
    return {
        "title": f"{kind.label}：西二路公厕移交管理",
        "body": "请在期限前回复办理情况。",
        "kind": kind.label,
        "matter": "西二路公厕移交管理",
        "unit": "区城市管理局",
        "due": date(timezone.localdate().year, 11, 24),
        "number": "南谯协商办〔2026〕12号",
    }


class Wordings(KeeperMixin, TemplateView):
    template_name = "desk/notices/wordings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = []
        for kind in KINDS.values():
            texts = texts_of(self.host.pk, kind.name)
            facts = example(kind)
            rows.append({"kind": kind, "texts": texts, "subject": fill(texts.subject, facts)})
        return super().get_context_data(rows=rows, **kwargs)


class WordingForm(PlainForm):
    subject = CleanCharField(label=gettext_lazy("Subject"), max_length=SUBJECT_MOST, required=False)
    body = CleanTextField(label=gettext_lazy("Text"), max_length=BODY_MOST, rows=6, required=False)
    short = CleanCharField(
        label=gettext_lazy("Text message and group robot"),
        max_length=SHORT_MOST,
        required=False,
        help_text=gettext_lazy("It lights up on locked screens, so it names no matter and no person."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            clean_texts(**{name: given.get(name) or "" for name in ("subject", "body", "short")})
        except ValidationError as error:
            for name, problems in error.message_dict.items():
                self.add_error(name, problems)
        return given


class WordingEdit(KeeperMixin, FormPage):
    """Preview is a button of the same form, so that it works without a script; with one it follows the typing."""

    form_class = WordingForm
    template_name, partial_template_name = "desk/notices/wording.html", "desk/notices/_wording.html"
    back_url = "desk:wordings"

    @cached_property
    def kind(self) -> Kind:
        try:
            return KINDS[self.kwargs["kind"]]
        except KeyError:
            raise Http404 from None

    def get_form_kwargs(self) -> dict[str, Any]:
        texts = texts_of(self.host.pk, self.kind.name)
        return {
            **super().get_form_kwargs(),
            "initial": {"subject": texts.subject, "body": texts.body, "short": texts.short},
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is saved before the button that says so."""
        if "preview" in request.POST:
            form = self.get_form()
            if not form.is_valid():
                return self.form_invalid(form)
            return self.render_to_response(self.get_context_data(form=form))
        if "default" in request.POST:
            set_wording(self.host.pk, self.kind.name, actor=request.user)
            return self.go(self.get_next_url("desk:wordings"))
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> str:
        words = {name: form.cleaned_data[name] or "" for name in ("subject", "body", "short")}
        default = default_texts(self.kind)
        own = {name: "" if text == getattr(default, name) else text for name, text in words.items()}
        set_wording(self.host.pk, self.kind.name, actor=self.request.user, **own)
        return "desk:wordings"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**{"heading": self.kind.label, **kwargs})
        form = context["form"]
        texts = {name: (form[name].value() or "") for name in ("subject", "body", "short")}
        default = default_texts(self.kind)
        facts = example(self.kind)
        shown = {name: fill(text or getattr(default, name), facts) for name, text in texts.items()}
        return {
            **context,
            "shown": shown,
            "kind": self.kind,
            "names": explained(LONG_NAMES),
            "short_names": explained(SHORT_NAMES),
            "history": history(self.host.pk, self.kind.name),
            "in_force": texts_of(self.host.pk, self.kind.name),
        }

    def get_done_message(self, done: Any) -> str:
        return _("Saved. Notices sent already keep their words")
