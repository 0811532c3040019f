"""What a visitor asks of the list: words, kind, year, township and page, all in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from consult.text import Refused, clean_line
from consult.web.keyset import AFTER, BEFORE
from outcomes.states import NoticeKind

WORDS_AT_MOST = 60
FIRST_YEAR, LAST_YEAR = 1949, 2099
NAMES = ("q", "kind", "year", "township", AFTER, BEFORE)


class BadQuestion(ValueError):
    """Says in one sentence what is wrong with the address."""


@dataclass(frozen=True, slots=True)
class Question:
    """Parameters nobody knows are left alone: chat programs add their own to shared links."""

    q: str = ""
    kind: str = ""
    year: str = ""
    township: str = ""
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Question:
        given = {name: query[name] for name in NAMES if query.get(name)}
        if not given:
            return cls()
        return cls(
            q=_words(given.get("q", "")),
            kind=_kind(given.get("kind", "")),
            year=_year(given.get("year", "")),
            township=_township(given.get("township", "")),
            after=given.get(AFTER, ""),
            before=given.get(BEFORE, ""),
        )

    @property
    def filters(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in NAMES[:4] if getattr(self, name)}

    @property
    def is_first_page(self) -> bool:
        return not self.after and not self.before

    @property
    def can_be_kept(self) -> bool:
        """Pages of words or far down the list are asked once; they would only push out the others."""
        return not self.q and self.is_first_page

    def address(self, **changes: str) -> str:
        """The list with some of it changed, from its first page unless a page is named."""
        return to_address({**self.filters, **changes})


def to_address(params: dict[str, str]) -> str:
    kept = {name: value for name, value in params.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


def broken_page() -> str:
    return _("This link to a page was cut short. Begin again from the first page.")


def _words(text: str) -> str:
    try:
        return clean_line(text, limit=WORDS_AT_MOST)
    except Refused as error:
        raise BadQuestion(_(error.msgid) % error.params) from None


def _kind(value: str) -> str:
    if value and value not in NoticeKind.values:
        raise BadQuestion(_("There is no such kind of notice. Choose one of those shown."))
    return value


def _year(value: str) -> str:
    if not value:
        return ""
    if not (value.isascii() and value.isdigit() and len(value) == 4 and FIRST_YEAR <= int(value) <= LAST_YEAR):
        raise BadQuestion(_("Write the year in four figures, for example 2026."))
    return value


def _township(value: str) -> str:
    if value and not (value.isascii() and value.isdigit() and len(value) == 9):
        raise BadQuestion(_("There is no such township. Choose one of those shown."))
    return value
