"""The form field through which a file comes in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.files.content import check_upload
from consult.files.formats import FORMATS
from consult.files.models import AttachmentKind

_ALLOWED = {
    AttachmentKind.PHOTO: ("picture",),
    AttachmentKind.SCAN: ("picture", "pdf", "ofd"),
    AttachmentKind.DOCUMENT: ("picture", "pdf", "ofd", "docx", "xlsx"),
}
_HELP = {
    AttachmentKind.PHOTO: _("JPEG, PNG or WebP, at most 20 MB."),
    AttachmentKind.SCAN: _("A photo of the paper, a PDF or OFD, at most 20 MB."),
    AttachmentKind.DOCUMENT: _("A photo, PDF, OFD, docx or xlsx, at most 20 MB."),
}


class AttachmentField(forms.FileField):
    """A file of one kind; refused in the form already, with the same sentences as in the service."""

    def __init__(self, *, kind: str = AttachmentKind.SCAN, **kwargs: Any):
        self.kind = AttachmentKind(kind)
        kwargs.setdefault("help_text", _HELP[self.kind])
        super().__init__(**kwargs)
        self.error_messages["empty"] = _("This file is empty. Choose it again, or take the photo again.")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        families = _ALLOWED[self.kind]
        accepted = [f".{ending}" for known in FORMATS if known.family in families for ending in known.extensions]
        attrs = {**super().widget_attrs(widget), "accept": ",".join(accepted)}
        if self.kind == AttachmentKind.PHOTO:
            attrs["accept"] = "image/jpeg,image/png,image/webp"
        return attrs

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload and upload is not initial:
            check_upload(upload, self.kind)
            upload.seek(0)
        return upload
