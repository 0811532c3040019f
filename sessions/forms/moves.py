"""What each move of a session asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.web.forms import CleanCharField, MomentField, PlainForm, ReasonField, Segments
from sessions.models import ConsultationRoom, ConsultSession
from sessions.services import short_notice
from sessions.states import Reply


class SessionMoveForm(PlainForm):
    """A form that knows its session."""

    def __init__(self, *args: Any, session: ConsultSession, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session, self.reader = session, reader
        self.narrow()

    def narrow(self) -> None:
        """Choices and hints of this session."""


class AnnounceForm(SessionMoveForm):
    short_notice_reason = CleanCharField(label=_("Why the notice is short"), max_length=300, required=False)

    def narrow(self) -> None:
        warning = short_notice(self.session)
        if warning:
            field = self.fields["short_notice_reason"]
            field.required, field.help_text = True, warning
            field.error_messages["required"] = warning
        else:
            del self.fields["short_notice_reason"]


class PostponeForm(SessionMoveForm):
    starts_at = MomentField(label=_("New beginning"))
    ends_at = MomentField(label=_("New end"))
    room = forms.ModelChoiceField(
        label=_("Another room"),
        queryset=ConsultationRoom.objects.none(),
        required=False,
        help_text=_("Empty: as it is"),
    )
    place = CleanCharField(label=_("Another place"), max_length=100, required=False)
    reason = ReasonField(max_length=300)

    def narrow(self) -> None:
        rooms = ConsultationRoom.objects.visible_to(self.reader).of_host(self.session.host_id).open()
        self.fields["room"].queryset = rooms
        self.initial.setdefault("starts_at", self.session.starts_at)
        self.initial.setdefault("ends_at", self.session.ends_at)


class CancelForm(SessionMoveForm):
    reason = ReasonField(max_length=300)


class OpenForm(SessionMoveForm):
    at = MomentField(label=_("Opened at"), past=True, required=False, help_text=_("Empty: now"))


class CloseForm(SessionMoveForm):
    no_statements = forms.BooleanField(label=_("Nobody asked to speak"), required=False)
    consensus = forms.CharField(widget=forms.HiddenInput, required=False)
    at = MomentField(label=_("Ended at"), past=True, required=False, help_text=_("Empty: now"))

    def narrow(self) -> None:
        if self.session.statements.exists():
            del self.fields["no_statements"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data.pop("consensus", None)  # only a place for the message
        return data


class ReplyForm(SessionMoveForm):
    reply = forms.ChoiceField(label=_("Do you come?"), choices=Reply.choices, widget=Segments)
    reason = CleanCharField(label=_("If not, why"), max_length=200, required=False)
