"""Letters that urge, visits that look, links for who has no account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult import options
from consult.files.models import AttachmentKind
from consult.web.forms import Checks, CleanCharField, CleanTextField, DayField, PlainForm, ReasonField, Segments, dress
from members.models import Account
from outcomes.forms.fields import FilesField, MoveForm, UnitField
from outcomes.models import AnswerLink, Assignment, FieldCheck
from outcomes.services.checks import who_may_go
from outcomes.services.urging import LONGEST, letter_to
from outcomes.states import AssignmentState, CheckVerdict, Method


class UndatedForm(MoveForm):
    """It happens now."""

    def prepare(self) -> None:
        del self.fields["on"]


class UrgeForm(UndatedForm):
    text = CleanTextField(label=_("Text of the letter"), max_length=LONGEST)

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("text", letter_to(self.subject.lead_unit, [self.subject], self.subject.host))


class EscalateForm(UndatedForm):
    text = CleanTextField(
        label=_("Note"), max_length=LONGEST, help_text=_("What was tried, what holds it up, what is asked of them.")
    )


class PeopleField(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Account.objects.none(), to_field_name="uuid", widget=Checks, **kwargs)

    def label_from_instance(self, account: Any) -> str:
        return str(account)


class PlanForm(UndatedForm):
    planned_on = DayField(label=_("Day of the visit"))
    people = PeopleField(label=_("Who goes"))
    note_text = CleanCharField(label=_("What to look at"), max_length=200, required=False)

    def prepare(self) -> None:
        super().prepare()
        self.fields["people"].queryset = who_may_go(self.subject)


class CheckField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Which visit"))
        super().__init__(queryset=FieldCheck.objects.none(), to_field_name="uuid", **kwargs)

    def label_from_instance(self, check: Any) -> str:
        return f"{check.planned_on:%Y-%m-%d} {check.note}".strip()


def _following(state: str) -> list[tuple[str, object]]:
    """What may follow from a visit in this state, beside nothing."""
    fits: list[tuple[str, object]] = [("", _("Only keep what was found"))]
    if state == AssignmentState.REPLIED:
        fits += [("verify", _("It is done: this is the verification"))]
    if state in (AssignmentState.REPLIED, AssignmentState.VERIFIED):
        fits += [("rework", _("It is not done: back to the unit"))]
    if state == AssignmentState.CLOSED:
        fits += [("reopen", _("It is not done: reopen it"))]
    return fits


class RecordForm(MoveForm):
    """Filled in on the spot: big choices, few words, the camera."""

    check = CheckField(required=False, empty_label=_("Not planned"))
    verdict = forms.ChoiceField(label=_("What was seen"), choices=CheckVerdict.choices, widget=Segments)
    method = forms.ChoiceField(label=_("How"), choices=Method.choices, widget=Segments, initial=Method.SITE)
    finding = CleanTextField(label=_("What was found"), max_length=500)
    files = FilesField(kind=AttachmentKind.PHOTO, label=_("Photos"))
    then = forms.ChoiceField(label=_("What follows"), required=False, widget=forms.RadioSelect)
    due_on = DayField(label=_("New due date"), required=False, help_text=_("Where it goes back to the unit."))
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        waiting = FieldCheck.objects.filter(assignment=self.subject).waiting().order_by("planned_on", "pk")
        self.fields["check"].queryset = waiting
        self.fields["then"].choices = _following(self.subject.state)
        if len(self.fields["then"].choices) == 1:
            del self.fields["then"], self.fields["due_on"]
        self.fields["files"].widget.attrs["capture"] = "environment"
        self.initial.setdefault("client_id", uuid4())
        first = waiting.first()
        if first is not None:
            self.initial.setdefault("check", first.uuid)
        else:
            del self.fields["check"]


class DropForm(UndatedForm):
    check = CheckField()
    reason = ReasonField(max_length=300)

    def prepare(self) -> None:
        super().prepare()
        self.fields["check"].queryset = FieldCheck.objects.filter(assignment=self.subject).waiting()


class DaysField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Good for so many days"), min_value=1, max_value=120, **kwargs)


class MakeLinkForm(UndatedForm):
    unit = UnitField(label=_("Unit"))
    name = CleanCharField(label=_("To whom it is given"), max_length=40, help_text=_("His name stands in the record."))
    days = DaysField()

    def prepare(self) -> None:
        super().prepare()
        host_id = self.subject.host_id
        self.fields["unit"].queryset = units_handling(self.subject)
        self.initial.setdefault("unit", self.subject.lead_unit.uuid)
        self.initial.setdefault("days", options.get(host_id, "limits.link_days"))


def units_handling(assignment: Assignment) -> Any:
    unit = type(assignment.lead_unit)
    return unit.objects.filter(pk__in=assignment.handling_unit_ids).order_by("name", "pk")


class LinkField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=AnswerLink.objects.none(), to_field_name="uuid", label=_("Which link"), **kwargs)


class RenewLinkForm(UndatedForm):
    link = LinkField()
    days = DaysField()

    def prepare(self) -> None:
        super().prepare()
        self.fields["link"].queryset = AnswerLink.objects.filter(assignment=self.subject).select_related("unit")
        self.initial.setdefault("days", options.get(self.subject.host_id, "limits.link_days"))


class RevokeLinkForm(UndatedForm):
    link = LinkField()

    def prepare(self) -> None:
        super().prepare()
        rows = AnswerLink.objects.filter(assignment=self.subject, revoked_at__isnull=True)
        self.fields["link"].queryset = rows.select_related("unit")


PURSUIT_FORMS: dict[str, type[MoveForm]] = {
    "urge": UrgeForm,
    "escalate": EscalateForm,
    "plan_check": PlanForm,
    "record_check": RecordForm,
    "drop_check": DropForm,
    "make_link": MakeLinkForm,
    "renew_link": RenewLinkForm,
    "revoke_link": RevokeLinkForm,
}


# several at once


class ItemsForm(PlainForm):
    """Rows to choose from; ``rows`` are those the reader may choose."""

    items = forms.MultipleChoiceField(
        label=_("Assignments"),
        error_messages={"required": _("Choose at least one assignment.")},
        widget=Checks,
    )

    def __init__(self, *args: Any, rows: Iterable[Assignment], **kwargs: Any) -> None:
        self.rows = list(rows)
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [(str(row.uuid), row.matter) for row in self.rows]

    @property
    def chosen(self) -> list[Assignment]:
        """Those ticked; before anything was sent, all of them."""
        if not self.is_bound:
            wanted = {str(uuid) for uuid in self.initial.get("items", ())}
        else:
            wanted = set(self.data.getlist("items"))
        return [row for row in self.rows if str(row.uuid) in wanted]

    @property
    def ticked(self) -> set[UUID]:
        return {row.uuid for row in self.chosen}


def field_of(unit: Any) -> str:
    return f"letter_{unit.uuid.hex}"


UNWRITTEN = {"required": _("Write the letter.")}


class UrgeAllForm(ItemsForm):
    """One letter for each unit whose assignments are among those shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {row.lead_unit_id: row.lead_unit for row in self.rows}
        for unit in self.units.values():
            rows = [row for row in self.rows if row.lead_unit_id == unit.pk]
            is_chosen = any(row.lead_unit_id == unit.pk for row in self.chosen)
            made = CleanTextField(label=unit.name, max_length=LONGEST, required=is_chosen, error_messages=UNWRITTEN)
            made.initial = letter_to(unit, rows, rows[0].host)
            made.widget.attrs["rows"] = 4
            self.fields[field_of(unit)] = made
            dress(made)

    def blocks(self) -> list[dict[str, Any]]:
        return [
            {
                "unit": unit,
                "rows": [row for row in self.rows if row.lead_unit_id == unit.pk],
                "field": self[field_of(unit)],
            }
            for unit in self.units.values()
        ]

    def clean(self) -> dict[str, Any]:
        """A letter nobody touched names what is really chosen."""
        data = super().clean() or {}
        letters: dict[int, str] = {}
        for unit_id, unit in self.units.items():
            rows = [row for row in self.chosen if row.lead_unit_id == unit_id]
            if not rows:
                continue
            text = (data.get(field_of(unit)) or "").strip()
            untouched = text == str(self.fields[field_of(unit)].initial).strip()
            letters[unit_id] = letter_to(unit, rows, rows[0].host) if untouched else text
        data["letters"] = letters
        return data


class PlanRoundForm(ItemsForm):
    planned_on = DayField(label=_("Day of the visits"))
    people = PeopleField(label=_("Who goes"))
    note_text = CleanCharField(label=_("What to look at"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people
        self.fields["planned_on"].initial = timezone.localdate()
