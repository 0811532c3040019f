"""What each move of an assignment asks for."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from consult.files.models import AttachmentKind
from consult.web.forms import (
    Checks,
    CleanCharField,
    CleanTextField,
    DayField,
    LinesField,
    MoneyField,
    PlainForm,
    ReasonField,
    Segments,
)
from outcomes.forms.fields import FilesField, MoveForm, UnitField, UnitsField, units_of
from outcomes.services.moving import due_date
from outcomes.states import ExtensionState, FundsKind, Method, ReplyClass
from topics.forms.oversight import AnswerNoteForm, NoteForm
from topics.states import About

MOST_COUNTED = 10_000_000


def _optional(choices: type) -> list[tuple[str, object]]:
    return [("", _("Not said")), *choices.choices]


class IssueForm(MoveForm):
    """``subject`` is the outcome."""

    matter = CleanCharField(
        label=_("What is to be done"), max_length=200, help_text=_("In a few words, for lists and the slip.")
    )
    fulfils = forms.ModelMultipleChoiceField(
        queryset=None,
        to_field_name="uuid",
        label=_("Consensus points it fulfils"),
        widget=Checks,
        error_messages={"required": _("Choose at least one consensus point that it fulfils.")},
    )
    lead_unit = UnitField(label=_("Lead unit"))
    assisting_units = UnitsField(
        label=_("Assisting units"), help_text=_("Hold Ctrl to choose several. They see it and may report progress.")
    )
    requirement = CleanTextField(
        label=_("Requirement"),
        max_length=2000,
        required=False,
        help_text=_("What counts as done. Left out, it is the text of the consensus points."),
    )
    due_on = DayField(label=_("Due on"))
    issued_by = CleanCharField(
        label=_("Issued in the name of"),
        max_length=100,
        help_text=_("For example the county government office, or the township."),
    )
    funds_amount = MoneyField(label=_("Funds"), required=False)
    funds_about = forms.ChoiceField(
        label=_("The figure is"), choices=[("", _("exact")), *About.choices], required=False
    )
    funds_kind = forms.ChoiceField(label=_("Kind of funds"), choices=lazy(_optional, list)(FundsKind), required=False)
    funds_source = CleanCharField(label=_("Where the funds come from"), max_length=100, required=False)
    projects = CleanCharField(label=_("Project it belongs to"), max_length=200, required=False)

    def prepare(self) -> None:
        topic = self.subject.topic
        units = units_of(topic.host)
        self.fields["fulfils"].queryset = topic.consensus_points.order_by("number")
        self.fields["lead_unit"].queryset = units
        self.fields["assisting_units"].queryset = units
        self.initial.setdefault("due_on", due_date(topic.host_id, timezone.localdate(), None))
        last = self.subject.assignments.order_by("-pk").values_list("issued_by", flat=True).first()
        self.initial.setdefault("issued_by", last or (self.subject.submitted_to or [""])[0])


class SignForForm(MoveForm):
    signed_for_by = CleanCharField(
        label=_("Who signed for it"),
        max_length=60,
        required=False,
        help_text=_("Left out, it is you. The office copies the name on the paper slip."),
    )
    files = FilesField(kind=AttachmentKind.SCAN, label=_("Scan of the signed slip"))


class SendBackForm(MoveForm):
    reason = ReasonField(max_length=300)
    proper_unit = CleanCharField(label=_("Whose business it is"), max_length=100)
    files = FilesField(kind=AttachmentKind.SCAN, label=_("Scan of the letter"))


class ReassignForm(MoveForm):
    lead_unit = UnitField(label=_("Lead unit"))
    assisting_units = UnitsField(label=_("Assisting units"))
    due_on = DayField(label=_("New due date"))
    reason = ReasonField(max_length=300)

    def prepare(self) -> None:
        units = units_of(self.subject.host)
        self.fields["lead_unit"].queryset = units
        self.fields["assisting_units"].queryset = units
        self.initial.setdefault("due_on", due_date(self.subject.host_id, timezone.localdate(), None))
        self.initial.setdefault("lead_unit", self.subject.lead_unit.uuid)
        self.initial.setdefault("assisting_units", [unit.uuid for unit in self.subject.assisting_units.all()])


class AnnulForm(MoveForm):
    reason = ReasonField(max_length=300)


class ProgressForm(MoveForm):
    text = CleanTextField(
        label=_("What was done"),
        max_length=1000,
        help_text=_("Residents may read this. Write what was done, what is missing, and by which day it will be done."),
    )
    done = forms.IntegerField(label=_("Done so far"), required=False, min_value=0, max_value=MOST_COUNTED)
    total = forms.IntegerField(label=_("Of all together"), required=False, min_value=1, max_value=MOST_COUNTED)
    counted = CleanCharField(
        label=_("Counted in"), max_length=10, required=False, help_text=_("Households, metres, lamps …")
    )
    steps = forms.ModelMultipleChoiceField(
        queryset=None, to_field_name="uuid", label=_("Steps finished"), widget=Checks, required=False
    )
    spent = MoneyField(label=_("Spent so far"), required=False)
    files = FilesField(label=_("Photos or papers"))
    contact_on = DayField(label=_("The raiser was contacted on"), past=True, required=False)
    contact_method = forms.ChoiceField(label=_("How"), choices=lazy(_optional, list)(Method), required=False)
    contact_note = CleanCharField(label=_("What the raiser said"), max_length=300, required=False)

    def prepare(self) -> None:
        steps = self.subject.milestones.filter(done_on__isnull=True)
        self.fields["steps"].queryset = steps
        if not steps:
            del self.fields["steps"]


class MilestonesForm(MoveForm):
    names = LinesField(
        label=_("Steps"),
        each=40,
        most=12,
        help_text=_("One a line, in their order: survey, dredging, new covers, acceptance."),
    )

    def prepare(self) -> None:
        del self.fields["on"]
        self.initial.setdefault("names", [step.name for step in self.subject.milestones.all()])


class ExtensionForm(MoveForm):
    due_wanted = DayField(label=_("Day asked for"))
    reason = ReasonField(max_length=300)


class GrantForm(MoveForm):
    due_on = DayField(label=_("New due date"), help_text=_("The day asked for, or an earlier one."))
    reason = ReasonField(max_length=300, required=False)

    def prepare(self) -> None:
        asked = self.subject.extensions.filter(state=ExtensionState.ASKED).first()
        if asked is not None:
            self.initial.setdefault("due_on", asked.due_wanted)


class RefuseForm(MoveForm):
    reason = ReasonField(max_length=300)


class ReplyForm(MoveForm):
    reply_class = forms.ChoiceField(label=_("How far"), choices=ReplyClass.choices, widget=Segments)
    measures = CleanTextField(label=_("Measures taken"), max_length=2000)
    result = CleanTextField(
        label=_("Result"),
        max_length=2000,
        help_text=_("Residents read this. Write what was done and what is missing."),
    )
    contact_on = DayField(label=_("The raiser was contacted on"), past=True)
    contact_method = forms.ChoiceField(label=_("How"), choices=Method.choices, widget=Segments)
    contact_note = CleanCharField(label=_("What the raiser said"), max_length=300, required=False)
    files = FilesField(label=_("Photos or papers"))


class VerifyForm(MoveForm):
    method = forms.ChoiceField(label=_("How it was verified"), choices=Method.choices, widget=Segments)
    finding = CleanTextField(label=_("What was found"), max_length=500)
    files = FilesField(kind=AttachmentKind.PHOTO, label=_("Photos"))


class ReworkForm(MoveForm):
    reason = ReasonField(label=_("What is not done"), max_length=300)
    method = forms.ChoiceField(label=_("How it was verified"), choices=lazy(_optional, list)(Method), required=False)
    due_on = DayField(label=_("New due date"))


class CloseForm(MoveForm):
    next_review_on = DayField(
        label=_("Look at it again on"),
        required=False,
        help_text=_("For class C and D: not solved yet, so somebody looks again."),
    )


class ReopenForm(MoveForm):
    reason = ReasonField(label=_("What is not done"), max_length=300)
    due_on = DayField(label=_("New due date"))

    def prepare(self) -> None:
        self.initial.setdefault("due_on", due_date(self.subject.host_id, timezone.localdate(), None))


class StartForm(MoveForm):
    """Only the day."""


class ConfirmForm(MoveForm):
    """Nothing is asked."""

    def prepare(self) -> None:
        del self.fields["on"]


ASSIGNMENT_FORMS: dict[str, type[PlainForm]] = {
    "sign_for": SignForForm,
    "send_back": SendBackForm,
    "reassign": ReassignForm,
    "annul": AnnulForm,
    "start": StartForm,
    "add_progress": ProgressForm,
    "ask_extension": ExtensionForm,
    "grant": GrantForm,
    "refuse": RefuseForm,
    "reply": ReplyForm,
    "verify": VerifyForm,
    "rework": ReworkForm,
    "close": CloseForm,
    "reopen": ReopenForm,
    "confirm_reminders": ConfirmForm,
    "set_milestones": MilestonesForm,
    "urge_note": NoteForm,
    "answer_note": AnswerNoteForm,
}
