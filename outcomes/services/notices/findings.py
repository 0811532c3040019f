"""What may not leave the house: personal numbers and names of residents, found before a notice is released."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult.errors import Missing
from consult.files.models import Attachment
from consult.privacy import detect, kind_label, mask_name
from outcomes.chain import load_matter, names_to_hide
from outcomes.chain.people import hide_in
from outcomes.models import PublicNotice

NAME = "name"
#: What a drafter writes himself and can mask himself.
WORDS = ("title", "text", "summary", "places")
FILES, CHAIN = "files", "chain"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that must be masked (or, for an address, looked at). ``excerpt`` is masked already."""

    field: str
    kind: str
    excerpt: str
    blocks: bool = True

    @property
    def label(self) -> str:
        return _("name of a resident") if self.kind == NAME else kind_label(self.kind)

    @property
    def where(self) -> str:
        return {
            "title": pgettext("notice", "Title"),
            "text": _("Text"),
            "summary": _("In one sentence"),
            "places": _("Where it hangs"),
            FILES: _("Names of the files"),
            CHAIN: _("The chain of the matter"),
        }[self.field]

    @property
    def can_mask(self) -> bool:
        return self.field in WORDS and self.blocks

    @property
    def sentence(self) -> str:
        words = {"excerpt": self.excerpt, "kind": self.label}
        return _("“%(excerpt)s” reads like a %(kind)s. Mask it before the notice goes on.") % words


def find_private(notice: PublicNotice, snapshot: dict[str, Any] | None = None) -> list[Found]:
    """Everything found in the notice's own words, in the names of its files and in the chain as it would be posted."""
    names = hidden_names(notice)
    found = [one for field in WORDS for one in _in_words(field, getattr(notice, field), names)]
    files = list(Attachment.objects.about(notice).values_list("name", flat=True)) if notice.pk else []
    found += _in_words(FILES, files, names)
    if snapshot is not None:
        found += [one for one in _in_words(CHAIN, _released(snapshot), names) if one.blocks]
    return found


def hidden_names(notice: PublicNotice) -> list[str]:
    """Residents whom the matter knows by name."""
    return names_to_hide(load_matter(notice.topic_id)) if notice.topic_id else []


def _released(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The chain and what else is posted beside the notice's own words; the office's own telephone is no secret."""
    notice = {key: value for key, value in snapshot["notice"].items() if key not in (*WORDS, "phone")}
    return {"notice": notice, "chain": snapshot.get("chain") or {}}


def _in_words(field: str, value: Any, names: Iterable[str]) -> list[Found]:
    found = [Found(field, one.kind, one.excerpt, one.blocks) for one in detect(value)]
    whole = _as_text(value)
    return found + [Found(field, NAME, mask_name(name)) for name in names if name in whole]


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(_as_text(one) for one in value.values())
    return "\n".join(map(_as_text, value)) if isinstance(value, list | tuple) else str(value)


def refuse_private(notice: PublicNotice, snapshot: dict[str, Any]) -> list[Found]:
    """The gate of review and posting: names each thing, masked, at its field. Returns what was only to be looked at."""
    found = find_private(notice, snapshot)
    blocking = [one for one in found if one.blocks]
    if blocking:
        by_field: dict[str, list[str]] = {}
        for one in blocking:
            by_field.setdefault(one.field, []).append(one.sentence)
        raise Missing({field: list(dict.fromkeys(sentences)) for field, sentences in by_field.items()})
    return found


def refuse_private_words(field: str, text: str, names: Iterable[str] = ()) -> None:
    """A reason or an answer that everybody will read."""
    found = [one for one in _in_words(field, text, names) if one.blocks]
    if found:
        words = _("“%(excerpt)s” reads like a %(kind)s. Everybody will read this: leave it out or mask it.")
        raise Missing({field: [words % {"excerpt": one.excerpt, "kind": one.label} for one in found]})


def masked_words(notice: PublicNotice) -> dict[str, Any]:
    """The notice's own words with everything that blocks behind stars; only what changed."""
    names = hidden_names(notice)
    changed: dict[str, Any] = {}
    for field in WORDS:
        value = getattr(notice, field)
        new = [hide_in(one, names) for one in value] if isinstance(value, list) else hide_in(value, names)
        if new != value:
            changed[field] = new
    return changed


def plain_phone(phone: str) -> bool:
    """A landline or service number; a mobile is never written into a text by itself."""
    return bool(phone) and not re.search(r"1[3-9]\d{9}", re.sub(r"\D", "", phone))
