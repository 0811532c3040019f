"""What a file is, told from what is in it."""

import zipfile
from io import BytesIO
from typing import Any

from .formats import JPEG, LIMIT, MEGABYTE, PDF, PNG, WEBP, Format, refusal
from .models import AttachmentKind
from .names import check_name, ending_of
from .packages import recognise_package
from .pdfs import check_pdf
from .pictures import check_picture

_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_LOCKED = "EncryptedPackage".encode("utf-16-le")


def check_upload(upload: Any, kind: str) -> tuple[bytes, Format]:
    """The bytes of an upload and what they are; a ``ValidationError`` with a sentence for everything else."""
    size = getattr(upload, "size", None)
    if size is not None and size > LIMIT:
        raise _too_large(size)
    upload.seek(0)
    data = upload.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise _too_large(len(data))
    format = recognise(data, str(getattr(upload, "name", "") or ""))
    if kind == AttachmentKind.PHOTO and format.family != "picture":
        raise refusal("not_a_photo")
    if kind == AttachmentKind.SCAN and format.family not in {"picture", "pdf", "ofd"}:
        raise refusal("not_a_scan")
    return data, format


def recognise(data: bytes, name: str) -> Format:
    """What the bytes are, after they proved to be that and nothing else, and the name to agree."""
    if not data:
        raise refusal("empty")
    format = _by_content(data, name)
    check_name(name, format)
    if format.family in {"picture", "pdf"} and zipfile.is_zipfile(BytesIO(data)):
        raise refusal("hidden")
    return format


def _by_content(data: bytes, name: str) -> Format:
    if data.startswith(b"\xff\xd8\xff"):
        format = JPEG
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        format = PNG
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        format = WEBP
    elif data.startswith(b"%PDF-"):
        check_pdf(data)
        return PDF
    elif data.startswith(b"PK\x03\x04"):
        return recognise_package(data)
    else:
        raise _unknown(data, name)
    check_picture(data, format)
    return format


def _unknown(data: bytes, name: str) -> Exception:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return refusal("heic")
    if data.startswith(_OLE):
        return refusal("encrypted" if _OLE_LOCKED in data else "old_office")
    ending = ending_of(name)
    if ending in {"jpg", "jpeg", "png", "webp", "pdf", "docx", "xlsx", "ofd"}:
        return refusal("not_what_it_says", ending=ending)
    return refusal("unknown")


def _too_large(size: int) -> Exception:
    return refusal("too_large", size=f"{size / MEGABYTE:.1f}".removesuffix(".0"), limit=LIMIT // MEGABYTE)
