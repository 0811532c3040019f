"""`./run catalogue`: one Chinese catalogue from everybody's parts, without GNU gettext.

`locale/parts/*.po` are what people edit; `locale/zh_Hans/LC_MESSAGES/django.po` and `.mo` are made from them.
"""

import ast
import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path

from .messages import Message, in_code
from .places import BASE, Trouble, say

LOCALE = BASE / "locale"
PARTS = LOCALE / "parts"
MERGED = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = """Project-Id-Version: consult
Language: zh_Hans
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Plural-Forms: nplurals=1; plural=0;
"""
KEYWORD = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s+(".*")$')
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")

Entries = dict[Message, str]


def main(arguments: list[str]) -> int:
    """Make the catalogue, or say what is wrong with it."""
    if arguments not in ([], ["--check"]):
        raise Trouble("./run catalogue takes --check or nothing.")
    entries, faults = merged_parts()
    if arguments:
        faults += list(lacking(entries)) + list(stale(entries))
    else:
        write(entries)
        missing = len(list(lacking(entries)))
        say(f"{len(entries)} messages in {MERGED.relative_to(BASE)}; {missing} without a translation (--check).")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def write(entries: Entries) -> None:
    """Both files; a process that reads meanwhile sees the old or the new one."""
    MERGED.parent.mkdir(parents=True, exist_ok=True)
    for path, content in ((MERGED, as_po(entries).encode()), (MERGED.with_suffix(".mo"), as_mo(entries))):
        half = path.with_suffix(f".{os.getpid()}")
        half.write_bytes(content)
        half.rename(path)


def refresh() -> None:
    """Make the catalogue anew if somebody has edited a part since."""
    made = MERGED.with_suffix(".mo")
    edited = max((path.stat().st_mtime for path in PARTS.glob("*.po")), default=0.0)
    if not made.exists() or made.stat().st_mtime < edited:
        entries, faults = merged_parts()
        if not faults:
            write(entries)


def merged_parts() -> tuple[Entries, list[str]]:
    """All parts in one; two parts may say the same, not different things."""
    entries: Entries = {}
    origins: dict[Message, str] = {}
    faults: list[str] = []
    for path in sorted(PARTS.glob("*.po")):
        for message, translation in parse(path):
            name = f"{path.relative_to(BASE)}: {message.text!r}"
            if entries.get(message, translation) != translation:
                faults.append(f"{name} is {translation!r} here and {entries[message]!r} in {origins[message]}")
                continue
            if not translation.strip():
                faults.append(f"{name} has no translation")
            elif placeholders(message) != placeholders(Message("", translation)):
                faults.append(f"{name} and its translation do not name the same values: {translation!r}")
            entries[message], origins[message] = translation, path.name
    for message in [message for message in entries if message.plural]:
        # One text may stand in the code with and without a plural; gettext keys both by the singular.
        entries.pop(Message(message.context, message.text), None)
    return entries, faults


def placeholders(message: Message) -> set[str]:
    """The values a message names; of a plural pair the plural counts, Chinese having one form for both."""
    text = (message.plural or message.text).replace("%%", "")
    return {match[0] for match in PLACEHOLDER.finditer(text)}


def parse(path: Path) -> Iterator[tuple[Message, str]]:
    """The entries of one part."""
    fields: dict[str, str] = {}
    last = ""
    for number, line in enumerate([*path.read_text().splitlines(), ""], 1):
        text = line.strip()
        keyword = KEYWORD.match(text)
        starts_next = keyword and (keyword[1] == "msgctxt" or (keyword[1] == "msgid" and "msgid" in fields))
        if fields.get("msgid") is not None and (not text or starts_next or text.startswith("#")) and "msgstr" in fields:
            if fields["msgid"]:
                yield (
                    Message(fields.get("msgctxt", ""), fields["msgid"], fields.get("msgid_plural", "")),
                    fields["msgstr"],
                )
            fields = {}
        if keyword:
            last = keyword[1].partition("[")[0]
            fields[last] = str(ast.literal_eval(keyword[2]))
        elif text.startswith('"') and last:
            fields[last] += str(ast.literal_eval(text))
        elif text.startswith("#,") and "fuzzy" in text:
            raise Trouble(f"{path.relative_to(BASE)}:{number}: a fuzzy entry; decide and remove the mark.")
        elif text and not text.startswith("#"):
            raise Trouble(f"{path.relative_to(BASE)}:{number}: not a line of a .po file: {text}")


def lacking(entries: Entries) -> Iterator[str]:
    """Messages of the code without a translation."""
    known = {(message.context, message.text) for message in entries}
    for message, file in sorted(in_code().items(), key=lambda pair: (pair[1], pair[0])):
        if message.text and (message.context, message.text) not in known:
            yield f"{file}: {message.text!r}{f' ({message.context})' if message.context else ''} has no Chinese"


def stale(entries: Entries) -> Iterator[str]:
    """Whether both files are what the parts make."""
    for path, wanted in ((MERGED, as_po(entries).encode()), (MERGED.with_suffix(".mo"), as_mo(entries))):
        if not path.exists() or path.read_bytes() != wanted:
            yield f"{path.relative_to(BASE)} is not what the parts make: ./run catalogue"


def as_po(entries: Entries) -> str:
    """The merged catalogue as text."""
    head = 'msgid ""\nmsgstr ""\n' + "".join(f"{_quoted(line)}\n" for line in HEADER.splitlines(keepends=True))
    return "\n".join(
        [f"# Made by ./run catalogue from locale/parts; edit those.\n{head}", *map(_entry, sorted(entries.items()))]
    )


def _entry(pair: tuple[Message, str]) -> str:
    message, translation = pair
    lines = [f"msgctxt {_quoted(message.context)}"] if message.context else []
    if PLACEHOLDER.search(message.text) and "%" in message.text:
        lines.insert(0, "#, python-format")
    lines.append(f"msgid {_quoted(message.text)}")
    if message.plural:
        lines += [f"msgid_plural {_quoted(message.plural)}", f"msgstr[0] {_quoted(translation)}"]
    else:
        lines.append(f"msgstr {_quoted(translation)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def as_mo(entries: Entries) -> bytes:
    """The same as GNU's binary catalogue: a table of sorted keys, a table of texts, no hash table."""
    pairs = [(b"", HEADER.encode())]
    for message, translation in entries.items():
        key = f"{message.context}\x04{message.text}" if message.context else message.text
        pairs.append((f"{key}\x00{message.plural}".encode() if message.plural else key.encode(), translation.encode()))
    pairs.sort()
    start = 7 * 4 + 16 * len(pairs)
    keys, texts, body = b"", b"", b""
    for column in (0, 1):
        table = b""
        for pair in pairs:
            table += struct.pack("<2I", len(pair[column]), start + len(body))
            body += pair[column] + b"\x00"
        keys, texts = (table, texts) if column == 0 else (keys, table)
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + keys + texts + body
