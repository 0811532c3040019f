"""How a CPPCC words its notices: plain text with a few names in braces, filled in one pass and never read again.

``{title}`` is replaced by what stands for it, whatever that text holds; ``[, due {due}]`` disappears when there is no
due date. Short texts, which light up on locked screens and in group chats, may name no matter and no person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import NotAllowed
from consult.options.memo import Memo

from .kinds import KINDS, Kind, known_kind, label_of
from .models import Wording

LONG_NAMES = ("title", "body", "kind", "matter", "unit", "due", "number")
SHORT_NAMES = ("kind", "unit", "due", "number")
SUBJECT_MOST, BODY_MOST, SHORT_MOST = 200, 2000, 200
DEFAULT_SUBJECT, DEFAULT_BODY = "{title}", "{body}"

_NAME = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
memo = Memo()

Facts = Mapping[str, Any]
_sources: dict[str, Callable[[int], Facts]] = {}


@dataclass(frozen=True)
class Texts:
    """The three texts of one kind, as they are in force."""

    subject: str
    body: str
    short: str
    set_by: str = ""
    set_at: Any = None
    is_default: bool = True


@dataclass(frozen=True)
class Host:
    """What the right to change wordings is asked about."""

    host_id: int


def register_facts(noun: str, source: Callable[[int], Facts]) -> None:
    """How to find {matter}, {unit}, {due} … of a thing by its key; called once by the storey that knows the things."""
    _sources[noun] = source


def facts_of(event: Any) -> Facts:
    """The facts about what an event is about, as far as somebody knows them."""
    noun = getattr(event, "name", "").partition(".")[0]
    source, pk = _sources.get(noun), getattr(event, "payload", {}).get(f"{noun}_id")
    return source(pk) if source is not None and pk is not None else {}


def facts_for(kind: str, host_id: int | None, event: Any) -> Facts:
    """Asked for only where somebody uses them: a wording of one's own, or a kind of notice that has a due date."""
    known = KINDS.get(kind)
    is_used = known is not None and (known.has_due or not texts_of(host_id, kind).is_default)
    return facts_of(event) if is_used else {}


def default_texts(kind: Kind) -> Texts:
    return Texts(DEFAULT_SUBJECT, DEFAULT_BODY, str(kind.short))


def texts_of(host_id: int | None, kind: str) -> Texts:
    """The texts in force: the CPPCC's own, and for each that it left empty the default."""
    default = default_texts(known_kind(kind))
    row = _in_force(host_id).get(kind) if host_id is not None else None
    if row is None or row.is_default:
        return default
    return Texts(
        row.subject or default.subject,
        row.body or default.body,
        row.short or default.short,
        row.set_by_name,
        row.set_at,
        is_default=False,
    )


def _in_force(host_id: int) -> dict[str, Wording]:
    return memo.recall(
        host_id,
        lambda: {
            row.kind: row
            for row in Wording.objects.filter(host_id=host_id)
            .order_by("host_id", "kind", "-pk")
            .distinct("host_id", "kind")
        },
    )


def history(host_id: int, kind: str) -> list[Wording]:
    """Every wording there was, the latest first."""
    return list(Wording.objects.filter(host_id=host_id, kind=kind).order_by("-pk"))


@transaction.atomic
def set_wording(host_id: int, kind: str, *, actor: Any, subject: str = "", body: str = "", short: str = "") -> Wording:
    """Word a kind of notice from now on; all three empty is back to the default."""
    if not actor.has_perm("options.set_option", Host(host_id)):
        raise NotAllowed(_("Notices are worded by the registrar and the office of the CPPCC."))
    words = clean_texts(subject=subject, body=body, short=short)
    row = Wording(host_id=host_id, kind=kind, set_by=actor, set_by_name=str(actor)[:60], **words)
    row.full_clean(exclude=["set_at"])
    row.save()
    record(actor=actor, verb="wording.set", subject=row, host_id=host_id, after="" if row.is_default else "own")
    memo.forget()
    return row


def clean_texts(*, subject: str, body: str, short: str) -> dict[str, str]:
    """The texts as they will be stored, or what is wrong with which of them."""
    given = {
        "subject": " ".join(subject.split()),
        "body": body.replace("\r\n", "\n").strip(),
        "short": " ".join(short.split()),
    }
    problems: dict[str, str] = {}
    for name, most in (("subject", SUBJECT_MOST), ("body", BODY_MOST), ("short", SHORT_MOST)):
        if len(given[name]) > most:
            problems[name] = _("This is %(have)s characters; at most %(most)s fit.") % {
                "have": len(given[name]),
                "most": most,
            }
        elif strange := _strange(given[name], SHORT_NAMES if name == "short" else LONG_NAMES):
            problems[name] = strange
    if problems:
        raise ValidationError(problems)
    return given


def _strange(text: str, names: tuple[str, ...]) -> str:
    unknown = [name for name in _NAME.findall(text) if name not in names]
    if not unknown and "{" not in _NAME.sub("", text) and "}" not in _NAME.sub("", text):
        return ""
    allowed = "、".join(f"{{{name}}}" for name in names)
    return _("Only these may stand in braces: %(names)s.") % {"names": allowed}


def fill(text: str, facts: Facts) -> str:
    """Names are replaced once; what stands in their place is never looked at again."""
    filled, at = [], 0
    for found in _OPTIONAL.finditer(text):
        inside = found[1]
        names = _NAME.findall(inside)
        if not names:
            continue
        filled.append(_plain(text[at : found.start()], facts))
        if all(_word(facts, name) for name in names):
            filled.append(_plain(inside, facts))
        at = found.end()
    return "".join([*filled, _plain(text[at:], facts)])


def _plain(text: str, facts: Facts) -> str:
    return _NAME.sub(lambda found: _word(facts, found[1]), text)


def _word(facts: Facts, name: str) -> str:
    value = facts.get(name)
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value) if value not in (None, "") else ""


def dress(texts: Texts, kind: str, *, title: str, body: str, facts: Facts) -> tuple[str, str]:
    """Subject and body as the CPPCC words this kind of notice."""
    known = {**facts, "title": title, "body": body, "kind": label_of(kind)}
    known["matter"] = known.get("matter") or title
    return fill(texts.subject, known), fill(texts.body, known)


def short_text(kind: str, host_id: int | None, facts: Facts) -> str:
    """One line for a locked screen or a group chat: what kind of thing it is and by when, not whose."""
    known = {name: value for name, value in facts.items() if name in SHORT_NAMES}
    return " ".join(fill(texts_of(host_id, kind).short, {**known, "kind": label_of(kind)}).split())
