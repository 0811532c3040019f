"""The lines of the record, as they are typed while people speak."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult import options
from consult.web.forms import CleanCharField, CleanTextField, DayField, PlainForm, Segments
from sessions.forms.fields import HeadsField
from sessions.models import ConsultSession, Participant
from sessions.states import Level, StatementKind
from topics.models import Topic
from topics.states import PartyCategory


class RecordForm(PlainForm):
    """A line with a key of its own: sent twice, it is one line."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, session: ConsultSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self.initial.setdefault("client_id", uuid.uuid4())
        if "topic" in self.fields:
            topics = Topic.objects.filter(session_topics__session=session).order_by("session_topics__position")
            self.fields["topic"].queryset = topics
            if len(topics) == 1:
                self.fields["topic"].widget = forms.HiddenInput()
                self.initial.setdefault("topic", topics[0].uuid)
        self.narrow()

    def narrow(self) -> None:
        """Choices of this session."""


def topic_field(required: bool = True) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.none(), to_field_name="uuid", required=required
    )


class StatementForm(RecordForm):
    participant = forms.ModelChoiceField(
        label=_("Who speaks"), queryset=Participant.objects.none(), to_field_name="uuid", required=False
    )
    by = CleanCharField(label=_("Or in words"), max_length=100, required=False)
    category = forms.ChoiceField(label=_("Relation to the matter"), choices=PartyCategory.choices, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=StatementKind.choices, widget=Segments, initial=StatementKind.OPINION
    )
    text = CleanTextField(label=_("What was said"), max_length=3000, rows=3)

    def narrow(self) -> None:
        self.fields["participant"].queryset = self.session.participants.order_by("position", "pk")
        words = dict(options.words(self.session.host_id, "lists.stakeholders"))
        self.fields["participant"].label_from_instance = lambda line: (
            f"{line}（{words.get(line.category, line.get_category_display())}）"
        )
        self.fields["participant"].empty_label = str(_("– somebody else –"))
        self.fields["category"].choices = [("", "–"), *words.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("participant"):
            if not data.get("by"):
                self.add_error("by", _("Who says this?"))
            elif not data.get("category"):
                self.add_error("category", _("Choose to which class they belong."))
        return data


class StatementChangeForm(PlainForm):
    """Mending a line that stands in the record."""

    by = CleanCharField(label=_("Who speaks"), max_length=100)
    category = forms.ChoiceField(label=_("Relation to the matter"), choices=PartyCategory.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=StatementKind.choices, widget=Segments)
    text = CleanTextField(label=_("What was said"), max_length=3000, rows=5)


class ConsensusForm(RecordForm):
    topic = topic_field()
    text = CleanTextField(label=_("What is agreed"), max_length=500, rows=2)
    level = forms.ChoiceField(
        label=_("Degree of agreement"), choices=Level.choices, widget=Segments, initial=Level.AGREED
    )
    unit_name = CleanCharField(label=_("Who sees to it"), max_length=100, required=False)
    due_on = DayField(label=_("By when"), required=False)


class ConsensusChangeForm(PlainForm):
    text = CleanTextField(label=_("What is agreed"), max_length=500, rows=3)
    level = forms.ChoiceField(label=_("Degree of agreement"), choices=Level.choices, widget=Segments)
    unit_name = CleanCharField(label=_("Who sees to it"), max_length=100, required=False)
    due_on = DayField(label=_("By when"), required=False)


class DissentForm(RecordForm):
    topic = topic_field()
    text = CleanTextField(label=_("Reservation"), max_length=500, rows=2)
    by = CleanCharField(label=_("Whose"), max_length=100, required=False)


class WalkInForm(PlainForm):
    """Somebody who came without being on the list."""

    category = forms.ChoiceField(label=_("Relation to the matter"), choices=PartyCategory.choices)
    organisation_name = CleanCharField(label=_("Unit"), max_length=100, required=False)
    name = CleanCharField(label=_("Name or role"), max_length=60, required=False)
    count = HeadsField()

    def __init__(self, *args: Any, session: ConsultSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = options.words(session.host_id, "lists.stakeholders")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["count"] = data.get("count") or 1
        return data
