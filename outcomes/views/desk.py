"""The desk of a handling unit: what it has to answer, what waits for verification, what is done."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.web.views import FormPage
from consult.web.views.detail import ByUuid
from outcomes.forms import DESK_FORMS
from outcomes.models import Assignment
from outcomes.services import add_progress, ask_extension, reply_assignment, start
from outcomes.services.assignments import last_day_to_send_back
from outcomes.states import ASSIGNMENT_WORKFLOW, AssignmentState
from outcomes.views.assignments import facts_of

SERVICES = {"start": start, "add_progress": add_progress, "ask_extension": ask_extension, "reply": reply_assignment}
#: So many of each group are listed; what is older is found through the list of all.
SHOWN = 30


class Desk(ByUuid, FormPage):
    """Left the unit's items, right the one that is being answered. ``?step=`` says which answer."""

    template_name = "outcomes/desk.html"
    partial_template_name = None
    group = "to_answer"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.object, self.is_chosen = None, "uuid" in kwargs
        if not request.user.unit_ids():
            raise Http404
        self.groups = self._groups()
        if "uuid" in kwargs:
            self.object = self.get_object()
        elif self.groups[self.group]:
            first = self.groups[self.group][0]
            self.object = self.get_object(self.get_queryset().filter(pk=first.pk), uuid=first.uuid)
        return super().dispatch(request, *args, **kwargs)

    def get_object(self, queryset: Any = None, uuid: Any = None) -> Any:
        self.kwargs.setdefault("uuid", uuid)
        return super().get_object(queryset)

    def get_queryset(self) -> Any:
        reader = self.request.user
        return Assignment.objects.visible_to(reader).of_units(reader).for_detail()

    def _groups(self) -> dict[str, list[Assignment]]:
        """One query: the unit's rows, newest business first where they are done."""
        reader = self.request.user
        rows = Assignment.objects.visible_to(reader).of_units(reader).for_desk()
        found: dict[str, list[Assignment]] = {"to_answer": [], "waiting": [], "done": []}
        for row in rows[: 4 * SHOWN]:
            found[_group_of(row)].append(row)
        return found

    @property
    def step(self) -> str:
        asked = self.request.GET.get("step", "")
        if asked not in DESK_FORMS or asked == "begin" and self._has_begun:
            return "progress"
        return asked

    @property
    def _has_begun(self) -> bool:
        return self.object is None or self.object.state != AssignmentState.ACCEPTED

    @property
    def verb(self) -> str:
        return DESK_FORMS[self.step][0]

    def check(self) -> None:
        if self.request.method == "POST":
            if self.object is None:
                raise Http404
            ASSIGNMENT_WORKFLOW.check(self.object, self.verb, actor=self.request.user)

    def get_form_class(self) -> Any:
        return DESK_FORMS[self.step][2]

    def get_form(self, form_class: Any = None) -> Any:
        return super().get_form(form_class) if self.object is not None else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "subject": self.object, "reader": self.request.user}

    def perform(self, form: Any) -> Any:
        SERVICES[self.verb](self.object, actor=self.request.user, **form.cleaned_data)
        return reverse("outcomes:answer", args=[self.object.uuid])

    def get_done_message(self, done: Any) -> str:
        return _("“%(move)s” is done") % {"move": ASSIGNMENT_WORKFLOW.step(self.verb).label}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, reader = self.object, self.request.user
        words: dict[str, Any] = {
            "groups": self.groups,
            "group": self.group,
            "chosen": self.is_chosen,
            "units": self.request.user.unit_ids(),
            "switch": self._switch(),
            "submit_label": _("Begin") if self.step == "begin" else _("Hand in the reply"),
            "step": self.step,
            "soonest": self._soonest(),
            "own_units": self._own_units(),
            "today": timezone.localdate(),
        }
        if found is not None:
            verbs = {step.verb for step in ASSIGNMENT_WORKFLOW.available(found, reader)}
            words |= facts_of(found, reader) | {
                "object": found,
                "verbs": verbs,
                "may_answer": self.verb in verbs,
                "send_back_until": last_day_to_send_back(found) if "send_back" in verbs else None,
                "verifiers": found.topic.claimed_group or found.topic.claimed_name or found.host,
                "draft": f"assignment-{self.verb}-{found.uuid}",
            }
        return super().get_context_data(**{**words, **kwargs})

    def _soonest(self) -> Any:
        return min((row.due_on for row in self.groups["to_answer"]), default=None)

    def _own_units(self) -> list[Any]:
        """Whose record the reader may open from here."""
        roles = ("liaison", "unit_chief")
        found = {m.organisation_id: m.organisation for m in self.request.user.mandates_now() if m.role in roles}
        return list(found.values())

    def _switch(self) -> list[dict[str, Any]]:
        """Not begun yet, being done, done, cannot be done in time; what has begun cannot be «not begun» again."""
        return [
            {"step": key, "label": label, "on": key == self.step}
            for key, (_v, label, _f) in DESK_FORMS.items()
            if key != "begin" or not self._has_begun
        ]


def _group_of(row: Assignment) -> str:
    if row.state in (AssignmentState.ISSUED, AssignmentState.ACCEPTED, AssignmentState.IN_PROGRESS):
        return "to_answer"
    if row.state in (AssignmentState.REPLIED, AssignmentState.VERIFIED, AssignmentState.SENT_BACK):
        return "waiting"
    return "done"
