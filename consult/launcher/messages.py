"""The messages of the code: what Python and the templates ask to have translated."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .places import BASE

APPS = ("consult", "members", "topics", "sessions", "outcomes")


class Message(NamedTuple):
    """What identifies a translation."""

    context: str
    text: str
    plural: str = ""


# Which argument of which function is what.
FUNCTIONS = {
    "_": ("text",),
    "gettext": ("text",),
    "gettext_lazy": ("text",),
    "gettext_noop": ("text",),
    "pgettext": ("context", "text"),
    "pgettext_lazy": ("context", "text"),
    "ngettext": ("text", "plural"),
    "ngettext_lazy": ("text", "plural"),
    "npgettext": ("context", "text", "plural"),
    "npgettext_lazy": ("context", "text", "plural"),
}

TOKEN = re.compile(r"({%.*?%}|{{.*?}}|{#.*?#})")  # as Django: a tag ends on its line
STRING = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
TRANSLATE = re.compile(rf"^trans(?:late)?\s+{STRING}(?:\s+.*?\bcontext\s+{STRING})?", re.DOTALL)
BLOCK = re.compile(r"^blocktrans(?:late)?\b")
BLOCK_CONTEXT = re.compile(rf"\bcontext\s+{STRING}")
INLINE = re.compile(rf"\b_\({STRING}\)")
VARIABLE = re.compile(r"^{{\s*(.*?)\s*}}$", re.DOTALL)


def in_code() -> dict[Message, str]:
    """Every message with the first file that has it."""
    found: dict[Message, str] = {}
    for path in _files():
        text = path.read_text()
        messages = in_python(text) if path.suffix == ".py" else in_template(text)
        for message in messages:
            found.setdefault(message, str(path.relative_to(BASE)))
    return found


def _files() -> Iterator[Path]:
    for app in APPS:
        for pattern in ("*.py", "*.html", "*.txt"):
            yield from sorted(path for path in (BASE / app).rglob(pattern) if "launcher" not in path.parts)
    for pattern in ("*.html", "*.txt", "*.svg"):
        yield from sorted((BASE / "templates").rglob(pattern))


def in_python(source: str) -> Iterator[Message]:
    """Calls of gettext and its relatives with literal arguments."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        places = FUNCTIONS.get(name, ())
        words = [word.value for word in node.args[: len(places)] if isinstance(word, ast.Constant)]
        if places and len(words) == len(places) and all(isinstance(word, str) for word in words):
            yield Message(**{"context": "", **dict(zip(places, map(str, words), strict=True))})


def in_template(source: str) -> Iterator[Message]:
    """{% translate %}, {% blocktranslate %} and _("…") inside other tags."""
    tokens = iter(TOKEN.split(_without_comments(source)))
    for token in tokens:
        if token.startswith("{%"):
            tag = token[2:-2].strip()
            simple = TRANSLATE.match(tag)
            if simple:
                yield Message(_unquoted(simple[2]), _unquoted(simple[1]).replace("%", "%%"))
            elif BLOCK.match(tag):
                yield _block(tag, tokens)
            else:
                yield from (Message("", _unquoted(text).replace("%", "%%")) for text in INLINE.findall(tag))
        elif token.startswith("{{"):
            yield from (Message("", _unquoted(text).replace("%", "%%")) for text in INLINE.findall(token))


def _without_comments(source: str) -> str:
    return re.sub(r"{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", "", source, flags=re.DOTALL)


def _unquoted(literal: str | None) -> str:
    return "" if not literal else literal[1:-1].replace('\\"', '"').replace("\\'", "'")


def _block(tag: str, tokens: Iterator[str]) -> Message:
    parts, current = [], ""
    for token in tokens:
        variable = VARIABLE.match(token)
        if variable:
            current += f"%({variable[1]})s"
        elif token.startswith("{%"):
            word = token[2:-2].strip()
            parts.append(current)
            current = ""
            if word.startswith("end"):
                break
        elif not token.startswith("{#"):
            current += token.replace("%", "%%")
    if re.search(r"\btrimmed\b", tag):
        parts = [re.sub(r"\s*\n\s*", " ", part.strip()) for part in parts]
    context = BLOCK_CONTEXT.search(tag)
    return Message(_unquoted(context[1]) if context else "", *parts[:2])
