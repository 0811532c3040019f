"""Fields and the base of the forms of this app."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.files.forms import AttachmentField
from consult.files.models import AttachmentKind
from consult.web.forms import DayField, PlainForm
from members.models import Organisation
from outcomes.services.assignments import NOT_UNITS

MOST_FILES = 9


class MoveForm(PlainForm):
    """The form of one move: it knows what it is about and who reads it. ``on`` is the business date."""

    on = DayField(
        label=_("Day on which it happened"),
        past=True,
        required=False,
        help_text=_("Left out, it is today. Write the day when you enter a paper later."),
    )

    def __init__(self, *args: Any, subject: Any = None, reader: Any = None, **kwargs: Any) -> None:
        self.subject, self.reader = subject, reader
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "on"])
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values from the subject."""


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(AttachmentField):
    """Several files of one kind, each checked by its content."""

    widget = SeveralFiles

    def __init__(self, *, kind: str = AttachmentKind.DOCUMENT, **kwargs: Any) -> None:
        super().__init__(**{"kind": kind, "required": False, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)s files at once."), params={"most": MOST_FILES})
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in given]


def units_of(host: Any) -> Any:
    """The units of a host that can be assigned work."""
    return Organisation.objects.open().of_host(host.pk).exclude(kind__in=NOT_UNITS).order_by("name", "pk")


class UnitField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("Choose the unit"))
        super().__init__(queryset=Organisation.objects.none(), to_field_name="uuid", **kwargs)
        self.error_messages["invalid_choice"] = _("This unit is not among those of your CPPCC. Choose again.")


class UnitsField(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Organisation.objects.none(), to_field_name="uuid", required=False, **kwargs)
        self.error_messages["invalid_choice"] = _("This unit is not among those of your CPPCC. Choose again.")
        self.error_messages["invalid_pk_value"] = self.error_messages["invalid_choice"]
        self.widget.attrs["size"] = 6
