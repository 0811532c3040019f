"""成果跟踪: the list by time limit, one assignment with all its moves, and what is printed of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from consult import options
from consult.calendar import working_days_between
from consult.files.views import download_view
from consult.regions.services import path_of
from consult.web.views import DetailPage, FormPage, ListPage, MovePage
from consult.web.views.detail import ByUuid
from outcomes.filters import AssignmentPageFilter
from outcomes.filters.assignments import LATENESS
from outcomes.forms import ASSIGNMENT_FORMS, IssueForm
from outcomes.models import Assignment, FieldCheck, Outcome
from outcomes.querysets.assignments import COUNTED
from outcomes.rules.assignments import ISSUERS, PLANNERS, assists, office
from outcomes.rules.files import may_read
from outcomes.services import (
    add_progress,
    annul,
    answer_assignment_note,
    ask_extension,
    close_assignment,
    confirm_reminders,
    drop_check,
    escalate,
    grant_extension,
    issue_assignment,
    make_link,
    plan_check,
    reassign,
    record_check,
    refuse_extension,
    renew_link,
    reopen_assignment,
    reply_assignment,
    revoke_link,
    rework_assignment,
    send_back,
    set_milestones,
    sign_for,
    start,
    urge,
    urge_assignment,
    verify_assignment,
)
from outcomes.services.urging import reached_by
from outcomes.states import ASSIGNMENT_WORKFLOW
from outcomes.views.bars import Scale
from outcomes.views.timeline import steps_of
from topics.states import Profile
from topics.views.oversight import notes_of

#: What the unit does itself, or the office writes down from its paper.
OF_THE_UNIT = ("sign_for", "send_back", "start", "add_progress", "ask_extension", "reply", "set_milestones")
#: After these the office looks at the links again.
OF_LINKS = ("make_link", "renew_link", "revoke_link")
#: The one button of a row: the first of these that the reader may make now.
ROW_MOVES = ("grant", "verify", "close")
#: Where the unit sent it back, the office finds another.
SENT_BACK_MOVES = ("reassign",)
#: What is late is urged, from the letter of the ladder on a letter is printed; what is soon due is visited.
LATE_MOVES, SOON_MOVES = ("grant", "urge"), ("grant", "plan_check")
WITH_LETTER = ("督", "报")


class AssignmentList(ListPage):
    """Nothing slips: grouped by time limit, by unit or by matter."""

    template_name, partial_template_name = "outcomes/list.html", "outcomes/_table.html"
    filterset_class = AssignmentPageFilter
    ordering = ("urgency", "due_on", "pk")
    sorts: ClassVar[Mapping[str, Any]] = {
        "unit": ("lead_unit__name", "due_on", "pk"),
        "topic": ("topic__title", "due_on", "pk"),
    }

    def get_queryset(self) -> Any:
        return Assignment.objects.visible_to(self.request.user).for_list()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facets = Assignment.objects.visible_to(self.request.user).facets()
        self.filterset.offer_units(sorted({(str(row["unit_uuid"]), row["unit"]) for row in facets}, key=_by_name))
        counts = Counter({name: 0 for name, _label in LATENESS})
        for row in facets:
            counts[row["lateness"]] += row["n"]
            counts["closed_this_year"] += row["n"] if row["this_year"] else 0
        scale = Scale(timezone.localdate())
        reader = self.request.user
        return super().get_context_data(
            **{
                "counts": counts,
                "plus": "+" if sum(row["n"] for row in facets) >= COUNTED else "",
                "in_hand": sum(counts[name] for name in ("overdue", "soon", "running")),
                "scale": scale,
                "rows": [_row(row, reader, scale) for row in self.page.rows],
                "group_by": self._sort if self._sort in self.sorts else "lateness",
                "lateness_labels": dict(LATENESS),
                "narrowed": _narrowed_words(self.request.GET),
                "may_urge": reader.mandate_for(*ISSUERS) is not None,
                "may_plan": reader.mandate_for(*PLANNERS) is not None,
                **kwargs,
            }
        )


def _narrowed_words(data: Any) -> str:
    """The filters of the board, kept on the way to its other pages."""
    kept = {name: data[name] for name in ("q", "unit", "region") if data.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _by_name(unit: tuple[str, str]) -> str:
    return unit[1]


def _row(row: Assignment, reader: Any, scale: Scale) -> dict[str, Any]:
    """One line: the assignment, its bar, its group, and one button."""
    offered = {step.verb: step for step in ASSIGNMENT_WORKFLOW.available(row, reader)}
    wanted = {"sent_back": SENT_BACK_MOVES, "overdue": LATE_MOVES, "soon": SOON_MOVES}.get(row.lateness, ROW_MOVES)
    if row.lateness == "overdue" and row.urged in WITH_LETTER:
        wanted = ("grant",)
    return {
        "object": row,
        "spans": scale.spans(row),
        "lateness": str(dict(LATENESS)[row.lateness]),
        "unit": row.lead_unit.name,
        "unit_uuid": row.lead_unit.uuid,
        "topic": row.topic.title,
        "move": next((offered[verb] for verb in wanted if verb in offered), None),
    }


class AssignmentDetail(DetailPage):
    """One assignment: what was agreed, who does it by when, and everything that happened."""

    template_name, workflow = "outcomes/detail.html", ASSIGNMENT_WORKFLOW

    def get_queryset(self) -> Any:
        return Assignment.objects.visible_to(self.request.user).for_detail()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**facts_of(self.object, self.request.user), **kwargs)


def facts_of(assignment: Assignment, reader: Any) -> dict[str, Any]:
    """What the page of an assignment and the desk of a unit tell beside the form."""
    names = reader.has_perm("outcomes.see_names_assignment", assignment)
    today = timezone.localdate()
    late = assignment.state in ("issued", "accepted", "in_progress") and assignment.due_on < today
    return {
        "assignment": assignment,
        "steps": steps_of(assignment, names=names),
        "may_keep_photos": office.test(reader, assignment),
        "may_add_photos": "add_progress" in {step.verb for step in ASSIGNMENT_WORKFLOW.available(assignment, reader)},
        "names": names,
        "place": path_of(assignment.region_code, below=assignment.host.region_code),
        "days_late": working_days_between(assignment.due_on, today, assignment.host_id) if late else 0,
        "extension": next((one for one in assignment.extensions.all() if one.state == "asked"), None),
        "spent": sum(entry.spent or 0 for entry in assignment.progress.all()),
        "sees_outcome": Outcome.objects.visible_to(reader).filter(pk=assignment.outcome_id).exists(),
        "milestones": list(assignment.milestones.all()),
        "checks": list(assignment.checks.all()),
        "counted": next((one for one in reversed(assignment.progress.all()) if one.done is not None), None),
        "sees_links": office.test(reader, assignment),
        "plans_checks": reader.has_perm("outcomes.drop_check_assignment", assignment),
        "records_checks": reader.has_perm("outcomes.record_check_assignment", assignment),
        "speaks_for_unit": assists.test(reader, assignment),
        "is_formal": assignment.topic.profile == Profile.FORMAL,
        **notes_of(assignment, reader, about=lambda rows: rows.about_assignment(assignment)),
    }


class AssignmentMove(MovePage):
    """Every move of an assignment; what it is about stands above the form."""

    workflow, template_name = ASSIGNMENT_WORKFLOW, "outcomes/move.html"

    def get_queryset(self) -> Any:
        return Assignment.objects.visible_to(self.request.user).for_detail()

    def get_form_class(self) -> Any:
        return ASSIGNMENT_FORMS[self.verb]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "subject": self.object, "reader": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """A link to this page may name the visit or the link that it is about."""
        named = {name: self.request.GET[name][:40] for name in ("check", "link") if name in self.request.GET}
        return {**super().get_initial(), **named}

    def get_next_url(self, done: Any) -> str:
        if self.verb in OF_LINKS:
            return reverse("outcomes:links", args=[self.object.uuid])
        if isinstance(done, FieldCheck):
            return self.object.get_absolute_url()
        return super().get_next_url(done)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on_paper = self.verb in OF_THE_UNIT and self._records_paper()
        words: dict[str, Any] = {"on_paper": on_paper}
        if self.verb in ("urge", "escalate"):
            words["reached"] = reached_by(self.object, self.verb)
        return super().get_context_data(**{**words, **kwargs})

    def _records_paper(self) -> bool:
        return self.request.user.mandate_for("liaison", organisation_ids={self.object.lead_unit_id}) is None


MOVES: dict[str, Any] = {
    "sign_for": sign_for,
    "send_back": send_back,
    "reassign": reassign,
    "annul": annul,
    "start": start,
    "add_progress": add_progress,
    "ask_extension": ask_extension,
    "grant": grant_extension,
    "refuse": refuse_extension,
    "reply": reply_assignment,
    "verify": verify_assignment,
    "rework": rework_assignment,
    "close": close_assignment,
    "reopen": reopen_assignment,
    "confirm_reminders": confirm_reminders,
    "set_milestones": set_milestones,
    "urge": urge,
    "escalate": escalate,
    "plan_check": plan_check,
    "record_check": record_check,
    "drop_check": drop_check,
    "make_link": make_link,
    "renew_link": renew_link,
    "revoke_link": revoke_link,
    "urge_note": urge_assignment,
    "answer_note": answer_assignment_note,
}


class IssueAssignment(ByUuid, FormPage):
    """From an outcome: choose the consensus points, the unit and the day."""

    form_class, template_name = IssueForm, "outcomes/issue.html"
    workflow = ASSIGNMENT_WORKFLOW

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return Outcome.objects.visible_to(self.request.user).select_related("topic__host", "host")

    def check(self) -> None:
        topic = self.object.topic
        wanted = Assignment(outcome=self.object, topic=topic, host=topic.host, region_code=topic.region_code)
        ASSIGNMENT_WORKFLOW.check(wanted, "issue", actor=self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "subject": self.object, "reader": self.request.user}

    def perform(self, form: Any) -> Any:
        return issue_assignment(self.object, actor=self.request.user, **form.cleaned_data)

    def get_done_message(self, done: Any) -> str:
        return _("%(number)s is issued to %(unit)s") % {"number": done.number, "unit": done.lead_unit}

    def get_back_url(self) -> str:
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "outcome": self.object,
            "heading": ASSIGNMENT_WORKFLOW.step("issue").label,
            "submit_label": ASSIGNMENT_WORKFLOW.step("issue").label,
            "others": Assignment.objects.visible_to(self.request.user)
            .filter(outcome=self.object)
            .select_related("lead_unit")
            .in_order(),
        }
        return super().get_context_data(**{**words, **kwargs})


# papers


class Paper(ByUuid, DetailView):
    """An A4 page of one assignment: the slip (交办单), or the supervision letter (督办函)."""

    titles: ClassVar[dict[str, str]] = {
        "outcomes/slip.html": "titles.assignment",
        "outcomes/letter.html": "titles.supervision",
    }

    def get_queryset(self) -> Any:
        return Assignment.objects.visible_to(self.request.user).for_detail()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.object
        words = options.get_many(
            found.host_id, self.titles[self.template_name], "contact.phone", "limits.send_back_days"
        )
        return super().get_context_data(
            **{
                "assignment": found,
                "paper_title": words[self.titles[self.template_name]],
                "phone": words["contact.phone"] or found.host.phone,
                "send_back_days": words["limits.send_back_days"],
                "place": path_of(found.region_code, below=found.host.region_code),
                "days_late": working_days_between(found.due_on, timezone.localdate(), found.host_id),
                "today": timezone.localdate(),
                "back_url": found.get_absolute_url(),
                **kwargs,
            }
        )


class Letter(Paper):
    """Only for what is really overdue."""

    template_name = "outcomes/letter.html"

    def get_object(self, queryset: Any = None) -> Any:
        found = super().get_object(queryset)
        if found.lateness != "overdue":
            raise Http404
        return found


class OverdueList(ListView):
    """督办清单: everything overdue on one sheet."""

    template_name, context_object_name = "outcomes/overdue.html", "rows"
    most = 200

    def get_queryset(self) -> Any:
        rows = Assignment.objects.visible_to(self.request.user).for_list().overdue()
        return rows.order_by("due_on", "pk")[: self.most]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"today": timezone.localdate(), "most": self.most, **kwargs})


download = download_view(may_read)
