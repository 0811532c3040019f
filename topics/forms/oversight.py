"""A note from above, and the answer to it; the same for a matter and for an assignment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.web.forms import CleanTextField, PlainForm
from topics.models import OversightNote
from topics.services.oversight import ANSWER_AT_MOST, NOTE_AT_MOST


class NoteForm(PlainForm):
    text = CleanTextField(
        label=_("What you ask about"),
        max_length=NOTE_AT_MOST,
        rows=4,
        help_text=_("It lies with the office and stands in the record; nothing of the matter changes by it."),
    )

    def __init__(self, *args: Any, topic: Any = None, subject: Any = None, reader: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class AnswerNoteForm(PlainForm):
    note = forms.ModelChoiceField(
        label=_("Which note"), queryset=OversightNote.objects.none(), to_field_name="uuid", widget=forms.RadioSelect
    )
    answer = CleanTextField(label=_("Answer"), max_length=ANSWER_AT_MOST, rows=4)

    def __init__(self, *args: Any, topic: Any = None, subject: Any = None, reader: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = OversightNote.objects.waiting()
        rows = rows.about_topic(topic) if subject is None else rows.about_assignment(subject)
        self.fields["note"].queryset = rows.order_by("pk")
        self.fields["note"].empty_label = None
        first = rows.order_by("pk").first()
        if first is not None:
            self.initial.setdefault("note", first.uuid)
