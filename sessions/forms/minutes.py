"""What the moves of minutes ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult.files.forms import AttachmentField
from consult.web.forms import CleanCharField, CleanTextField, DayField, PlainForm, ReasonField
from sessions.models import ConsultSession, Minutes
from sessions.rules import records_signature, signs
from sessions.services.minutes import LONGEST_BODY


class OnForm(PlainForm):
    """The business date; today, unless it is recorded later."""

    on = DayField(label=_("Happened on"), past=True, required=False, initial=timezone.localdate)

    def __init__(self, *args: Any, minutes: Minutes | None = None, reader: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.minutes, self.reader = minutes, reader
        self.order_fields([*(name for name in self.fields if name != "on"), "on"])
        self.narrow()

    def narrow(self) -> None:
        """Fields for this reader."""


class DraftForm(PlainForm):
    """Beginning the minutes; the text is put together by the service."""

    def __init__(self, *args: Any, session: ConsultSession, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ReviseForm(PlainForm):
    """The text over the version that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    body = CleanTextField(label=_("Text"), max_length=LONGEST_BODY, rows=28)


class PlainMoveForm(PlainForm):
    """A move that asks for nothing."""

    def __init__(self, *args: Any, minutes: Minutes, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class FileForm(OnForm):
    pass


class ReturnForm(OnForm):
    reason = ReasonField(max_length=300)


class AmendForm(OnForm):
    reason = ReasonField(max_length=300, help_text=_("Stands in the new minutes, beside the old number."))


class SignForm(OnForm):
    """Signing oneself, or recording the signature on a paper."""

    on_paper = forms.BooleanField(label=_("Record a signature on paper"), required=False)
    signed_name = CleanCharField(
        label=_("Who signed the paper"), max_length=60, required=False, help_text=_("As it stands on the paper.")
    )
    scan = AttachmentField(kind="scan", label=_("Scan of the signed paper"), required=False)

    def narrow(self) -> None:
        may_sign = self.reader.is_system or (
            signs.test(self.reader, self.minutes) and self.minutes.drafted_by_id != self.reader.pk
        )
        may_record = records_signature.test(self.reader, self.minutes)
        if not may_record:
            for name in ("on_paper", "signed_name", "scan"):
                del self.fields[name]
        elif not may_sign:
            self.fields["on_paper"].initial = True
