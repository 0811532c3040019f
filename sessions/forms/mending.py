"""Mending one line of the roster."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.text import mask_phone
from consult.web.forms import CleanCharField
from members.models import Account
from sessions.forms.plans import ParticipantForm, accounts_of
from sessions.models import ConsultSession, Participant


class MendLineForm(ParticipantForm):
    """Everything that was put on the list; a telephone number is typed anew, never shown."""

    account = forms.ModelChoiceField(
        label=_("Account"), queryset=Account.objects.none(), required=False, help_text=_("He is told by it")
    )
    phone = CleanCharField(label=_("Telephone"), max_length=30, required=False)
    forget_phone = forms.BooleanField(label=_("Forget the number"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, session: ConsultSession, line: Participant, **kwargs: Any) -> None:
        super().__init__(*args, session=session, **kwargs)
        known = Account.objects.filter(pk=line.account_id).distinct()
        self.fields["account"].queryset = accounts_of(session.host) | known
        phone = self.fields["phone"]
        phone.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}
        phone.help_text = _("Only to tell him of the session")
        if line.phone:
            words = {"number": mask_phone(line.phone)}
            phone.help_text = _("%(number)s is kept; write another one to replace it") % words
        else:
            del self.fields["forget_phone"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.pop("forget_phone", False):
            data["phone"] = ""
        elif not data.get("phone"):
            data.pop("phone", None)
        return data
