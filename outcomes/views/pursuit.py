"""The office's board at work: urging several at once, rounds of visits, and letters printed in one go."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import ListView

from consult import options
from consult.calendar import working_days_between
from consult.errors import NotAllowed
from consult.web.views import FormPage
from members.models import Account
from members.states import Role
from outcomes.filters import AssignmentFilter
from outcomes.forms import PlanRoundForm, UrgeAllForm
from outcomes.forms.pursuit import field_of
from outcomes.models import Assignment, FieldCheck, Urging
from outcomes.people import holders
from outcomes.rules.assignments import ISSUERS, PLANNERS, VERIFIERS
from outcomes.services import plan_checks, urge_all
from outcomes.services.urging import MOST, reached_by
from outcomes.states import CHECKABLE_STATES, UrgingKind


class SeveralAtOnce(FormPage):
    """Rows of the board, narrowed down as the board was, in front of one service for all that are ticked."""

    roles: tuple[str, ...] = ()
    perm = ""

    def check(self) -> None:
        if self.request.user.mandate_for(*self.roles) is None:
            raise NotAllowed

    @cached_property
    def rows(self) -> list[Assignment]:
        rows = self.among(Assignment.objects.visible_to(self.request.user).for_list())
        narrowed = AssignmentFilter(self.request.GET, rows, request=self.request)
        rows = narrowed.qs if narrowed.is_valid() else rows.none()
        may = self.request.user.has_perm
        return [row for row in rows.order_by("lead_unit__name", "due_on", "pk")[:MOST] if may(self.perm, row)]

    def among(self, rows: Any) -> Any:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rows": self.rows}

    def get_back_url(self) -> str:
        return reverse("outcomes:list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"rows": self.rows, **kwargs})


class UrgeAll(SeveralAtOnce):
    """一键催办: choose, word the letters, see whom they reach, send. What is sent cannot be taken back."""

    template_name, form_class = "outcomes/urge_all.html", UrgeAllForm
    roles, perm = ISSUERS, "outcomes.urge_assignment"

    def among(self, rows: Any) -> Any:
        return rows.overdue()

    def get_initial(self) -> dict[str, Any]:
        """All that are overdue are ticked, but those urged today."""
        today = timezone.localdate()
        return {"items": [row.uuid for row in self.rows if row.urged_on != today]}

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.POST.get("act") != "send":
            return self.render_to_response(self.get_context_data(form=form, letters=self._letters(form)))
        return super().form_valid(form)

    def _letters(self, form: Any) -> list[dict[str, Any]]:
        """Each unit's letter as it will go out, and who gets it."""
        made = []
        for unit_id, text in form.cleaned_data["letters"].items():
            rows = [row for row in form.chosen if row.lead_unit_id == unit_id]
            people = reached_by(rows[0], UrgingKind.URGE)
            units = {account.pk for account in people if unit_id in account.unit_ids()}
            made.append(
                {
                    "unit": rows[0].lead_unit,
                    "name": field_of(rows[0].lead_unit),
                    "rows": rows,
                    "text": text,
                    "people": people,
                    "on_paper": not units,
                }
            )
        return made

    def perform(self, form: Any) -> Any:
        return urge_all(form.chosen, actor=self.request.user, letters=form.cleaned_data["letters"])

    def get_done_message(self, done: Any) -> str:
        n = len(done.sent)
        words = ngettext(
            "%(n)s assignment is urged, %(units)s units are told.",
            "%(n)s assignments are urged, %(units)s units are told.",
            n,
        ) % {"n": n, "units": done.units}
        if done.already:
            words += _(" %(n)s were urged today already and are left alone.") % {"n": len(done.already)}
        if done.moved:
            words += _(" %(n)s had moved meanwhile.") % {"n": len(done.moved)}
        return words

    def get_next_url(self, done: Any) -> str:
        return f"{reverse('outcomes:letters')}?on={timezone.localdate().isoformat()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"heading": _("Urge what is overdue"), "today": timezone.localdate()}
        context = super().get_context_data(**{**words, **kwargs})
        letters = context.get("letters")
        if letters is not None:
            context["n_items"] = sum(len(one["rows"]) for one in letters)
            context["n_people"] = len({account.pk for one in letters for account in one["people"]})
        return context


class PlanRound(SeveralAtOnce):
    """派人查单: one day, the same people, several assignments."""

    template_name, form_class = "outcomes/plan_round.html", PlanRoundForm
    roles, perm = PLANNERS, "outcomes.plan_check_assignment"

    def among(self, rows: Any) -> Any:
        found = rows.filter(state__in=CHECKABLE_STATES)
        asked = {"late", "state", "topic", "unit", "q", "outcome"} & set(self.request.GET)
        # what was closed long ago is looked at when it is asked for
        return found if asked else found.filter(lateness__in=("overdue", "soon", "to_verify"))

    def get_initial(self) -> dict[str, Any]:
        return {"items": self.request.GET.getlist("item")[:MOST]}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": self._people()}

    def _people(self) -> Any:
        if not self.rows:
            return Account.objects.none()
        return holders(self.rows[0], *VERIFIERS).exclude(pk__in=_of_units({row.lead_unit_id for row in self.rows}))

    def perform(self, form: Any) -> Any:
        words = form.cleaned_data
        return plan_checks(
            form.chosen,
            actor=self.request.user,
            planned_on=words["planned_on"],
            people=words["people"],
            note_text=words["note_text"],
        )

    def get_done_message(self, done: Any) -> str:
        return _("%(n)s visits are planned; who goes is told.") % {"n": len(done)}

    def get_next_url(self, done: Any) -> str:
        return reverse("outcomes:checks")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"heading": _("Plan a round of visits"), "submit_label": _("Plan the visits"), **kwargs}
        )


def _of_units(units: set[int]) -> Any:
    return Account.objects.filter(employer_id__in=units).values("pk")


class Checks(ListView):
    """Visits: one's own first; the office sees all that are planned, and what the last ones found."""

    template_name, context_object_name = "outcomes/checks.html", "checks"
    most = 100

    def get_queryset(self) -> Any:
        reader = self.request.user
        rows = FieldCheck.objects.visible_to(reader).for_list()
        if reader.mandate_for(*PLANNERS, Role.APPROVER, Role.SUPERVISOR) is None:
            rows = rows.of(reader)
        if self.request.GET.get("mine"):
            rows = rows.of(reader)
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, reader = self.object_list, self.request.user
        done = rows.filter(done_on__isnull=False).order_by("-done_on", "-pk")[:30]
        return super().get_context_data(
            **{
                "waiting": rows.waiting().order_by("planned_on", "pk")[: self.most],
                "done": done,
                "today": timezone.localdate(),
                "may_plan": reader.mandate_for(*PLANNERS) is not None,
                "names": reader.mandate_for(Role.SUPERVISOR) is None or len(reader.mandates_now()) > 1,
                **kwargs,
            }
        )


class Letters(ListView):
    """督办函 in one go, a sheet for each: all that are overdue, or the letters that went out on one day."""

    template_name, context_object_name = "outcomes/letters.html", "rows"
    most = 100

    def get_queryset(self) -> Any:
        rows = Assignment.objects.visible_to(self.request.user).for_detail()
        rows = AssignmentFilter(self.narrowed(), rows, request=self.request).qs
        if self.on is not None:
            sent = Urging.objects.filter(on=self.on, kind=UrgingKind.URGE)
            rows = rows.filter(pk__in=sent.values("assignment_id"))
        else:
            rows = rows.overdue()
        return rows.order_by("lead_unit__name", "due_on", "pk")[: self.most]

    def narrowed(self) -> dict[str, str]:
        return {name: self.request.GET[name] for name in ("unit", "q") if self.request.GET.get(name)}

    @property
    def on(self) -> date | None:
        try:
            return parse_date(self.request.GET.get("on", "")[:10])
        except ValueError:
            return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        rows = list(self.object_list)
        letters = {}
        if self.on is not None:
            sent = Urging.objects.filter(on=self.on, kind=UrgingKind.URGE, assignment__in=[row.pk for row in rows])
            letters = {one.assignment_id: one.text for one in sent}
        sheets = [
            {
                "assignment": row,
                "text": letters.get(row.pk, ""),
                "days_late": working_days_between(row.due_on, today, row.host_id),
                "title": options.get(row.host_id, "titles.supervision"),
                "phone": options.get(row.host_id, "contact.phone") or row.host.phone,
            }
            for row in rows
        ]
        return super().get_context_data(
            **{"sheets": sheets, "today": today, "most": self.most, "back_url": reverse("outcomes:list"), **kwargs}
        )
