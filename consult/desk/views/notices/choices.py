"""消息设置: how I want to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consult.delivery.channels import is_configured
from consult.delivery.keeping import set_preference
from consult.delivery.kinds import KINDS
from consult.delivery.models import ChannelName, DigestLine, Pace, Preference
from consult.delivery.pacing import preference_of
from consult.web.forms import PlainForm, Radios
from consult.web.views import FormPage

HOURS = [(str(hour), f"{hour}:00") for hour in range(24)]
AS_ABOVE = ("", pgettext_lazy("pace", "As chosen above"))


class ChoicesForm(PlainForm):
    by_email = forms.BooleanField(label=gettext_lazy("By e-mail"), required=False)
    by_sms = forms.BooleanField(
        label=gettext_lazy("By text message"),
        help_text=gettext_lazy("For due dates, assignments and invitations only."),
        required=False,
    )
    pace = forms.ChoiceField(label=gettext_lazy("When"), choices=Pace.choices, widget=Radios)
    digest_hour = forms.TypedChoiceField(label=gettext_lazy("Hour of the digest"), choices=HOURS, coerce=int)
    quiet_from = forms.TypedChoiceField(
        label=gettext_lazy("Quiet from"),
        choices=[("", pgettext_lazy("quiet", "Never")), *HOURS],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("What comes in these hours waits until they end, urging as well."),
    )
    quiet_until = forms.TypedChoiceField(
        label=gettext_lazy("until"),
        choices=[("", pgettext_lazy("quiet", "Never")), *HOURS],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, preference: Preference, account: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(preference, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        for name, address, channel in (
            ("by_email", account.email, ChannelName.EMAIL),
            ("by_sms", account.phone, ChannelName.SMS),
        ):
            if not is_configured(channel):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("This installation sends none.")
            elif not address:
                self.fields[name].help_text = _("Your account has no address for it; the registrar enters one.")
        for kind in KINDS.values():
            self.fields[f"kind_{kind.name}"] = forms.ChoiceField(
                label=kind.label,
                choices=[AS_ABOVE, *Pace.choices],
                required=False,
                initial=preference.kinds.get(kind.name, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def kind_rows(self) -> list[Any]:
        return [self[f"kind_{name}"] for name in KINDS]

    @property
    def choices(self) -> dict[str, Any]:
        given = self.cleaned_data
        kinds = {name: given[f"kind_{name}"] for name in KINDS if given.get(f"kind_{name}")}
        return {**{name: given[name] for name in self.base_fields}, "kinds": kinds}


class Choices(FormPage):
    """Everybody sets his own; the messages here are always complete."""

    form_class = ChoicesForm
    template_name, partial_template_name = "desk/notices/choices.html", "desk/notices/_choices.html"
    heading = gettext_lazy("How I am told")
    back_url = "desk:inbox"

    def get_form_kwargs(self) -> dict[str, Any]:
        account = self.request.user
        return {**super().get_form_kwargs(), "preference": preference_of(account), "account": account}

    def perform(self, form: Any) -> str:
        set_preference(self.request.user, **form.choices)
        return "desk:choices"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = DigestLine.objects.filter(account=self.request.user, digest=None).count()
        return super().get_context_data(waiting=waiting, **kwargs)
