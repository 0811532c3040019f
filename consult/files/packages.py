"""docx, xlsx and ofd: packages of parts, looked into without unpacking them."""

import io
import re
import stat
import zipfile
import zlib

from .formats import DOCX, OFD, XLSX, Format, refusal

_MEMBERS_AT_MOST = 5_000
_UNPACKED_AT_MOST = 200 * 1024 * 1024
_PART_AT_MOST = 2 * 1024 * 1024
_MAIN = {
    b"wordprocessingml.document.main+xml": (DOCX, "word/document.xml"),
    b"spreadsheetml.sheet.main+xml": (XLSX, "xl/workbook.xml"),
}
_FETCHED = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External[\"'])(?=[^>]*/(?:attachedTemplate|oleObject|frame|externalLinkPath)[\"'])"
)


def recognise_package(data: bytes) -> Format:
    """Which kind of document the package is, if any; refused is what bursts, hides, or runs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            _check_members(data, package, members)
            return _recognise(package, {member.filename for member in members})
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        # What the library raises over a damaged or exotic archive is not one family.
        raise refusal("broken") from error


def _check_members(data: bytes, package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    if not members or len(members) > _MEMBERS_AT_MOST:
        raise refusal("unpacked" if members else "broken")
    if sum(member.file_size for member in members) > _UNPACKED_AT_MOST:
        raise refusal("unpacked")
    names = [member.filename for member in members]
    if len({name.lower() for name in names}) < len(names) or any(_leaves_the_package(name) for name in names):
        raise refusal("hidden")
    if any(stat.S_ISLNK(member.external_attr >> 16) for member in members):
        raise refusal("hidden")
    if any(member.flag_bits & 0x1 for member in members):
        raise refusal("encrypted")
    if min(member.header_offset for member in members) != 0 or package.comment or data[-22:-18] != b"PK\5\6":
        raise refusal("hidden")


def _leaves_the_package(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or "\0" in name


def _recognise(package: zipfile.ZipFile, names: set[str]) -> Format:
    if "OFD.xml" in names:
        if b"OFD" not in _read(package, "OFD.xml"):
            raise refusal("broken")
        return OFD
    if "[Content_Types].xml" not in names:
        raise refusal("unknown")
    types = _read(package, "[Content_Types].xml")
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refusal("macros")
    if b"activeX" in types or any("/activex/" in name.lower() for name in names):
        raise refusal("active")
    for mark, (format, main) in _MAIN.items():
        if mark in types and main in names:
            for name in names:
                if name.endswith(".rels") and _FETCHED.search(_read(package, name)):
                    raise refusal("active")
            return format
    raise refusal("unknown")


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        text = part.read(_PART_AT_MOST + 1)
    if len(text) > _PART_AT_MOST:
        raise refusal("unpacked")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise refusal("active")
    return text
