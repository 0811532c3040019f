"""Is this a value for that setting? Pure; the sentence says what to write instead."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .defaults import Option

MOST_WORDS, LONGEST_WORD, LONGEST_TEXT = 200, 40, 500
PLACEHOLDERS = {"short", "year", "n"}
_KEY = re.compile(r"^[a-z][a-z0-9_]{0,30}$")


def clean(option: Option, value: Any) -> Any:
    """The value as it will be stored, or a ValidationError with the remedy."""
    return _CLEANERS[option.kind](option, value)


def _clean_int(option: Option, value: Any) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,6}", text, re.ASCII):
        raise ValidationError(_("Write a whole number, for example %(default)s.") % {"default": option.default})
    number = int(text)
    if (option.minimum is not None and number < option.minimum) or (
        option.maximum is not None and number > option.maximum
    ):
        raise ValidationError(
            _("Write a number from %(low)s to %(high)s.") % {"low": option.minimum, "high": option.maximum}
        )
    return number


def _clean_bool(option: Option, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(_("Choose yes or no."))
    return value


def _clean_text(option: Option, value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError(_("Write this as text."))
    text = " ".join(value.split())
    most = option.maximum or LONGEST_TEXT
    if len(text) > most:
        raise ValidationError(
            _("This is %(have)s characters; at most %(most)s fit.") % {"have": len(text), "most": most}
        )
    if not text.isprintable():
        raise ValidationError(_("This holds characters that cannot be stored. Type it again."))
    return text


def _clean_choice(option: Option, value: Any) -> str:
    if value not in dict(option.choices):
        raise ValidationError(_("Choose one of: %(words)s.") % {"words": "、".join(dict(option.choices))})
    return str(value)


def _clean_list(option: Option, value: Any) -> list[str]:
    if isinstance(value, str):
        value = value.splitlines()
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise ValidationError(_("Write one word or name per line."))
    words = [word for word in (_clean_text(option, each) for each in value) if word]
    if not words:
        raise ValidationError(_("Leave at least one line; the list would be empty."))
    if len(words) > MOST_WORDS:
        raise ValidationError(_("At most %(most)s lines fit.") % {"most": MOST_WORDS})
    for word in words:
        _refuse_unfit_word(word, words)
    return words


def _refuse_unfit_word(word: str, words: list[str]) -> None:
    if len(word) > LONGEST_WORD:
        raise ValidationError(
            _("“%(word)s…” is longer than %(most)s characters.") % {"word": word[:10], "most": LONGEST_WORD}
        )
    if words.count(word) > 1:
        raise ValidationError(_("“%(word)s” stands there twice. Leave one of them.") % {"word": word})


def _clean_pairs(option: Option, value: Any) -> list[list[str]]:
    """Lines ``key word``; where the procedure knows the keys only the words may change."""
    if isinstance(value, str):
        value = [line.split(None, 1) for line in value.splitlines() if line.strip()]
    if not isinstance(value, list | tuple) or not value or not all(_is_pair(pair) for pair in value):
        raise ValidationError(_("Write one line per entry: the key, a space, the word."))
    pairs = [[key.strip(), _clean_text(option, word)] for key, word in value]
    keys = [key for key, _word in pairs]
    for key, word in pairs:
        if not _KEY.match(key) or not word:
            raise ValidationError(_("Write one line per entry: the key, a space, the word."))
        _refuse_unfit_word(word, [each for _key, each in pairs])
    if len(set(keys)) < len(keys):
        raise ValidationError(_("Each key may stand once only."))
    if option.fixed_keys and set(keys) != {key for key, _word in option.default}:
        raise ValidationError(
            _("The keys belong to the procedure: %(keys)s. Change the words only.")
            % {"keys": " ".join(key for key, _word in option.default)}
        )
    return pairs


def _clean_sections(option: Option, value: Any) -> list[list[Any]]:
    """Every section once, in an order of one's own; those that are fixed stay, and keep their heading if it is."""
    if not isinstance(value, list | tuple) or not all(_is_section(row) for row in value):
        raise ValidationError(_("Write one row per chapter: its key, its heading, whether it stands there."))
    keys = [key for key, _heading, _shown in value]
    if sorted(keys) != sorted(key for key, _word in option.choices):
        raise ValidationError(_("Every chapter stands there once; leave one out by not showing it."))
    rows = [[key, _clean_text(option, heading), bool(shown)] for key, heading, shown in value]
    words = dict(option.choices)
    for key, heading, shown in rows:
        if key in option.always and not shown:
            raise ValidationError(_("“%(word)s” always stands there.") % {"word": words[key]})
        if key in option.named and heading:
            raise ValidationError(_("“%(word)s” keeps its heading.") % {"word": words[key]})
    headings = [heading or str(words[key]) for key, heading, shown in rows if shown]
    for _name, heading, shown in rows:
        if shown and heading:
            _refuse_unfit_word(heading, headings)
    return rows


def _is_section(row: Any) -> bool:
    return (
        isinstance(row, list | tuple)
        and len(row) == 3
        and isinstance(row[0], str)
        and isinstance(row[1], str)
        and isinstance(row[2], bool)
    )


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair)


def _clean_pattern(option: Option, value: Any) -> str:
    text = _clean_text(option, value)
    try:
        fields = [
            (name, spec, conversion) for _text, name, spec, conversion in Formatter().parse(text) if name is not None
        ]
    except ValueError:
        fields = [("", "", None)]
    names = [name for name, _spec, _conversion in fields]
    if any(name not in PLACEHOLDERS or spec or conversion for name, spec, conversion in fields):
        raise ValidationError(_("Only {short}, {year} and {n} may stand in braces."))
    if names.count("n") != 1 or names.count("year") != 1:
        raise ValidationError(_("The pattern needs {year} and {n} once each, or two documents would share a number."))
    return text


_CLEANERS = {
    "int": _clean_int,
    "bool": _clean_bool,
    "text": _clean_text,
    "choice": _clean_choice,
    "list": _clean_list,
    "pairs": _clean_pairs,
    "pattern": _clean_pattern,
    "sections": _clean_sections,
}
