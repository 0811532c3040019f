"""The name under which a file was handed in: kept for the reader, trusted for nothing."""

import re
import unicodedata

from .formats import BY_EXTENSION, Format, refusal

STEM_AT_MOST = 120
_PROGRAMS = frozenset(
    {
        "exe",
        "com",
        "bat",
        "cmd",
        "scr",
        "pif",
        "msi",
        "dll",
        "js",
        "mjs",
        "jse",
        "vbs",
        "vbe",
        "wsf",
        "wsh",
        "ps1",
        "sh",
    }
    | {
        "jar",
        "apk",
        "app",
        "html",
        "htm",
        "xhtml",
        "shtml",
        "svg",
        "svgz",
        "xml",
        "php",
        "phtml",
        "phar",
        "asp",
        "aspx",
    }
    | {"jsp", "jspx", "cgi", "pl", "py", "rb", "swf", "hta", "lnk", "reg", "docm", "dotm", "xlsm", "xltm", "pptm"}
)


def ending_of(name: str) -> str:
    """The ending of the name in lower case, without its dot; empty when there is none."""
    tail = _plain(name).rpartition(".")
    return tail[2].lower() if tail[1] and re.fullmatch(r"[A-Za-z0-9]{1,8}", tail[2]) else ""


def check_name(name: str, format: Format) -> None:
    """Refuse a name that pretends: a program's ending anywhere in it, or the ending of another kind of document."""
    plain = _plain(name)
    for ending in re.findall(r"\.([A-Za-z][A-Za-z0-9]{0,5})(?=$|[.%\s])", plain):
        if ending.lower() in _PROGRAMS or re.fullmatch(r"php\d", ending.lower()):
            raise refusal("program", ending=ending.lower())
    said = ending_of(plain)
    if said and BY_EXTENSION.get(said, format).family != format.family:
        raise refusal("not_what_it_says", ending=said)
    if said and said not in BY_EXTENSION and re.fullmatch(r"[a-z][a-z0-9]{1,4}", said):
        raise refusal("not_what_it_says", ending=said)


def clean_name(name: str, format: Format) -> str:
    """The name without folders, invisible characters and odd blanks, with the ending of what the file is."""
    plain = _plain(name)
    if ending_of(plain) in BY_EXTENSION:
        plain = plain.rpartition(".")[0]
    stem = re.sub(r'[<>:"|?*%]+', "_", plain).strip(" ._")[:STEM_AT_MOST].strip(" ._")
    return f"{stem or format.family}.{format.extension}"


def _plain(name: str) -> str:
    last = re.split(r"[\\/]", name)[-1]
    shown = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    return re.sub(r"\s+", " ", shown).strip()
