"""One page for every move of a matter."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from consult.web.views import MovePage
from topics import services
from topics.forms import CompleteForm, StudyForm
from topics.models import Topic
from topics.states import TOPIC_WORKFLOW


class TopicMove(MovePage):
    workflow, template_name = TOPIC_WORKFLOW, "topics/move.html"

    def get_queryset(self) -> Any:
        return Topic.objects.visible_to(self.request.user).for_preview()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "topic": self.object, "reader": self.request.user}


class Approve(TopicMove):
    """The approval, with the scan of the paper when the office records it."""

    def perform(self, form: Any) -> Any:
        scan = form.cleaned_data.pop("scan", None)
        with transaction.atomic():
            topic = super().perform(form)
            if scan:
                services.attach_file(topic, actor=self.request.user, upload=scan, kind="scan", field="scan")
        return topic


class Complete(TopicMove):
    """Handing in again: the changes go to the service as one."""

    form_class = CompleteForm
    template_name = "topics/complete.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["reader"]
        return kwargs

    def perform(self, form: Any) -> Any:
        return services.resubmit_topic(self.object, actor=self.request.user, changes=form.cleaned_data)


class Study(TopicMove):
    form_class = StudyForm
