"""How often somebody unknown may ask for a receipt: counted in rows, so that it holds while Redis is away.

Per caller all questions, for everybody together and per receipt the misses: ten thousand endings of a telephone number
are not tried out from a thousand addresses. Whoever cannot be counted is not answered.
"""

from __future__ import annotations

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from consult import tries
from consult.desk.models import LookupCount
from consult.errors import DomainError
from consult.tries import SPAN

__all__ = ["SPAN", "CannotCount", "TooOften", "note_miss", "note_question"]

PER_CALLER, PER_RECEIPT, TOGETHER = 30, 10, 2000

_lookups = tries.Counter(LookupCount, "consult.desk")


class TooOften(tries.TooOften):
    """Somebody asks too often, or too many do."""

    sentence = _("This was asked too often. Wait ten minutes, or call the office.")


class CannotCount(DomainError):
    """The counters cannot be reached: nobody unknown is answered."""

    code = "unavailable"
    status = 503
    sentence = _("The system cannot answer at present. Try again in a few minutes, or call the office.")


def note_question(caller: str, receipt: str) -> None:
    """Before looking: this caller asks once more. Raises TooOften or CannotCount."""
    try:
        asked = _lookups.note("caller", caller)
        missed = _lookups.reached(receipt=(receipt, PER_RECEIPT), misses=("all", TOGETHER))
    except DatabaseError as error:
        raise CannotCount from error
    if asked > PER_CALLER or missed:
        raise TooOften


def note_miss(receipt: str) -> None:
    """Nothing was found: one more for all, and one for this receipt, whether it exists or not."""
    try:
        _lookups.note("misses", "all")
        _lookups.note("receipt", receipt)
    except DatabaseError as error:
        raise CannotCount from error
