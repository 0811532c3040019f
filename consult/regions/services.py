"""Names of places: always as a path, for bare names repeat."""

from collections.abc import Iterable

from consult.regions.codes import prefix_of
from consult.regions.models import Region
from consult.regions.querysets import PATH_SEPARATOR, DivisionQuerySet


def path_of(code: str, *, below: str = "") -> str:
    """云南省 / 临沧市 / 凤庆县; with ``below`` only what follows that division. An unknown code is shown as it is."""
    return names_of([code], below=below).get(code, code)


def names_of(codes: Iterable[str], *, below: str = "") -> dict[str, str]:
    """The path of each code, in one query whatever their number.

    ``below`` names a division whose own path is taken for granted (the host's):
    within 南谯区 one reads 施集镇 / 井楠村.
    """
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    paths = dict(Region.objects.filter(code__in=wanted | ({below} if below else set())).values_list("code", "path"))
    start = f"{paths[below]}{PATH_SEPARATOR}" if below in paths else ""
    return {code: paths[code].removeprefix(start) if start else paths[code] for code in wanted & paths.keys()}


def ancestors_of(code: str) -> list[str]:
    """The codes from the province down to the code itself, for looking things up upwards."""
    prefix = prefix_of(code)
    return [prefix[:end].ljust(12, "0") for end in (2, 4, 6, 9, 12) if end <= len(prefix)]


def search(text: str, *, within: str = "", limit: int = 20) -> DivisionQuerySet:
    """Divisions in force whose path has every word of the text, the highest level first."""
    found = Region.objects.in_force().search(text)
    return (found.within(within) if within else found)[:limit]
