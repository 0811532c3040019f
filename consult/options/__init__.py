"""What a CPPCC may set: limits, wording, sources, categories; every value with its history.

    get(host_id, "limits.reply_months")              the value in force today
    get(host_id, "limits.reply_months", on=day)      the value in force on that day
    set_option(host_id, key, value, actor=…)         a new row; nothing is ever overwritten

The names are resolved on first use, so that the package may be named in INSTALLED_APPS.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .defaults import DEFAULTS, Option

if TYPE_CHECKING:
    from .services import Setting, describe, get, get_many, label_of, promised, sections, set_option, words

__all__ = [
    "DEFAULTS",
    "Option",
    "Setting",
    "describe",
    "get",
    "get_many",
    "label_of",
    "promised",
    "sections",
    "set_option",
    "words",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"{__name__}.services"), name)
    raise AttributeError(name)
