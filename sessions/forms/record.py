"""The lines of the record, as they are typed while people speak."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult import options
from consult.web.forms import CleanCharField, CleanTextField, DayField, PlainForm, Segments
from sessions.forms.fields import HeadsField
from sessions.heads import standing
from sessions.models import ConsensusPoint, ConsultSession, Participant
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


class ClaimedField(forms.DateTimeField):
    """What the clock of a browser says; whatever it cannot say is nothing said."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class LinesField(forms.CharField):
    """Statements from which a point comes, by their UUIDs."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> list[uuid.UUID]:
        found = []
        for word in str(value or "").replace(",", " ").split()[:20]:
            try:
                found.append(uuid.UUID(word))
            except ValueError:
                continue
        return found


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
    language = forms.ChoiceField(label=_("Language"), required=False)
    text = CleanTextField(label=_("What was said"), max_length=3000, rows=3)
    claimed_at = ClaimedField(required=False)

    def narrow(self) -> None:
        self.fields["participant"].queryset = lines = self.session.participants.order_by("position", "pk")
        words = dict(options.words(self.session.host_id, "lists.stakeholders"))

        def offered() -> list[tuple[Any, str]]:
            """Whoever stands on the roster; a line on its way may still name a walk-in who was taken back since."""
            rows = [
                (line.uuid, f"{line}（{words.get(line.category, line.get_category_display())}）")
                for line in standing(lines)
            ]
            return [("", str(_("– somebody else –"))), *rows]

        self.fields["participant"].choices = offered
        self.fields["category"].choices = [("", "–"), *words.items()]
        self.fields["language"].choices = language_choices(self.session)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("participant"):
            if not data.get("by"):
                self.add_error("by", _("Who says this?"))
            elif not data.get("category"):
                self.add_error("category", _("Choose to which class they belong."))
        return data


def language_choices(session: ConsultSession, spoken: str = "") -> list[tuple[str, str]]:
    """Those spoken in this session; nothing chosen is the language of the record."""
    found = list(dict.fromkeys([*session.languages, *([spoken] if spoken else [])]))
    return [("", str(_("– language –"))), *((name, name) for name in found)]


class VersionedForm(PlainForm):
    """Mending a line that stands in the record, over the version that one has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, session: ConsultSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            self.fields["language"].choices = language_choices(session, str(self.initial.get("language", "")))
            if len(self.fields["language"].choices) == 1:
                del self.fields["language"]


class StatementChangeForm(VersionedForm):
    by = CleanCharField(label=_("Who speaks"), max_length=100)
    category = forms.ChoiceField(label=_("Relation to the matter"), choices=PartyCategory.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=StatementKind.choices, widget=Segments)
    language = forms.ChoiceField(label=_("Language"), required=False)
    text = CleanTextField(label=_("What was said"), max_length=3000, rows=5)


class ConsensusForm(RecordForm):
    topic = topic_field()
    text = CleanTextField(label=_("What is agreed"), max_length=500, rows=2)
    level = forms.ChoiceField(
        label=_("Degree of agreement"), choices=Level.choices, widget=Segments, initial=Level.AGREED
    )
    unit_name = CleanCharField(label=_("Who sees to it"), max_length=100, required=False)
    due_on = DayField(label=_("By when"), required=False)
    statements = LinesField(required=False)

    def clean_statements(self) -> list[Any]:
        return list(self.session.statements.filter(uuid__in=self.cleaned_data["statements"]))


class ConsensusChangeForm(VersionedForm):
    text = CleanTextField(label=_("What is agreed"), max_length=500, rows=3)
    level = forms.ChoiceField(label=_("Degree of agreement"), choices=Level.choices, widget=Segments)
    unit_name = CleanCharField(label=_("Who sees to it"), max_length=100, required=False)
    due_on = DayField(label=_("By when"), required=False)


class DissentForm(RecordForm):
    topic = topic_field()
    text = CleanTextField(label=_("Reservation"), max_length=500, rows=2)
    by = CleanCharField(label=_("Whose"), max_length=100, required=False)
    point = forms.ModelChoiceField(
        label=_("About which point"), queryset=ConsensusPoint.objects.none(), to_field_name="uuid", required=False
    )

    def narrow(self) -> None:
        self.fields["point"].queryset = self.session.consensus_points.order_by("topic_id", "number")


class DissentChangeForm(VersionedForm):
    text = CleanTextField(label=_("Reservation"), max_length=500, rows=3)
    by = CleanCharField(label=_("Whose"), max_length=100, required=False)


class LanguagesForm(PlainForm):
    """Which languages are spoken here, and who interprets."""

    languages = CleanCharField(
        label=_("Languages"), max_length=200, required=False, help_text=_("Several with a comma between them.")
    )
    interpreter = CleanCharField(label=_("Interpreter"), max_length=60, required=False)

    def __init__(self, *args: Any, session: ConsultSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_languages(self) -> list[str]:
        words = str(self.cleaned_data["languages"] or "")
        for mark in "，、；;":
            words = words.replace(mark, ",")
        return [word.strip() for word in words.split(",") if word.strip()]


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
