"""YAML 1.2 as far as a case file may use it: maps, lists and plain values, each with its line.

The scanner is the library's; what a plain word means is decided here by the core schema, so that ``on``, ``no`` and
``yes`` are words. Tags, anchors, aliases, directives, second documents and double keys are refused by name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from .problems import Problems

SIZE_AT_MOST = 1024 * 1024
DEPTH_AT_MOST = 20

_NULL = re.compile(r"(?:~|null|Null|NULL)?")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
# What the library has been seen to raise over malformed input besides its own errors.
_SCANNER_FAULTS = (ValueError, IndexError, KeyError, TypeError, AttributeError, AssertionError, RecursionError)


@dataclass(slots=True)
class Node:
    """A value with its line. ``kind``: map, list, text, int, float, bool or null."""

    kind: str
    line: int
    raw: str = ""
    quoted: bool = False
    entries: dict[str, "Node"] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)
    items: list["Node"] = field(default_factory=list)

    def below(self) -> Iterator[tuple[str, "Node"]]:
        """The values directly below, each with its step of the path."""
        if self.kind == "map":
            yield from self.entries.items()
        elif self.kind == "list":
            yield from ((str(place), item) for place, item in enumerate(self.items))


def read_document(data: bytes, problems: Problems) -> Node | None:
    """The root of the document, or None with at least one problem noted."""
    text = _decoded(data, problems)
    if text is None:
        return None
    before = len(problems.found)
    root = _Builder(problems).build(text)
    if len(problems.found) > before:
        return None
    if root is None:
        problems.add("", _("The file is empty."), _("Begin with “key: …”."))
        return None
    _number_lines(root, "", problems)
    if root.kind != "map":
        problems.add("", _("A case file is a list of keys and values."), _("Begin with “key: …”."), line=root.line)
        return None
    return root


def _decoded(data: bytes, problems: Problems) -> str | None:
    if len(data) > SIZE_AT_MOST:
        problems.add("", _("The file is larger than 1 MB."), _("One file holds one matter; leave pictures out."))
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.add("", _("The file is not UTF-8."), _("Save it anew with the encoding UTF-8."))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add("", _("The file is not UTF-8."), _("Save it anew with the encoding UTF-8."), line=line)
        return None
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        message = _("Here stands an invisible control character (%(code)s).") % {"code": f"U+{ord(found[0]):04X}"}
        problems.add("", message, _("Type the line anew."), line=line)
        return None
    if not text.strip():
        problems.add("", _("The file is empty."), _("Begin with “key: …”."))
        return None
    return text


def _number_lines(node: Node, path: str, problems: Problems) -> None:
    problems.lines[path] = node.line
    for step, child in node.below():
        below = f"{path}.{step}" if path else step
        _number_lines(child, below, problems)
        if node.kind == "map":
            problems.lines[below] = node.key_lines[step]


class _Refused(Exception):
    """The rest of the document cannot be read."""


class _Builder:
    """Nodes from the library's events, with a stack instead of recursion."""

    def __init__(self, problems: Problems):
        self.problems = problems
        self.root: Node | None = None
        self.stack: list[tuple[Node, str | None]] = []
        self.documents = 0

    def build(self, text: str) -> Node | None:
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                self._take(event)
        except _Refused:
            return None
        except MarkedYAMLError as error:
            self.problems.add("", *_explained(str(error.problem or "")), line=_line_of(error))
        except (YAMLError, *_SCANNER_FAULTS):
            self.problems.add("", *_explained(""))
        return self.root

    def _take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self._begin(event, line)
        elif isinstance(event, AliasEvent):
            self._refuse(line, _("Anchors and aliases (& and *) are not used here."), _("Write the value out again."))
        elif isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
            self._refuse_marks(event, line)
            self._put(self._node(event, line), line)
        elif isinstance(event, SequenceEndEvent | MappingEndEvent):
            self.stack.pop()

    def _begin(self, event: DocumentStartEvent, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self._refuse(line, _("A second document begins here."), _("One file holds one matter; make two files."))
        if event.version or event.tags:
            self._refuse(line, _("Directives are not used here."), _("Take the line out."))

    def _refuse_marks(self, event: Any, line: int) -> None:
        if event.anchor:
            self._refuse(
                line, _("Anchors and aliases (& and *) are not used here."), _("Put words that begin with & in quotes.")
            )
        if event.tag is not None:
            self._refuse(line, _("Tags (!) are not used here."), _("Put words that begin with ! in quotes."))

    def _refuse(self, line: int, message: str, remedy: str) -> None:
        self.problems.add("", message, remedy, line=line)
        raise _Refused

    def _node(self, event: Any, line: int) -> Node:
        if isinstance(event, MappingStartEvent):
            return Node("map", line)
        if isinstance(event, SequenceStartEvent):
            return Node("list", line)
        quoted = event.style is not None
        return Node("text" if quoted else _kind_of(event.value), line, raw=event.value, quoted=quoted)

    def _put(self, node: Node, line: int) -> None:
        if not self.stack:
            self.root = node
        else:
            parent, key = self.stack[-1]
            if parent.kind == "list":
                parent.items.append(node)
            elif key is None:
                self._name(parent, node, line)
                return
            else:
                parent.entries[key] = node
                self.stack[-1] = (parent, None)
        if node.kind in {"map", "list"}:
            if len(self.stack) >= DEPTH_AT_MOST:
                self._refuse(line, _("This is nested too deeply."), _("Look for brackets that are not closed."))
            self.stack.append((node, None))

    def _name(self, parent: Node, node: Node, line: int) -> None:
        if node.kind in {"map", "list"}:
            self._refuse(line, _("A key is one word."), _("Put text with brackets in quotes."))
        key = node.raw
        if key in parent.entries:
            self.problems.add(
                "", _("“%(key)s” stands here twice.") % {"key": key[:60]}, _("Keep one of the two."), line=line
            )
        parent.key_lines[key] = line
        self.stack[-1] = (parent, key)


def _kind_of(word: str) -> str:
    """What a plain word is by the core schema of YAML 1.2."""
    for kind, pattern in (("null", _NULL), ("bool", _BOOL), ("int", _INT), ("float", _FLOAT)):
        if pattern.fullmatch(word):
            return kind
    return "text"


def _line_of(error: MarkedYAMLError) -> int:
    """Where it begins: what is never closed is noticed only much later."""
    begun = any(word in str(error.context or "") for word in ("quoted scalar", "flow", "simple key"))
    marks = [error.context_mark, error.problem_mark] if begun else [error.problem_mark, error.context_mark]
    return next((mark.line + 1 for mark in marks if mark is not None), 1)


def _explained(problem: str) -> tuple[str, str]:
    """The scanner's complaint in words that help, and what to do."""
    if "mapping values are not allowed" in problem:
        return _("A colon stands where none can stand."), _(
            "Put text that contains “: ” in quotes; check the indentation."
        )
    if "cannot start any token" in problem:
        return _("A tab or a reserved sign begins this value."), _("Indent with blanks; put text with signs in quotes.")
    if "could not find expected ':'" in problem:
        return _("A key without its colon."), _("Write “key: value” with an ASCII colon and a blank after it.")
    if "expected <block end>" in problem or "expected block end" in problem or "did not find expected" in problem:
        return _("The indentation does not fit."), _("Begin the keys of one block in the same column.")
    if "flow" in problem or "',' or" in problem:
        return _("A bracket is not closed, or a comma is missing."), _("Check the brackets { } and [ ] of this line.")
    if "unexpected end of stream" in problem or "quoted scalar" in problem:
        return _("A quotation mark is not closed."), _("Close it, or take it out.")
    if "duplicate" in problem:
        return _("A name stands here twice."), _("Keep one of the two.")
    return _("From this line on the file cannot be read as YAML."), _(
        "Compare the line with those of a file that works."
    )
