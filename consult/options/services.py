"""Asking what a CPPCC has set, and setting it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.errors import DomainError, NotAllowed

from .defaults import DEFAULTS, GROUPS, RISING, Option, Words
from .memo import Memo
from .models import OptionValue
from .values import clean

memo = Memo()


@dataclass(frozen=True)
class Setting:
    """One line of the settings page."""

    option: Option
    host_id: int | None
    value: Any
    since: date | None = None
    set_by: str = ""
    set_at: datetime | None = None
    coming: list[OptionValue] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.option.key

    @property
    def group_label(self) -> Words:
        return GROUPS[self.option.group]

    @property
    def is_default(self) -> bool:
        return self.since is None

    @property
    def headings(self) -> list[str]:
        return headings_of(self.option, self.value)


def get(host_id: int | None, key: str, on: date | None = None) -> Any:
    """The value in force for this CPPCC on that day (today by default); the default where it has set none."""
    return _in_force(host_id, on)[_known(key).key]


def get_many(host_id: int | None, *keys: str, on: date | None = None) -> dict[str, Any]:
    """Several values by one query."""
    values = _in_force(host_id, on)
    return {key: values[_known(key).key] for key in keys}


def promised(host_id: int | None, key: str, day: date) -> Any:
    """The value by which something was promised on a day: what was in force as the day began.

    A limit that is changed in the course of a day binds what is promised from the next day on, so that no date
    given in the morning moves in the afternoon.
    """
    value = _known(key).default
    begins = timezone.make_aware(datetime.combine(day, time.min))
    for name, later, since, set_at in _rows(host_id):
        if name == key and (since < day or (since == day and set_at < begins)):
            value = later
    return value


def _rows(host_id: int | None) -> list[tuple[str, Any, date, datetime]]:
    """Everything a CPPCC has ever set, in the order in which it holds; one query answers for every day."""
    if host_id is None:
        return []
    rows = OptionValue.objects.of_host(host_id).order_by("since", "pk")
    return memo.recall(("rows", host_id), lambda: list(rows.values_list("key", "value", "since", "set_at")))


def words(host_id: int | None, key: str) -> list[tuple[str, str]]:
    """A list or pairs option as (stored value, word) choices for a form."""
    return [tuple(entry) if isinstance(entry, list) else (entry, entry) for entry in get(host_id, key)]


def sections(host_id: int | None, key: str, on: date | None = None) -> list[tuple[str, str]]:
    """Key and heading of each section that this CPPCC shows, in its order."""
    return shown_sections(_known(key), get(host_id, key, on))


def shown_sections(option: Option, rows: Any) -> list[tuple[str, str]]:
    words = dict(option.choices)
    return [(name, heading or str(words[name])) for name, heading, shown in rows if shown]


def headings_of(option: Option, rows: Any) -> list[str]:
    """For a page: the headings in their order; of an option of another kind none."""
    return [heading for _name, heading in shown_sections(option, rows)] if option.kind == "sections" else []


def history(host_id: int, key: str) -> list[OptionValue]:
    """Every value that was ever set, the latest first."""
    return list(OptionValue.objects.of_host(host_id).filter(key=key).order_by("-since", "-pk"))


def label_of(host_id: int | None, key: str, stored: str) -> str:
    """The CPPCC's word for a stored key; the key itself when it has none."""
    return dict(words(host_id, key)).get(stored, stored)


def describe(host_id: int | None) -> list[Setting]:
    """Every setting with its value, who set it and what is to come, by one query."""
    today = timezone.localdate()
    rows: dict[str, list[OptionValue]] = {}
    for row in OptionValue.objects.of_host(host_id).order_by("since", "pk"):
        rows.setdefault(row.key, []).append(row)
    return [_describe_one(option, host_id, rows.get(option.key, []), today) for option in DEFAULTS.values()]


def _describe_one(option: Option, host_id: int | None, rows: list[OptionValue], today: date) -> Setting:
    begun = [row for row in rows if row.since <= today]
    coming = [row for row in rows if row.since > today]
    if not begun:
        return Setting(option, host_id, option.default, coming=coming)
    row = begun[-1]
    return Setting(option, host_id, row.value, row.since, row.set_by_name, row.set_at, coming)


@transaction.atomic
def set_option(host_id: int, key: str, value: Any, *, actor: Any, since: date | None = None) -> OptionValue:
    """Set a value from a day on (today by default); what was promised before keeps its date."""
    option = _known(key)
    since = since or timezone.localdate()
    if not actor.has_perm("options.set_option", Setting(option, host_id, None)):
        raise NotAllowed(_("Settings are kept by the registrar and the office of the CPPCC."))
    if since < timezone.localdate():
        raise ValidationError({"since": _("A setting begins today or later; earlier days keep what was in force.")})
    cleaned = clean(option, value)
    _refuse_falling_ladder(host_id, key, cleaned, since)
    row = OptionValue(host_id=host_id, key=key, value=cleaned, since=since, set_by=actor, set_by_name=str(actor)[:60])
    row.full_clean(exclude=["set_at"])
    row.save()
    memo.forget()
    return row


def _refuse_falling_ladder(host_id: int, key: str, value: Any, on: date) -> None:
    values = {**_read(host_id, on), key: value}
    for small, large in RISING:
        if key in (small, large) and values[small] >= values[large]:
            raise ValidationError(
                _("“%(small)s” must be fewer days than “%(large)s”.")
                % {"small": DEFAULTS[small].label, "large": DEFAULTS[large].label}
            )


def _known(key: str) -> Option:
    try:
        return DEFAULTS[key]
    except KeyError:
        raise DomainError(_("There is no setting “%(key)s”.") % {"key": key}, code="unknown_option") from None


def _in_force(host_id: int | None, on: date | None) -> dict[str, Any]:
    on = on or timezone.localdate()
    return memo.recall((host_id, on), lambda: _read(host_id, on))


def _read(host_id: int | None, on: date) -> dict[str, Any]:
    values = {option.key: option.default for option in DEFAULTS.values()}
    values.update((key, value) for key, value, since, _set_at in _rows(host_id) if since <= on)
    return values
