"""Document numbers without gaps: one counter per organisation, kind and year."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from consult.numbering.models import Number
    from consult.numbering.services import annul_number, gaps, take_number

__all__ = ["Number", "annul_number", "gaps", "take_number"]

# Resolved on first use: models cannot be imported while Django still collects its apps.
_LATER = {"Number": "models", "annul_number": "services", "gaps": "services", "take_number": "services"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(name)
