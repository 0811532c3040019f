"""成果报送: outcomes by state, one outcome with all its moves."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consult import options
from consult.audit.models import Entry
from consult.calendar import add_months_workday
from consult.files.models import Attachment
from consult.regions.services import path_of
from consult.web.views import DetailPage, FormPage, ListPage, MovePage, Tab
from consult.web.views.detail import ByUuid
from outcomes.filters import OutcomePageFilter
from outcomes.forms import OUTCOME_FORMS, DraftOutcomeForm
from outcomes.models import Assignment, Outcome
from outcomes.models.outcomes import RECHECK_MONTHS
from outcomes.services import (
    adopt_outcome,
    draft_outcome,
    edit_outcome,
    enter_forms,
    explain_dissatisfaction,
    note_outcome,
    nothing_to_assign,
    record_benefits,
    record_satisfaction,
    submit_outcome,
)
from outcomes.states import ASSIGNABLE, ASSIGNMENT_WORKFLOW, OUTCOME_WORKFLOW
from outcomes.views.asked import satisfaction_of
from sessions.models import ConsultSession
from sessions.states import SessionState
from topics.models import Topic
from topics.states import Profile, TopicState


class OutcomeList(ListPage):
    template_name, partial_template_name = "outcomes/outcome_list.html", "outcomes/_outcomes.html"
    filterset_class = OutcomePageFilter
    ordering = ("-moved_on", "-pk")
    tabs = (
        Tab("", gettext_lazy("All")),
        Tab("drafted", gettext_lazy("To be submitted")),
        Tab("submitted", pgettext_lazy("outcome", "Submitted")),
        Tab("adopted", pgettext_lazy("outcome", "Adopted")),
        Tab("noted", pgettext_lazy("outcome", "Noted")),
    )

    def get_queryset(self) -> Any:
        return Outcome.objects.visible_to(self.request.user).for_list()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"waiting": _waiting(self.request), **kwargs})


def _waiting(request: HttpRequest) -> list[Topic]:
    """Consulted on, and nobody has written down what it came to; only for those who write it."""
    if request.GET:
        return []
    writes = Q(host_id__in=request.user.host_ids("office")) | Q(pk__in=_recorded_by(request.user))
    topics = Topic.objects.visible_to(request.user).filter(writes, state=TopicState.CONSULTED)
    return list(topics.exclude(pk__in=_with_outcome()).order_by("moved_on", "pk")[:20])


def _recorded_by(reader: Any) -> Any:
    """The matters of held sessions of which he kept the record."""
    held = ConsultSession.objects.visible_to(reader).filter(recorder=reader, state=SessionState.HELD)
    return held.values("topics")


def _with_outcome() -> Any:
    return Outcome.objects.current().values("topic_id")


class OutcomeDetail(DetailPage):
    template_name, workflow = "outcomes/outcome.html", OUTCOME_WORKFLOW

    def get_queryset(self) -> Any:
        reader = self.request.user
        return Outcome.objects.visible_to(reader).for_detail(reader)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        outcome, reader = self.object, self.request.user
        wanted = Assignment(outcome=outcome, topic=outcome.topic, host=outcome.host, region_code=outcome.region_code)
        may_issue = reader.has_perm(ASSIGNMENT_WORKFLOW.perm("issue"), wanted)
        return super().get_context_data(
            **{
                "outcome": outcome,
                "is_formal": outcome.topic.profile == Profile.FORMAL,
                **satisfaction_of(outcome, reader),
                "points": outcome.topic.consensus_points.order_by("number"),
                "effects": _effect_words(outcome),
                "rechecks": _rechecks(outcome),
                "place": path_of(outcome.region_code, below=outcome.host.region_code),
                "files": Attachment.objects.about(outcome),
                "may_issue": may_issue and self._can_issue(),
                "whole": Topic.objects.visible_to(reader).with_sight(reader).get(pk=outcome.topic_id).is_whole,
                "entries": _entries(outcome),
                **kwargs,
            }
        )

    def _can_issue(self) -> bool:
        topic = self.object.topic
        return topic.state == TopicState.CONSULTED and self.object.state in ASSIGNABLE.get(topic.profile, ())


def _effect_words(outcome: Outcome) -> list[str]:
    words = dict(options.words(outcome.host_id, "lists.effects"))
    return [words.get(effect, effect) for effect in outcome.effects]


def _rechecks(outcome: Outcome) -> list[Any]:
    """When a long-term product is looked at again."""
    if not outcome.submitted_on or not outcome.products.all():
        return []
    return [add_months_workday(outcome.submitted_on, months, outcome.host_id) for months in RECHECK_MONTHS]


def _entries(outcome: Outcome) -> list[dict[str, Any]]:
    found = Entry.objects.about(outcome).filter(verb__startswith="outcome.").order_by("-pk")
    return [
        {
            "on": entry.happened_at,
            "what": _move_label(entry.verb.partition(".")[2]),
            "who": entry.on_behalf_of or entry.mandate_text,
            "text": entry.reason,
        }
        for entry in found
    ]


def _move_label(verb: str) -> str:
    if verb in OUTCOME_WORKFLOW:
        return str(OUTCOME_WORKFLOW.step(verb).label)
    return _("The raiser has answered") if verb == "raiser_answer" else _("Satisfaction is asked")


class OutcomeMove(MovePage):
    workflow, template_name = OUTCOME_WORKFLOW, "outcomes/outcome_move.html"

    def get_queryset(self) -> Any:
        reader = self.request.user
        return Outcome.objects.visible_to(reader).for_detail(reader)

    def get_form_class(self) -> Any:
        return OUTCOME_FORMS[self.verb]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "subject": self.object, "reader": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"outcome": self.object, "verb": self.verb, **kwargs})


MOVES: dict[str, Any] = {
    "edit_outcome": edit_outcome,
    "submit_outcome": submit_outcome,
    "adopt_outcome": adopt_outcome,
    "note_outcome": note_outcome,
    "nothing_to_assign": nothing_to_assign,
    "record_benefits": record_benefits,
    "enter_forms": enter_forms,
    "record_satisfaction": record_satisfaction,
    "explain_dissatisfaction": explain_dissatisfaction,
}


class DraftOutcome(ByUuid, FormPage):
    """From a matter that was consulted on: what it came to."""

    form_class, template_name = DraftOutcomeForm, "outcomes/outcome_form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return Topic.objects.visible_to(self.request.user).select_related("host")

    def check(self) -> None:
        OUTCOME_WORKFLOW.check(self._new(), "draft_outcome", actor=self.request.user)

    def _new(self) -> Outcome:
        topic = self.object
        return Outcome(topic=topic, host=topic.host, region_code=topic.region_code, round=topic.round)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "subject": self._new(), "reader": self.request.user}

    def perform(self, form: Any) -> Any:
        return draft_outcome(self.object, actor=self.request.user, **form.cleaned_data)

    def get_back_url(self) -> str:
        return reverse("topics:detail", args=[self.object.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = OUTCOME_WORKFLOW.step("draft_outcome").label
        words = {"topic": self.object, "heading": label, "submit_label": label}
        return super().get_context_data(**{**words, **kwargs})
