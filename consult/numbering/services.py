"""Taking and annulling numbers."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Window
from django.db.models.functions import Lag, Now
from django.utils.translation import gettext as _

from consult.audit import record
from consult.errors import Missing, WrongState
from consult.numbering.models import Counter, Kind, Number

_PLACE = re.compile(r"\{(\w*)\}")
_REQUIRED = {"year", "n"}
_KNOWN = _REQUIRED | {"short"}


def take_number(*, organisation_id: int, kind: str, year: int, pattern: str, short_name: str) -> Number:
    """The next number of this organisation, kind and year; the move that fails gives it back with its transaction.

    Whoever else wants one waits until this move is committed or undone, so there are neither gaps nor doubles.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("take_number() belongs in the transaction of the move that needs the number")
    key = {"organisation_id": organisation_id, "kind": Kind(kind).value, "year": year}
    validate_pattern(pattern)
    Counter.objects.bulk_create([Counter(**key)], ignore_conflicts=True)
    counter = Counter.objects.select_for_update(no_key=True).get(**key)
    counter.last += 1
    counter.save(update_fields=["last"])
    return Number.objects.create(**key, n=counter.last, text=write_number(pattern, short_name, year, counter.last))


@transaction.atomic
def annul_number(number_id: int, *, actor: Any, reason: str) -> Number:
    """Strike a number out; it stays in the register and is not given again."""
    if not reason.strip():
        raise Missing(reason=_("Say why the number is annulled."))
    number = Number.objects.select_for_update(of=("self",), no_key=True).get(pk=number_id)
    if number.annulled_at is not None:
        raise WrongState(_("%(number)s has been annulled already.") % {"number": number.text})
    Number.objects.filter(pk=number.pk).update(annulled_at=Now(), reason=reason.strip())
    number.refresh_from_db()
    record(actor=actor, verb="number.annul", subject=number, reason=reason, data={"text": number.text})
    return number


def write_number(pattern: str, short_name: str, year: int, n: int) -> str:
    """{short}协商纪〔{year}〕{n}号 -> 县协商纪〔2026〕3号; only these three places are filled, nothing is evaluated."""
    words = {"short": short_name, "year": str(year), "n": str(n)}
    return _PLACE.sub(lambda place: words.get(place[1], place[0]), pattern)


def validate_pattern(pattern: str) -> None:
    """A pattern names the year and the number, or two numbers would read the same."""
    places = set(_PLACE.findall(pattern))
    if missing := sorted(_REQUIRED - places):
        raise ValidationError(
            _("The pattern of the number lacks %(places)s."),
            params={"places": ", ".join(f"{{{name}}}" for name in missing)},
        )
    if unknown := sorted(places - _KNOWN):
        raise ValidationError(
            _("The pattern of the number knows {short}, {year} and {n}, not %(places)s."),
            params={"places": ", ".join(f"{{{name}}}" for name in unknown)},
        )


def gaps() -> list[str]:
    """Where the registers are broken: a number left out, or a counter that disagrees with its last number."""
    key = [F("organisation_id"), F("kind"), F("year")]
    before = Window(Lag("n", default=0), partition_by=key, order_by="n")
    found = [
        f"{row['organisation_id']}/{row['kind']}/{row['year']}: nothing between {row['before']} and {row['n']}"
        for row in Number.objects.annotate(before=before).exclude(n=F("before") + 1).values()
    ]
    reached = {
        (number.organisation_id, number.kind, number.year): number.n
        for number in Number.objects.order_by("organisation_id", "kind", "year", "-n").distinct(
            "organisation_id", "kind", "year"
        )
    }
    counted = {(c.organisation_id, c.kind, c.year): c.last for c in Counter.objects.filter(last__gt=0)}
    return found + [
        f"{'/'.join(map(str, key))}: the counter says {counted.get(key, 0)}, the register {reached.get(key, 0)}"
        for key in sorted(reached.keys() | counted.keys())
        if reached.get(key, 0) != counted.get(key, 0)
    ]
