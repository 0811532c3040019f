"""The kinds of file that are kept, and the sentences with which others are refused."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024
LIMIT = 20 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Format:
    """What a file turned out to be."""

    content_type: str
    extensions: tuple[str, ...]
    family: str

    @property
    def extension(self) -> str:
        return self.extensions[0]


JPEG = Format("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "picture")
PNG = Format("image/png", ("png",), "picture")
WEBP = Format("image/webp", ("webp",), "picture")
PDF = Format("application/pdf", ("pdf",), "pdf")
DOCX = Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",), "docx")
XLSX = Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",), "xlsx")
OFD = Format("application/ofd", ("ofd",), "ofd")
FORMATS = (JPEG, PNG, WEBP, PDF, DOCX, XLSX, OFD)
BY_EXTENSION = {extension: known for known in FORMATS for extension in known.extensions}

SENTENCES = {
    "empty": _("This file is empty. Choose it again, or take the photo again."),
    "too_large": _("This file has %(size)s MB, more than %(limit)s MB. Take a photo of it, or split it in two."),
    "unknown": _("This kind of file cannot be kept. Hand in a photo (JPEG, PNG, WebP), a PDF, or docx, xlsx, ofd."),
    "heic": _("This is a HEIC photo, which many computers cannot open. Choose it as JPEG, or photograph the screen."),
    "old_office": _("This is an old Word or Excel file. Save it as docx or xlsx and choose it again."),
    "encrypted": _("This file is encrypted. Remove its password and choose it again."),
    "macros": _("This document contains macros. Save it without them, as docx or xlsx, and choose it again."),
    "active": _("This document contains programs or fetches parts from elsewhere. Print it to PDF and hand in that."),
    "broken": _("This file is damaged or was cut short. Choose it again, or take the photo again."),
    "hidden": _("Something else is hidden in this file. Take a photo of it, or print it to PDF, and hand in that."),
    "animated": _("This is a moving picture. Choose a photo that stands still."),
    "pixels": _("This picture has %(pixels)s million pixels, more than %(limit)s million. Make it smaller."),
    "unpacked": _("This document grows far too large when it is unpacked. Print it to PDF and hand in that."),
    "program": _("The name of this file ends like that of a program (.%(ending)s). Hand in the paper itself."),
    "not_what_it_says": _("This is not a valid .%(ending)s file. Open it, save it anew and choose it again."),
    "not_a_photo": _("A photo is needed here: JPEG, PNG or WebP."),
    "not_a_scan": _("A scan or photo of the paper is needed here: JPEG, PNG, WebP, PDF or OFD."),
}


def refusal(code: str, **params: Any) -> ValidationError:
    """The sentence that says what is wrong with the file and what to do instead."""
    return ValidationError(SENTENCES[code], code=code, params=params)
