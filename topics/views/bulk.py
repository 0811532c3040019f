"""Several slips at once: not taken up, transferred, or merged into one. All of them or none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consult.errors import Missing
from consult.web.forms import Radios
from consult.web.views import FormPage
from topics import services
from topics.forms import AnswerForm, OnForm, TransferForm
from topics.models import Topic
from topics.states import TOPIC_WORKFLOW

MOST = 30


class MergePickedForm(OnForm):
    into = forms.ChoiceField(label=gettext_lazy("This one goes on"), widget=Radios)


class BulkMove(FormPage):
    """``?pick=<uuid>&pick=…``: what was ticked in the list."""

    template_name = "topics/bulk.html"
    verb = ""
    FORMS = {"decline": AnswerForm, "transfer": TransferForm, "merge": MergePickedForm}

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.picked = self._picked(request.GET.getlist("pick"))
        return super().dispatch(request, *args, **kwargs)

    def _picked(self, names: list[str]) -> list[Topic]:
        try:
            wanted = {UUID(name) for name in names[: MOST + 1]}
        except ValueError:
            raise Http404 from None
        found = list(Topic.objects.visible_to(self.request.user).select_related("host").filter(uuid__in=wanted))
        if len(found) != len(wanted):
            raise Http404
        return sorted(found, key=lambda topic: topic.pk)

    def check(self) -> None:
        few = 2 if self.verb == "merge" else 1
        if not few <= len(self.picked) <= MOST:
            raise Missing(_("Tick between %(few)s and %(most)s matters in the list.") % {"few": few, "most": MOST})
        for topic in self.picked:
            TOPIC_WORKFLOW.check(topic, self.verb, actor=self.request.user)

    def get_form_class(self) -> Any:
        return self.FORMS[self.verb]

    def get_form_kwargs(self) -> dict[str, Any]:
        first = self.picked[0] if self.picked else Topic()
        return {**super().get_form_kwargs(), "topic": first, "reader": self.request.user}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if "into" in form.fields:
            form.fields["into"].choices = [(str(topic.uuid), topic.title) for topic in self.picked]
        return form

    @transaction.atomic
    def perform(self, form: Any) -> Any:
        data = dict(form.cleaned_data)
        service = {"decline": services.decline_topic, "transfer": services.transfer_topic}.get(self.verb)
        if service is not None:
            for topic in self.picked:
                service(topic, actor=self.request.user, **data)
        else:
            into = next(topic for topic in self.picked if str(topic.uuid) == data["into"])
            for topic in self.picked:
                if topic.pk != into.pk:
                    services.merge_topic(topic, actor=self.request.user, into=into, on=data["on"])
        return reverse("topics:list")

    def get_done_message(self, done: Any) -> str:
        count = len(self.picked)
        return ngettext("“%(move)s”: %(count)s matter", "“%(move)s”: %(count)s matters", count) % {
            "move": TOPIC_WORKFLOW.step(self.verb).label,
            "count": count,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = TOPIC_WORKFLOW.step(self.verb).label
        words = {"heading": label, "submit_label": label, "picked": self.picked, "back_url": reverse("topics:list")}
        return super().get_context_data(**{**words, **kwargs})
