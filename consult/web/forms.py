"""The form every page inherits, and its fields in one place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from consult.web.fields import (
    CleanCharField,
    CleanTextField,
    DayField,
    LinesField,
    MomentField,
    MoneyField,
    PhoneField,
    ReasonField,
)
from consult.web.places import RegionField
from consult.web.widgets import Checks, Radios, Segments

__all__ = [
    "Checks",
    "CleanCharField",
    "CleanTextField",
    "DayField",
    "LinesField",
    "MomentField",
    "MoneyField",
    "PhoneField",
    "PlainForm",
    "Radios",
    "ReasonField",
    "RegionField",
    "Segments",
]

_PICKED = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput)


class PlainForm(forms.Form):
    """Labels without colons, help and errors above the field, and a required field that says what to fill in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)


def dress(field: forms.Field) -> None:
    """Classes of the design and the sentence for an empty required field."""
    widget = field.widget
    if isinstance(widget, forms.Select):
        widget.attrs.setdefault("class", "form-select")
    elif isinstance(widget, forms.CheckboxInput):
        widget.attrs.setdefault("class", "form-check-input")
    elif not isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.HiddenInput):
        widget.attrs.setdefault("class", "form-control")
    if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
        words = _("Please choose: ") if isinstance(widget, _PICKED) else _("Please fill in: ")
        field.error_messages["required"] = format_lazy("{}{}", words, field.label or "")
    if isinstance(field, forms.ModelChoiceField) and field.empty_label == "---------":
        field.empty_label = _("Please choose") if field.required else _("None")
    if isinstance(field, forms.ChoiceField):
        field.error_messages["invalid_choice"] = _("“%(value)s” is not among the choices. Please choose again")
    # The server says it better, and without throwing anything away.
    field.widget.use_required_attribute = lambda initial: False
