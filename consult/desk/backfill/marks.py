"""``illustrative``: dotted paths of values that are samples, spelled out to the single values they cover."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .document import Node
from .kinds import LIST_AT_MOST
from .problems import Problems


def expand_marks(root: Node, problems: Problems) -> tuple[str, ...]:
    """The leaves that are samples, in the order of the file.

    A step over a list without an index means every element, a path covers all below it, and a figure with
    ``about`` is one value. A path that leads nowhere is refused.
    """
    listed = root.entries.get("illustrative")
    if listed is None or listed.kind != "list" or len(listed.items) > LIST_AT_MOST:
        return ()
    marked: set[str] = set()
    for place, item in enumerate(listed.items):
        found = _found(root, item.raw) if item.kind not in {"map", "list", "null"} else []
        if not found:
            message = _("“%(path)s” leads to no value of this file.") % {"path": item.raw[:100]}
            remedy = _("Write the path as it stands in the file, list items counted from 0: sessions.0.agenda.")
            problems.add(f"illustrative.{place}", message, remedy)
        marked.update(found)
    return tuple(path for path, _node in leaves(root, "") if path in marked)


def _found(root: Node, written: str) -> list[str]:
    steps = written.split(".")
    if not written or "" in steps or steps[0] == "illustrative":
        return []
    reached = [("", root)]
    for step in steps:
        reached = [below for path, node in reached for below in _step(path, node, step)]
    return [leaf for path, node in reached for leaf, _node in leaves(node, path)]


def _step(path: str, node: Node, step: str) -> Iterator[tuple[str, Node]]:
    if _is_figure(node):
        # n and about belong together: whoever marks one marks the figure.
        if step in {"n", "about"}:
            yield path, node
    elif node.kind == "map":
        if step in node.entries:
            yield _joined(path, step), node.entries[step]
    elif node.kind == "list" and step.isascii() and step.isdigit():
        if len(step) < 7 and str(int(step)) == step and int(step) < len(node.items):
            yield _joined(path, step), node.items[int(step)]
    elif node.kind == "list":
        for place, item in enumerate(node.items):
            yield from _step(_joined(path, str(place)), item, step)


def leaves(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Every single value at or below a node; an empty list or block is one, too."""
    below = [] if _is_figure(node) else list(node.below())
    if not below:
        yield path, node
    for step, child in below:
        if path or step != "illustrative":
            yield from leaves(child, _joined(path, step))


def _is_figure(node: Node) -> bool:
    return node.kind == "map" and "n" in node.entries and node.entries.keys() <= {"n", "about"}


def _joined(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step
