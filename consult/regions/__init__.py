"""The administrative divisions of China: codes, paths, and what lies inside what."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from consult.regions.codes import level_of, prefix_of
from consult.regions.querysets import RegionQuerySet, inside

if TYPE_CHECKING:
    from consult.regions.fields import RegionCodeField
    from consult.regions.models import Region
    from consult.regions.services import names_of, path_of, search

__all__ = [
    "Region",
    "RegionCodeField",
    "RegionQuerySet",
    "inside",
    "level_of",
    "names_of",
    "path_of",
    "prefix_of",
    "search",
]

# Resolved on first use: models cannot be imported while Django still collects its apps.
_LATER = {
    "Region": "models",
    "RegionCodeField": "fields",
    "names_of": "services",
    "path_of": "services",
    "search": "services",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(name)
