"""Reading by division: the prefix decides, and no division means no rows."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from consult.regions.codes import prefix_of

PATH_SEPARATOR = " / "


def inside(*prefixes: str, field: str = "region_code") -> Q:
    """Rows whose ``field`` lies in any of the divisions, given as codes or prefixes; no divisions, no rows."""
    if "" in prefixes:
        raise ValueError("An empty prefix is the whole country; say so with all().")
    nothing = Q(pk__in=())
    return reduce(or_, (Q(**{f"{field}__startswith": prefix_of(prefix)}) for prefix in prefixes), nothing)


class RegionQuerySet(QuerySet[Any]):
    """A queryset of rows that lie in a division."""

    def within(self, *codes: str, field: str = "region_code") -> Self:
        """Rows in any of these divisions (12-digit codes or prefixes)."""
        return self.filter(inside(*codes, field=field))


class DivisionQuerySet(RegionQuerySet):
    """The table of divisions itself."""

    def within(self, *codes: str, field: str = "code") -> Self:
        return super().within(*codes, field=field)

    def in_force(self, on: date | None = None) -> Self:
        """Divisions that exist on the day."""
        day = on or timezone.localdate()
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        return self.filter(begun, Q(valid_to__isnull=True) | Q(valid_to__gt=day))

    def children_of(self, code: str) -> Self:
        return self.filter(parent_code=code).order_by("code")

    def provinces(self) -> Self:
        return self.filter(level=1).order_by("code")

    def search(self, text: str) -> Self:
        """Divisions whose path contains every word, or whose code begins with the digits; the highest first."""
        found = self
        for word in text.replace("/", " ").split():
            found = (
                found.filter(code__startswith=word)
                if word.isascii() and word.isdigit()
                else found.filter(path__contains=word)
            )
        return found.order_by("level", "code") if text.split() else self.none()
