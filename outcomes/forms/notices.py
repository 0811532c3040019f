"""What each move of a notice asks for."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.web.forms import Checks, CleanCharField, CleanTextField, LinesField, PhoneField, Radios, ReasonField
from outcomes.forms.fields import MoveForm
from outcomes.models import Objection
from outcomes.services.notices import offered_photos
from outcomes.states import SecrecyConclusion


class WordsForm(MoveForm):
    """What the notice says; ``subject`` is the notice to be drafted or edited."""

    title = CleanCharField(label=pgettext_lazy("notice", "Title"), max_length=100)
    text = CleanTextField(
        label=_("Text"),
        max_length=5000,
        rows=10,
        help_text=_(
            "Names of residents and telephone numbers do not belong here. What was agreed and done follows by itself."
        ),
    )
    summary = CleanCharField(
        label=_("In one sentence"),
        max_length=60,
        required=False,
        help_text=_("Plain words, read in the list and read aloud."),
    )
    places = LinesField(
        label=_("Where it hangs"), each=60, most=20, rows=2, required=False, help_text=_("One place a line.")
    )
    days = forms.IntegerField(label=_("Working days it hangs"), min_value=1, max_value=365)
    phone = PhoneField(label=_("Telephone for questions"), required=False, service=True)
    photos = forms.TypedMultipleChoiceField(
        label=_("Photos"),
        widget=Checks,
        coerce=UUID,
        required=False,
        help_text=_("Those that were looked through and released for the public."),
    )

    def prepare(self) -> None:
        self._offer_photos()
        if self.subject is not None and self.subject.pk:
            names = ("title", "text", "summary", "places", "days", "phone", "photos")
            self.initial = {**{name: getattr(self.subject, name) for name in names}, **self.initial}

    def _offer_photos(self) -> None:
        photos = offered_photos(self.subject) if self.subject is not None else []
        self.fields["photos"].choices = [(photo.uuid, photo.caption or photo.name) for photo in photos]
        if not photos:
            del self.fields["photos"]


class ReviewForm(MoveForm):
    """The conclusion of the second pair of eyes."""

    secrecy = forms.ChoiceField(
        label=_("Conclusion of the secrecy review"),
        choices=SecrecyConclusion.choices,
        initial=SecrecyConclusion.OPEN,
        widget=Radios,
    )
    secrecy_basis = CleanCharField(
        label=_("Basis"), max_length=200, required=False, help_text=_("Needed unless it may be published.")
    )
    looked_at = forms.BooleanField(
        label=_("I have looked at the addresses found below; they may be read"), required=False
    )


class ReturnForm(MoveForm):
    reason = ReasonField(label=_("What has to change"), max_length=300)


class PostForm(MoveForm):
    """Only the day."""


class WithdrawForm(MoveForm):
    reason = ReasonField(
        max_length=300, help_text=_("Everybody reads this sentence in place of the notice: no names, no numbers.")
    )


class CorrectForm(WordsForm):
    reason = ReasonField(label=_("What is wrong in the old one"), max_length=300, help_text=_("Kept in the record."))

    def prepare(self) -> None:
        super().prepare()
        self.order_fields(["reason"])


class ObjectionForm(MoveForm):
    text = CleanTextField(label=pgettext_lazy("notice", "What was said"), max_length=1000, rows=4)
    contact = CleanCharField(
        label=_("How to reach whoever said it"), max_length=60, required=False, help_text=_("Stays inside.")
    )


class AnswerForm(MoveForm):
    objection = forms.ModelChoiceField(
        label=_("Which objection"),
        queryset=Objection.objects.none(),
        to_field_name="uuid",
        widget=Radios,
        empty_label=None,
    )
    answer = CleanTextField(
        label=pgettext_lazy("notice", "Answer"),
        max_length=1000,
        rows=4,
        help_text=_("Everybody reads it, together with the objection."),
    )

    def prepare(self) -> None:
        waiting = self.subject.objections.filter(answer="")
        self.fields["objection"].queryset = waiting
        if len(waiting) == 1:
            self.initial.setdefault("objection", waiting[0].uuid)


NOTICE_FORMS: dict[str, type[MoveForm]] = {
    "edit_notice": WordsForm,
    "review_notice": ReviewForm,
    "return_notice": ReturnForm,
    "post_notice": PostForm,
    "withdraw_notice": WithdrawForm,
    "correct_notice": CorrectForm,
    "record_objection": ObjectionForm,
    "answer_objection": AnswerForm,
}
