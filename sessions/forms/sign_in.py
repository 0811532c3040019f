"""Signing in without an account, and replying by a link: as little as possible is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult import options
from consult.web.forms import CleanCharField, PlainForm, Radios, Segments
from sessions.models import ConsultSession
from sessions.services import among
from sessions.states import Reply
from topics.states import PartyCategory


class ComeForm(PlainForm):
    """Name and class; whoever stands in for another says so."""

    name = CleanCharField(
        label=_("Your name"), max_length=60, help_text=_("Or what people call you, or the last digits")
    )
    category = forms.ChoiceField(label=_("You come as"), choices=PartyCategory.choices, widget=Radios)
    listed_in = forms.ChoiceField(
        label=_("Are you one of these?"),
        required=False,
        widget=Radios,
        help_text=_("Then you are counted once. If you choose nothing, your class decides."),
    )
    proxy_name = CleanCharField(
        label=_("Your own name"), max_length=60, required=False, help_text=_("Above, write the name of who was invited")
    )
    proxy_reason = CleanCharField(label=_("Why he could not come"), max_length=200, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=100)
    claimed_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, session: ConsultSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = options.words(session.host_id, "lists.stakeholders")
        self._offer(session)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["proxy_name"].widget.attrs["autocomplete"] = "off"

    def _offer(self, session: ConsultSession) -> None:
        """Lines of several people bear the name of a group, nobody's own; without any there is nothing to ask."""
        words = dict(self.fields["category"].choices)
        lines = among.lines_of_several(session)
        shown = [(line.uuid, f"{line}（{words.get(line.category, line.get_category_display())}）") for line in lines]
        if not shown:
            del self.fields["listed_in"]
            return
        self.fields["listed_in"].choices = [*shown, (among.APART, _("None of them, I came besides"))]


class CodeForm(PlainForm):
    """Six characters from the screen."""

    code = CleanCharField(
        label=_("Code on the screen"),
        max_length=20,
        help_text=_("Six letters and digits; large or small does not matter."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "class": "form-control zb-code",
        }


class SlipForm(PlainForm):
    """参加 or 请假."""

    reply = forms.ChoiceField(label=_("Do you come?"), choices=Reply.choices, widget=Segments)
    reason = CleanCharField(label=_("If not, why"), max_length=200, required=False)


class SignUpForm(PlainForm):
    """报名: name, class, and a number to be told at if one likes."""

    name = CleanCharField(label=_("Your name"), max_length=60)
    category = forms.ChoiceField(label=_("You come as"), choices=PartyCategory.choices, widget=Radios)
    phone = CleanCharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        help_text=_("So that the office can tell you when a seat becomes free. Nobody else sees it."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, session: ConsultSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = options.words(session.host_id, "lists.stakeholders")
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["phone"].widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}
