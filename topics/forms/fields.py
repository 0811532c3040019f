"""Fields that several forms of a matter share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.files.forms import AttachmentField
from topics.states import About

ABOUT = [("", _("exactly")), *About.choices]


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(AttachmentField):
    """Several photos at once; each is looked at by itself."""

    most = 6

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(kind="photo", widget=ManyFiles(attrs={"capture": "environment"}), required=False, **kwargs)
        del self.widget.attrs["capture"]  # a phone offers camera and album

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > self.most:
            raise forms.ValidationError(_("At most %(most)s photos at a time"), params={"most": self.most})
        return [super(PhotosField, self).clean(one, initial) for one in files]


class CountField(forms.IntegerField):
    """A reported figure in whole numbers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "min_value": 0, "max_value": 100_000_000, **kwargs})
        self.widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        self.error_messages["invalid"] = _("Please write a whole number, for example 120")
