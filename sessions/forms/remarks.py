"""Remarks on minutes, and answers to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.web.forms import CleanCharField, CleanTextField, PlainForm
from sessions.models import Minutes, Participant
from sessions.services import paragraphs_of
from sessions.services.comments import PROPOSED, QUOTE, REMARK


def places_in(body: str) -> list[tuple[str, str]]:
    """The paragraphs a remark can be about."""
    found = [(str(one["line"]), f"{one['line']}　{one['text'][:40]}") for one in paragraphs_of(body)]
    return [("0", _("The whole text")), *found]


class CommentForm(PlainForm):
    """What is to be mended, where, and what is to stand there instead."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    line_number = forms.TypedChoiceField(
        label=gettext_lazy("Which paragraph"), coerce=int, required=False, empty_value=0
    )
    quote = CleanCharField(
        label=gettext_lazy("Which words"),
        max_length=QUOTE,
        required=False,
        help_text=gettext_lazy("Copied from the text; left out, it is the whole paragraph."),
    )
    text = CleanTextField(label=gettext_lazy("What is to be mended"), max_length=REMARK, rows=3)
    proposed = CleanTextField(
        label=gettext_lazy("What is to stand there instead"), max_length=PROPOSED, rows=2, required=False
    )
    participant = forms.ModelChoiceField(
        label=gettext_lazy("Whose remark"),
        queryset=Participant.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=gettext_lazy("My own"),
        help_text=gettext_lazy("For somebody without an account who said or wrote it to you."),
    )

    def __init__(self, *args: Any, minutes: Minutes, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line_number"].choices = places_in(minutes.body)
        if reader.has_perm("consult_sessions.answer_comment_minutes", minutes):
            self.fields["participant"].queryset = minutes.session.participants.all()
        else:
            del self.fields["participant"]
        self.initial.setdefault("version", minutes.version)


class LinkedRemarkForm(PlainForm):
    """By a party's own link: which paragraph, what is to be mended, what is to stand there."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    line_number = forms.TypedChoiceField(
        label=gettext_lazy("Which paragraph"), coerce=int, required=False, empty_value=0
    )
    text = CleanTextField(label=gettext_lazy("What is to be mended"), max_length=REMARK, rows=3)
    proposed = CleanTextField(
        label=gettext_lazy("What is to stand there instead"), max_length=PROPOSED, rows=2, required=False
    )

    def __init__(self, *args: Any, minutes: Minutes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line_number"].choices = places_in(minutes.body)
        self.initial.setdefault("version", minutes.version)


class AnswerForm(PlainForm):
    """The answer, and the words that are to stand there."""

    answer = CleanTextField(label=gettext_lazy("Answer to the remark"), max_length=REMARK, rows=3)
    proposed = CleanTextField(
        label=gettext_lazy("What is to stand there instead"),
        max_length=PROPOSED,
        rows=2,
        required=False,
        help_text=gettext_lazy("These words can then be taken into the text."),
    )
