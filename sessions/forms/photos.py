"""Photos and papers by the page: from the camera or from what lies on the device."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.files.content import recognise
from consult.files.forms import AttachmentField
from consult.files.models import CAPTION, AttachmentKind
from consult.web.forms import CleanCharField, PlainForm
from sessions.models import ConsultSession, Statement

MOST = 9


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class SeveralFiles(AttachmentField):
    """Several at once; each is looked at by itself, and the sentence names the file that is wrong."""

    widget = ManyFiles

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > MOST:
            raise forms.ValidationError(_("At most %(most)s files at once."), params={"most": MOST})
        found, wrong = [], []
        for one in given:
            try:
                found.append(super().clean(one, initial))
            except forms.ValidationError as error:
                wrong += [f"{str(one.name)[:40]}：{sentence}" for sentence in error.messages]
        if wrong:
            raise forms.ValidationError(wrong)
        return found


class Shots(SeveralFiles):
    """「拍照」: a phone opens its camera at once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"kind": AttachmentKind.PHOTO, "label": gettext_lazy("Take a photo"), **kwargs})
        self.widget.attrs["capture"] = "environment"


class FilesForm(PlainForm):
    """Photos, papers, and a few words about them."""

    shots = Shots()
    files = SeveralFiles(
        kind=AttachmentKind.DOCUMENT,
        label=gettext_lazy("Photos and papers from this device"),
        help_text=gettext_lazy("Photo, PDF, OFD, docx or xlsx, at most 20 MB each, several at once."),
    )
    caption = CleanCharField(
        label=gettext_lazy("What can be seen"),
        max_length=CAPTION,
        required=False,
        help_text=gettext_lazy("Stands under the photo and is read aloud; no names of residents."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("shots") and not data.get("files"):
            self.add_error("files", _("Choose a photo or paper first."))
        return data

    def uploads(self) -> list[tuple[Any, str]]:
        """Each file with what it is kept as."""
        found = [(one, AttachmentKind.PHOTO) for one in self.cleaned_data["shots"]]
        return [*found, *((one, kind_of(one)) for one in self.cleaned_data["files"])]


class PhotoForm(FilesForm):
    """At a session, or at one statement in it."""

    statement = forms.ModelChoiceField(
        queryset=Statement.objects.none(), to_field_name="uuid", required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, session: ConsultSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].queryset = session.statements.all()


def kind_of(upload: Any) -> AttachmentKind:
    """A picture is a photo, anything else a paper; the form has looked into it already."""
    upload.seek(0)
    format = recognise(upload.read(), str(upload.name or ""))
    upload.seek(0)
    return AttachmentKind.PHOTO if format.family == "picture" else AttachmentKind.DOCUMENT
